"""Signing in with Google, played by its twin."""

from dataclasses import dataclass, replace
from functools import partial

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.models import IdentityRow, User
from marketplace.extensions import limiter
from marketplace.kernel import relay, unit_of_work
from marketplace.kernel.database import database
from marketplace.providers import google
from marketplace.providers.identity import Unreachable, Vouched
from marketplace.providers.sandbox import mailbox
from tests.client import Client
from tests.together import together

LOGIN = "/api/auth/google/login/"
PASSWORD = "StrongPass123"
SARA = "sandbox:sara@example.com:Sara El Haddad"


def enter(client, token=SARA, **body):
    return client.post(LOGIN, {"id_token": token} | body)


def verify(client, email="sara@example.com"):
    relay.sweep()
    mail = mailbox.list_mails(to=email)[0]
    token = next(line for line in mail.text.splitlines() if len(line.partition(".")[2]) == 64)
    assert client.post("/api/auth/verify-email/", {"token": token}).status_code == 200


def count(model):
    with database.autocommit.connect() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_newcomer_joins_with_a_proven_address(client):
    answer = enter(client)
    assert answer.status_code == 200
    assert set(answer.json) == {"access", "refresh", "user"}
    user = answer.json["user"]
    assert {name: user[name] for name in ("username", "email", "first_name", "last_name")} == {
        "username": "sara",
        "email": "sara@example.com",
        "first_name": "Sara",
        "last_name": "El Haddad",
    }
    assert (user["user_type"], user["is_client"], user["is_freelancer"]) == ("both", True, True)
    assert user["is_verified"] is True
    sara = client.signed_in(answer.json)
    assert sara.get("/api/auth/profile/").json == user
    assert client.post("/api/auth/token/refresh/", {"refresh": answer.json["refresh"]}).status_code == 200
    relay.sweep()
    assert mailbox.list_mails() == []


@pytest.mark.parametrize("name", ["id_token", "credential", "token"])
def test_the_token_has_three_names(client, name):
    assert client.post(LOGIN, {name: SARA}).status_code == 200


def test_somebody_who_returns_is_the_same_person_whatever_became_of_their_address(client):
    first = enter(client).json
    assert enter(client).json["user"] == first["user"]
    sara = client.signed_in(first)
    sara.patch("/api/auth/profile/", {"email": "new@example.com", "first_name": "S."})
    again = enter(client).json["user"]
    assert (again["id"], again["email"], again["first_name"]) == (
        first["user"]["id"],
        "new@example.com",
        "S.",
    )
    assert (count(User), count(IdentityRow)) == (1, 1)


@pytest.mark.parametrize(
    ("email", "username"),
    [
        ("lina@example.com", "lina"),
        ("sara@example.org", "sara."),
        ("admin@example.com", "admin."),
        ("ab@example.com", "ab."),
        ("a.b+c@example.com", "a.b+c"),
        ("o'neil@example.com", "oneil"),
        ("é@example.com", "."),
        (f"{'x' * 60}@example.com", "x" * 22),
    ],
)
def test_a_name_is_made_of_the_address(client, join, email, username):
    join("sara")
    user = enter(client, f"sandbox:{email}:").json["user"]
    assert user["username"].startswith(username)
    assert 3 <= len(user["username"]) <= 30
    assert user["email"] == email


@pytest.mark.parametrize(
    "token",
    ["", "x", "sandbox:", "sandbox:sara:Sara", "eyJhbGciOiJub25lIn0.e30.", None, 7, [], "x" * 5000, "\x00"],
)
def test_what_proves_nobody_is_refused(client, token):
    answer = enter(client, token)
    assert (answer.status_code, list(answer.json)) == (400, ["id_token"])
    assert count(User) == 0


def test_a_token_is_needed(client):
    assert client.post(LOGIN, {}).json == {"id_token": ["This field is required."]}


def test_an_account_that_has_proven_its_address_is_linked(client, join):
    sara = join("sara")
    verify(client)
    answer = enter(client, "sandbox:SARA@example.com:Somebody Else")
    assert answer.json["user"] == sara.get("/api/auth/profile/").json
    assert answer.json["user"]["first_name"] == ""
    assert client.post("/api/auth/login/", {"username": "sara", "password": PASSWORD}).status_code == 200


