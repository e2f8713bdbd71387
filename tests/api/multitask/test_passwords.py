"""Passwords over HTTP: changed, lost and found again."""

import pytest

from marketplace.extensions import limiter
from marketplace.kernel import relay
from marketplace.providers.sandbox import mailbox

CHANGE = "/api/auth/profile/change-password/"
RESET, CONFIRM = "/api/auth/password-reset/", "/api/auth/password-reset/confirm/"
OLD, NEW = "StrongPass123", "Paper-Moon-42"
SENT = {"detail": "If the address is registered, an email was sent."}


@pytest.fixture
def sara(join):
    return join("sara")


def login(client, password):
    return client.post("/api/auth/login/", {"username_or_email": "sara", "password": password})


def mailed_token(to="sara@example.com"):
    relay.sweep()
    newest = mailbox.list_mails(to=to)[0]
    assert newest.subject == "Choose a new password"
    return next(line for line in newest.text.splitlines() if len(line.partition(".")[2]) == 64)


def test_a_password_is_changed_and_other_sessions_end(client, sara):
    other = client.signed_in(login(client, OLD).json)
    answer = sara.post(CHANGE, {"old_password": OLD, "new_password": NEW})
    assert (answer.status_code, answer.json) == (200, {"detail": "Password changed."})
    assert sara.get("/api/auth/profile/").status_code == 200
    assert other.get("/api/auth/profile/").json["code"] == "token_not_valid"
    assert login(client, OLD).status_code == 401
    assert login(client, NEW).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"old_password": "wrong", "new_password": NEW}, "old_password"),
        ({"old_password": OLD, "new_password": "short"}, "new_password"),
        ({"old_password": OLD, "new_password": "password123"}, "new_password"),
        ({"old_password": OLD, "new_password": "x" * 129}, "new_password"),
        ({"old_password": OLD}, "new_password"),
        ({"new_password": NEW}, "old_password"),
        ({"old_password": None, "new_password": NEW}, "old_password"),
        ({"old_password": OLD, "new_password": 7}, "new_password"),
    ],
)
def test_a_change_that_is_refused_names_the_field(client, sara, body, field):
    answer = sara.post(CHANGE, body)
    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert login(client, OLD).status_code == 200


def test_nobody_changes_a_password_without_a_token(client, sara):
    assert client.post(CHANGE, {"old_password": OLD, "new_password": NEW}).status_code == 401


def test_a_lost_password_is_found_by_mail(client, sara):
    answer = client.post(RESET, {"email": "SARA@example.com"})
    assert (answer.status_code, answer.json) == (200, SENT)
    token = mailed_token()
    body = {"token": token, "new_password": NEW, "uid": "MQ"}
    answer = client.post(CONFIRM, body)
    assert (answer.status_code, answer.json) == (200, {"detail": "Password reset."})
    assert sara.get("/api/auth/profile/").status_code == 401
    assert login(client, NEW).status_code == 200
    assert client.post(CONFIRM, body).json == {"token": ["This token is invalid, used or expired."]}


def test_the_new_password_may_be_called_password(client, sara):
    client.post(RESET, {"email": "sara@example.com"})
    assert client.post(CONFIRM, {"token": mailed_token(), "password": NEW}).status_code == 200
    assert login(client, NEW).status_code == 200


def test_nobody_learns_who_is_registered(client, sara):
    known = client.post(RESET, {"email": "sara@example.com"})
    unknown = client.post(RESET, {"email": "nobody@example.com"})
    assert (known.status_code, known.json) == (unknown.status_code, unknown.json) == (200, SENT)
    relay.sweep()
    assert mailbox.list_mails(to="nobody@example.com") == []
    assert relay.backlog()["waiting"] == 0


@pytest.mark.parametrize("body", [{}, {"email": "sara"}, {"email": ""}, {"email": None}, {"email": 7}])
def test_what_is_no_address_is_refused(client, body):
    answer = client.post(RESET, body)
    assert (answer.status_code, list(answer.json)) == (400, ["email"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": "17.0"}, "token"),
        ({"token": ""}, "token"),
        ({"token": "x" * 201}, "token"),
        ({"new_password": "short"}, "new_password"),
        ({"new_password": ""}, "new_password"),
    ],
)
def test_a_reset_that_is_refused_names_the_field(client, sara, change, field):
    client.post(RESET, {"email": "sara@example.com"})
    answer = client.post(CONFIRM, {"token": mailed_token(), "new_password": NEW} | change)
    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert login(client, OLD).status_code == 200


def test_a_reset_names_what_is_missing(client):
    assert list(client.post(CONFIRM, {}).json) == ["token"]
    assert list(client.post(CONFIRM, {"token": "17.0"}).json) == ["new_password"]


@pytest.mark.parametrize(
    ("path", "body", "most"),
    [(RESET, {"email": "sara@example.com"}, 5), (CONFIRM, {"token": "17.0", "new_password": NEW}, 20)],
)
def test_nobody_asks_without_end(client, sara, monkeypatch, path, body, most):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    statuses = [client.post(path, body).status_code for _ in range(most + 1)]
    assert statuses[-2:] == [statuses[0], 429]


def test_one_address_is_not_flooded_from_many_machines(client, sara, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    statuses = [
        client.post(
            RESET, {"email": "sara@example.com"}, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"}
        ).status_code
        for number in range(6)
    ]
    assert statuses == [200] * 5 + [429]


def test_a_dead_token_in_the_header_does_not_stand_in_the_way(client, sara):
    sara.post("/api/auth/logout/")
    assert sara.post(RESET, {"email": "sara@example.com"}).status_code == 200
    assert sara.post(CONFIRM, {"token": mailed_token(), "new_password": NEW}).status_code == 200
