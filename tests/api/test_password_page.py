"""The page behind the link of a mail that resets a password."""

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.kernel import relay
from marketplace.providers.sandbox import mailbox

PAGE = "/reset-password"
NEW = "Paper-Moon-42"


@pytest.fixture
def sara(join):
    return join("sara")


@pytest.fixture
def token(sara):
    return accounts.open_reset(person_id=sara.user["id"])[1]


def submit(client, **form):
    return client.flask.post(PAGE, data=form)


def login(client, password):
    body = {"username": "sara", "password": password}
    return client.post("/api/auth/login/", body).status_code


def test_the_mail_leads_to_the_page(client, sara, live_server):
    client.post("/api/auth/password-reset/", {"email": "sara@example.com"})
    relay.sweep()
    mail = mailbox.list_mails(to="sara@example.com")[0]
    link = next(line for line in mail.text.splitlines() if line.startswith("http"))
    assert link.startswith(f"{live_server}{PAGE}?token=")
    page = client.get(link.removeprefix(live_server))
    assert page.status_code == 200
    assert 'type="password"' in page.text
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_the_button_changes_the_password_once(client, token):
    first = submit(client, token=token, password=NEW)
    assert (first.status_code, "is changed" in first.text) == (200, True)
    assert (login(client, NEW), login(client, "StrongPass123")) == (200, 401)
    again = submit(client, token=token, password=f"{NEW}-again")
    assert (again.status_code, "does not work" in again.text) == (400, True)


def test_a_weak_password_is_asked_for_again_with_the_reason(client, token):
    page = submit(client, token=token, password="password123")
    assert page.status_code == 400
    assert "This password is too common." in page.text
    assert token in page.text
    assert submit(client, token=token, password=NEW).status_code == 200


@pytest.mark.parametrize("form", [{}, {"token": "17.0"}, {"token": "\0", "password": "\0" * 9}])
def test_a_form_that_is_no_good_is_refused(client, form):
    page = submit(client, **form)
    assert (page.status_code, "does not work" in page.text) == (400, True)


def test_a_token_is_never_shown_unescaped(client):
    assert "<script>" not in client.get(f"{PAGE}?token=%22%3E%3Cscript%3E").text
