"""What a stranger sends around the bodies: paths, headers, lengths; and what answers say of themselves."""

from base64 import b64encode

import pytest
import sqlalchemy as sa

from marketplace.api.forms import MAX_FORM_BYTES
from marketplace.extensions import limiter
from marketplace.kernel.database import database
from marketplace.kernel.links import links
from tests.client import sent_file

LOGIN = "/api/auth/login/"
AVATAR = "/api/auth/profile/"


@pytest.mark.parametrize(
    "path",
    ["/api/tasks/users/%00/reviews/", "/api/tasks/users/a%00b/reviews/", "/api/%00", "/docs/%00/", "/%00"],
)
def test_a_path_with_nul_leads_nowhere(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "parameters" not in answer.text


def test_a_login_with_nul_is_a_wrong_one(client):
    login = b64encode(b"a\0b:secret").decode()
    assert client.get("/rq/", headers={"Authorization": f"Basic {login}"}).status_code == 401


@pytest.mark.parametrize("path", [LOGIN, "/api/auth/register/", "/api/auth/token/refresh/"])
@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, '{"email": "\\ud800"}', "\xff"])
def test_a_body_that_is_no_json_is_told_so_whoever_counts_it(client, monkeypatch, path, body):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json


def test_a_body_without_a_length_may_be_no_longer_than_another(client, app):
    most = app.config["MAX_CONTENT_LENGTH"]

    def post(size):
        body = b'{"email": "' + b"x" * (size - 13) + b'"}'
        environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
        return client.flask.post(LOGIN, data=body, content_type="application/json", environ_overrides=environ)

    assert post(most - 1).status_code == 400
    for size in (most + 1, 3 * most):
        answer = post(size)
        assert (answer.status_code, answer.json) == (413, {"detail": "Request body is too large."})


def test_a_form_may_be_longer_and_has_a_limit_too(client, join):
    sara = join("sara")
    for size, status in ((9_000_000, 400), (MAX_FORM_BYTES, 413)):
        avatar = sent_file(b"x" * size, "a.png")
        assert sara.send_form("PATCH", AVATAR, avatar=avatar).status_code == status


def test_links_of_pages_follow_the_house_and_not_the_host_header(client, join):
    sara = join("sara", "client")
    for number in (1, 2):
        body = {"title": f"Wash car {number}", "description": "Red & blue.", "category": 1, "budget": "10.00"}
        assert sara.post("/api/tasks/create/", body).status_code == 201
    path = "/api/tasks/?page_size=1&search=wash+car&status=OPEN"
    link = client.get(path, headers={"Host": "evil.example"}).json["next"]
    assert link == links.to("/api/tasks/", page="2", page_size="1", search="wash car", status="OPEN")
    assert client.get(link).json["results"][0]["title"] == "Wash car 1"


def test_answers_are_kept_by_nobody_and_taken_for_what_they_say(client, join):
    sara = join("sara")
    for answer in (sara.get("/api/auth/profile/"), client.get("/api/tasks/"), client.post(LOGIN, {})):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "error",
    [
        sa.exc.OperationalError("SELECT 1", {}, Exception("gone")),
        sa.exc.InterfaceError("SELECT 1", {}, Exception("closed")),
        sa.exc.TimeoutError("no connection is free"),
    ],
)
def test_while_the_database_is_away_people_are_asked_to_come_again(client, monkeypatch, error):
    def away(*_, **__):
        raise error

    monkeypatch.setattr(type(database.autocommit), "connect", away)
    answer = client.get("/api/tasks/")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json["detail"]


def test_an_error_of_the_database_is_told_without_its_values(app):
    with pytest.raises(sa.exc.DBAPIError) as caught, database.autocommit.connect() as connection:
        connection.execute(sa.text("SELECT 1 / :secret"), {"secret": 0})
    assert "secret" not in str(caught.value.__cause__)
    assert "[SQL parameters hidden" in str(caught.value)


def test_a_number_with_an_exponent_is_no_money(join):
    sara = join("sara", "client")
    for budget in ("1.1e1", "1E2", "1e-1"):
        body = f'{{"title": "x", "description": "x", "category": 1, "budget": {budget}}}'
        answer = sara.post("/api/tasks/create/", data=body, content_type="application/json")
        assert (answer.status_code, answer.json) == (400, {"budget": ["A valid number is required."]})
