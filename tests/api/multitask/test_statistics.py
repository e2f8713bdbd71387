"""The figures of tasks through MultiTask."""

import pytest

from tests.api.multitask.test_tasks import OFFER, TASK
from tests.query_count import counted_queries

ZEROS = {
    "tasks_posted": 0,
    "open_tasks": 0,
    "in_progress_tasks": 0,
    "completed_tasks": 0,
    "cancelled_tasks": 0,
    "total_spent": "0.00",
    "applications_sent": 0,
    "applications_accepted": 0,
    "tasks_assigned": 0,
    "tasks_delivered": 0,
    "average_rating": None,
    "reviews_count": 0,
    "total_earned": "0.00",
}


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def lina(join):
    return join("lina", "freelancer")


def figures(somebody):
    answer = somebody.get("/api/tasks/statistics/")
    assert answer.status_code == 200
    return answer.json


def own_figures(somebody):
    answer = somebody.get("/api/tasks/my-statistics/")
    assert answer.status_code == 200
    return {name: value for name, value in answer.json.items() if value != ZEROS[name]}


def posted(omar, budget=100):
    return omar.post("/api/tasks/create/", TASK | {"budget": budget}).json["id"]


def chosen(omar, lina, task_id):
    """The id of Lina's accepted application to the task."""
    applied = lina.post(f"/api/tasks/{task_id}/apply/", OFFER).json["id"]
    omar.post(f"/api/tasks/applications/{applied}/accept/")
    return applied


def test_a_new_house_has_no_figures_yet(client, lina):
    assert figures(client) == {
        "total_tasks": 0,
        "open_tasks": 0,
        "in_progress_tasks": 0,
        "completed_tasks": 0,
        "cancelled_tasks": 0,
        "total_applications": 0,
        "average_budget": "0.00",
    }
    assert lina.get("/api/tasks/my-statistics/").json == ZEROS
    assert client.get("/api/tasks/my-statistics/").status_code == 401


def test_everybody_sees_how_many_tasks_stand_where(client, omar, lina, join):
    states = {"open": posted(omar, 100), "running": posted(omar, 200), "done": posted(omar, "100.01")}
    states |= {"off": posted(omar, 100), "gone": posted(omar, 5000)}
    for name in ("running", "done"):
        chosen(omar, lina, states[name])
    for name in ("open", "gone"):
        lina.post(f"/api/tasks/{states[name]}/apply/", OFFER)
    omar.post(f"/api/tasks/{states['done']}/complete/")
    omar.post(f"/api/tasks/{states['off']}/cancel/")
    omar.delete(f"/api/tasks/{states['gone']}/delete/")
    assert figures(client) == {
        "total_tasks": 4,
        "open_tasks": 1,
        "in_progress_tasks": 1,
        "completed_tasks": 1,
        "cancelled_tasks": 1,
        "total_applications": 3,
        "average_budget": "125.00",
    }
    assert figures(client) == figures(lina)


def test_one_sees_what_one_posted_and_what_one_did(client, omar, lina):
    first, second, third = (posted(omar) for _ in range(3))
    application_id = chosen(omar, lina, first)
    chosen(omar, lina, second)
    lina.post(f"/api/tasks/{third}/apply/", OFFER)
    intent = omar.post("/api/payments/intents/create/", {"application_id": application_id}).json
    client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
    omar.post(f"/api/tasks/{first}/complete/")
    omar.post(f"/api/payments/escrow/{intent['escrow_id']}/release/")
    omar.post(f"/api/tasks/{first}/review/", {"rating": 4})
    omar.post(f"/api/tasks/{second}/cancel/")
    assert own_figures(omar) == {
        "tasks_posted": 3,
        "open_tasks": 1,
        "completed_tasks": 1,
        "cancelled_tasks": 1,
        "total_spent": "120.00",
    }
    assert own_figures(lina) == {
        "applications_sent": 3,
        "applications_accepted": 1,
        "tasks_assigned": 2,
        "tasks_delivered": 1,
        "average_rating": 4.0,
        "reviews_count": 1,
        "total_earned": "120.00",
    }


def test_an_average_has_two_places(omar, lina):
    for rating in (5, 4, 4):
        task_id = posted(omar)
        chosen(omar, lina, task_id)
        omar.post(f"/api/tasks/{task_id}/complete/")
        omar.post(f"/api/tasks/{task_id}/review/", {"rating": rating})
    assert own_figures(lina)["average_rating"] == 4.33


@pytest.mark.parametrize(("path", "most"), [("statistics", 3), ("my-statistics", 6)])
def test_figures_cost_a_fixed_number_of_queries(omar, path, most):
    posted(omar)
    with counted_queries() as queries:
        omar.get(f"/api/tasks/{path}/")
    assert len(queries) == most
