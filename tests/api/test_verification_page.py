"""The page behind the link of a verification mail."""

import pytest

from marketplace.domains.accounts import public as accounts
from tests.factories.people import person


@pytest.fixture
def newcomer(join):
    return join("sara")


def test_the_link_shows_a_button_and_proves_nothing_yet(client, newcomer):
    page = client.get(f"/verify-email?token={accounts.verification_token(1)}")
    assert page.status_code == 200
    assert "<button" in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert newcomer.get("/api/auth/profile/").json["is_verified"] is False


def test_the_button_proves_the_address_once(client, newcomer):
    token = accounts.verification_token(1)
    first = client.flask.post("/verify-email", data={"token": token})
    assert (first.status_code, "is confirmed" in first.text) == (200, True)
    assert newcomer.get("/api/auth/profile/").json["is_verified"] is True
    again = client.flask.post("/verify-email", data={"token": token})
    assert (again.status_code, "does not work" in again.text) == (400, True)


def test_a_token_is_never_shown_unescaped(client):
    assert "<script>" not in client.get("/verify-email?token=%22%3E%3Cscript%3E").text


def test_people_made_by_the_operator_have_nothing_to_prove(app, client):
    assert person().id
    assert (
        client.flask.post("/verify-email", data={"token": accounts.verification_token(1)}).status_code == 400
    )
