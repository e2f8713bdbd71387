"""The checks of the URL map are shown an application that breaks them."""

import pytest

from tests.architecture.checks import url_map

SUCCESS = {"content": {"application/json": {"schema": {"type": "object"}}}}
DOCUMENTED = {"summary": "Answer.", "responses": {"200": SUCCESS}}


def described(*, operation=DOCUMENTED, endpoint="multitask_Tasks.get", access="signed_in", status=401):
    route = {"method": "GET", "path": "/api/tasks/<id:task_id>/", "endpoint": endpoint}
    operations = {"get": operation} if operation else {}
    return {
        "prefixes": ["/api/"],
        "routes": [{**route, "access": access, "status": status}],
        "documents": {"multitask": {"paths": {"/api/tasks/{task_id}/": operations}}},
    }


def test_a_route_as_the_house_writes_it_is_allowed():
    assert url_map.unguarded(described()) == []
    assert url_map.undocumented(described()) == []
    assert url_map.strangers(described()) == []
    assert url_map.entrances(described()) == []


@pytest.mark.parametrize(("access", "status"), [(None, None), ("signed_in", 200), ("signed_in", 404)])
def test_an_unguarded_route_is_found(access, status):
    assert url_map.unguarded(described(access=access, status=status))


@pytest.mark.parametrize("access", ["public", "optional"])
def test_an_entrance_is_named(access):
    assert url_map.entrances(described(access=access, status=None)) == ["GET /api/tasks/<id:task_id>/"]


@pytest.mark.parametrize(
    ("operation", "complaint"),
    [
        (None, "is in no document"),
        ({**DOCUMENTED, "summary": ""}, "has no summary"),
        ({**DOCUMENTED, "responses": {"404": {}}}, "documents no success"),
        ({**DOCUMENTED, "responses": {"200": {}}}, "has no schema for 200"),
        ({**DOCUMENTED, "responses": {"204": SUCCESS}}, "documents a body for 204"),
    ],
)
def test_an_undocumented_route_is_found(operation, complaint):
    assert complaint in url_map.undocumented(described(operation=operation))[0]


def test_a_stranger_in_the_space_of_a_face_is_found():
    assert url_map.strangers(described(endpoint="health.readyz"))
