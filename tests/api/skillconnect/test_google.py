"""Signing in to SkillConnect with Google, played by its twin."""

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.events import DigitsAsked
from marketplace.domains.accounts.public import Purpose
from marketplace.providers import google
from marketplace.providers.identity import NotConfigured, Unreachable
from tests.facts import facts_of
from tests.together import together

BASE = "/api/v1/users"
TOKEN = "sandbox:sara@example.com:Sara El Haddad"
SARA = {"email": "Sara@example.com", "password": "Password123", "role": "FREELANCER"}
WRONG = {"non_field_errors": ["Invalid email or password"]}


@pytest.fixture
def enter(client):
    def enter(token=TOKEN, status=200, **body):
        answer = client.post(f"{BASE}/google/", {"token": token, **body})
        assert answer.status_code == status, answer.text
        return answer.json

    return enter


def login(client, password=SARA["password"]):
    return client.post(f"{BASE}/login/", {"email": SARA["email"], "password": password})


def test_a_newcomer_says_a_role_and_is_let_in(enter, client):
    assert enter() == {"need_role": True}
    assert accounts.list_accounts() == []
    session = enter(role="FREELANCER")
    assert set(session) == {"access", "refresh", "user"}
    assert session["user"] == {
        "id": 1,
        "email": "sara@example.com",
        "role": "FREELANCER",
        "first_login": True,
    }
    sara = client.signed_in(session)
    assert sara.get(f"{BASE}/profile/").json == session["user"]
    assert client.post(f"{BASE}/token/refresh/", {"refresh": session["refresh"]}).status_code == 200
    account = accounts.get_account(person_id=1)
    assert (account.first_name, account.last_name, account.email_verified) == ("Sara", "El Haddad", True)


def test_who_returns_is_the_same_whatever_role_they_say(enter):
    first = enter(role="CLIENT")["user"]
    assert enter()["user"] == first
    assert enter(role="FREELANCER")["user"] == first


def test_an_account_with_a_proven_address_is_one_with_googles(enter, client):
    client.post(f"{BASE}/register/", SARA)
    code = accounts.digits_of(facts_of(DigitsAsked)[-1].code_id, Purpose.VERIFY_EMAIL)
    member = client.post(f"{BASE}/verify-otp/", {"email": SARA["email"], "otp": code}).json["user"]
    assert enter()["user"] == member
    assert login(client).status_code == 200


def test_who_proves_the_address_by_google_takes_the_place_of_who_did_not(enter, client):
    client.post(f"{BASE}/register/", SARA)
    code = accounts.digits_of(facts_of(DigitsAsked)[-1].code_id, Purpose.VERIFY_EMAIL)
    session = enter(role="CLIENT")
    assert session["user"]["role"] == "FREELANCER"
    assert (login(client).status_code, login(client).json) == (400, WRONG)
    proven = client.post(f"{BASE}/verify-otp/", {"email": SARA["email"], "otp": code})
    assert (proven.status_code, proven.json) == (400, {"error": "Email already verified."})
    assert enter()["user"] == session["user"]
    account = accounts.get_account(person_id=session["user"]["id"])
    assert (account.first_name, account.email_verified) == ("Sara", True)


def test_an_account_that_is_used_and_has_not_proven_the_address_is_not_opened(enter, join):
    join("sara")
    told = {"detail": "Prove this address first: set a new password by a code."}
    assert enter(status=400) == told
    assert enter(status=400, role="CLIENT") == told


def test_who_is_barred_is_not_let_in(enter):
    enter(role="CLIENT")
    accounts.suspend("sara@example.com")
    assert enter(status=400) == WRONG


@pytest.mark.parametrize("token", ["nonsense", "sandbox::", "a.b.c", "sandbox:no address:X", "é" * 100])
def test_a_bad_token_is_refused(enter, token):
    assert enter(token, status=400, role="CLIENT") == {"detail": "Invalid Google token"}


def test_what_is_missing_or_wrong_is_said(enter, client):
    answer = client.post(f"{BASE}/google/", {})
    assert (answer.status_code, answer.json) == (400, {"token": ["This field is required."]})
    assert enter(status=400, role="X") == {"role": ['"X" is not a valid choice.']}
    assert list(enter(status=400, role="ADMIN")) == ["role"]
    assert list(enter(status=400, role=None)) == ["role"]
    assert list(enter("x" * 5000, status=400)) == ["token"]


@pytest.mark.parametrize("error", [NotConfigured("no"), Unreachable("away")])
def test_while_google_is_away_nothing_happens(enter, monkeypatch, error):
    class Away:
        name = "google"

        def verify(self, token):
            raise error

    monkeypatch.setattr(google, "provider", Away)
    assert enter(status=503, role="CLIENT") == {"detail": "Google sign-in is not available."}
    assert accounts.list_accounts() == []


def test_of_many_who_come_at_once_as_one_there_is_one(enter):
    answers = together(*[lambda: enter(role="CLIENT")] * 6)
    assert len({answer["user"]["id"] for answer in answers}) == 1
    assert len(accounts.list_accounts()) == 1


def test_of_many_who_take_a_place_at_once_each_is_let_in(enter, client):
    client.post(f"{BASE}/register/", SARA)
    answers = together(*[enter] * 4)
    assert len({answer["user"]["id"] for answer in answers}) == 1
    assert login(client).status_code == 400