def test_an_account_that_has_not_is_linked_by_its_password_alone(client, join):
    sara = join("sara")
    for body in ({}, {"password": "wrong"}):
        answer = enter(client, **body)
        assert (answer.status_code, list(answer.json)) == (400, ["password"])
    assert count(IdentityRow) == 0
    linked = enter(client, password=PASSWORD).json["user"]
    assert (linked["id"], linked["is_verified"]) == (sara.user["id"], True)
    assert enter(client).json["user"] == linked


def test_somebody_barred_does_not_come_in_by_another_door(client, join):
    join("sara")
    verify(client)
    enter(client, "sandbox:omar@example.com:Omar")
    for name in ("sara", "omar"):
        accounts.suspend(name)
        answer = enter(client, f"sandbox:{name}@example.com:")
        assert (answer.status_code, list(answer.json)) == (401, ["detail"])
    assert count(User) == 2


def test_somebody_without_a_password_sets_one_by_mail(client):
    sara = client.signed_in(enter(client).json)
    login = {"username_or_email": "sara", "password": PASSWORD}
    assert client.post("/api/auth/login/", login).status_code == 401
    body = {"old_password": PASSWORD, "new_password": PASSWORD}
    assert list(sara.post("/api/auth/profile/change-password/", body).json) == ["old_password"]
    token = accounts.open_reset(person_id=sara.user["id"])[1]
    client.post("/api/auth/password-reset/confirm/", {"token": token, "new_password": PASSWORD})
    assert client.post("/api/auth/login/", login).status_code == 200
    assert enter(client).status_code == 200


def test_somebody_who_has_left_is_a_stranger(client):
    first = client.signed_in(enter(client).json)
    assert first.delete("/api/auth/delete-account/", {"confirm": True}).status_code == 204
    assert count(IdentityRow) == 0
    again = enter(client).json["user"]
    assert again["id"] != first.user["id"]
    assert again["username"] == "sara"


def test_where_it_is_not_set_up_that_is_said(client, app):
    settings = replace(app.config["SETTINGS"], environment="production")
    with google.replaced(google.provider()):
        google.configure(settings)
        answer = enter(client)
    assert (answer.status_code, answer.json) == (503, {"detail": "Google sign-in is not configured."})


@dataclass
class Silent:
    """Google does not answer."""

    name: str = "google"

    def verify(self, token):
        raise Unreachable


def test_while_google_does_not_answer_nobody_is_let_in(client):
    with google.replaced(Silent()):
        answer = enter(client)
    assert (answer.status_code, list(answer.json)) == (503, ["detail"])
    assert count(User) == 0


@dataclass
class Attentive:
    """Looks whether a transaction is open while it is asked."""

    name: str = "google"
    was_open: bool = False

    def verify(self, token):
        self.was_open = unit_of_work._current.get() is not None
        return Vouched(subject="1", email="sara@example.com")


def test_google_is_not_asked_inside_a_transaction(client):
    attentive = Attentive()
    with google.replaced(attentive):
        assert enter(client).status_code == 200
    assert not attentive.was_open


def test_another_subject_with_the_same_address_is_linked_too(client):
    def vouch(subject):
        provider = Attentive()
        provider.verify = lambda _: Vouched(subject=subject, email="sara@example.com")
        with google.replaced(provider):
            return enter(client).json["user"]["id"]

    assert vouch("1") == vouch("2")
    assert count(IdentityRow) == 2


def test_of_eight_who_come_for_the_first_time_at_once_all_are_one(app):
    answers = together(*[partial(enter, Client(app.test_client()))] * 8)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["user"]["id"] for answer in answers}) == 1
    assert (count(User), count(IdentityRow)) == (1, 1)


def test_of_eight_namesakes_who_come_at_once_each_has_a_name(app):
    answers = together(
        *(
            partial(enter, Client(app.test_client()), f"sandbox:sara@host{number}.example.com:")
            for number in range(8)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["user"]["username"] for answer in answers}) == 8


def test_who_registers_and_signs_in_with_google_at_once_is_one(app):
    body = {"username": "sara", "email": "sara@example.com", "password": PASSWORD}
    registered, entered = together(
        lambda: Client(app.test_client()).post("/api/auth/register/", body),
        partial(enter, Client(app.test_client())),
    )
    # whoever comes second is told that the address is taken, or asked for the password
    assert sorted([registered.status_code, entered.status_code]) in ([200, 400], [201, 400])
    assert count(User) == 1


def test_nobody_tries_without_end(client, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    assert [enter(client, "x").status_code for _ in range(21)] == [400] * 20 + [429]
