"""The pages for people, and what people do there."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.providers.mail import Mail, Mailer
from marketplace.providers.payments import Refused
from marketplace.providers.sandbox.stripe import people
from marketplace.providers.stripe import StripeProvider

TEN = Money(1000, "USD")
BACK = "https://shop.example/back?a=1&b=<2>"


@pytest.fixture
def provider(app):
    return StripeProvider(app.config["SETTINGS"])


@pytest.fixture
def payment(provider):
    return provider.create_payment(TEN, metadata={}, idempotency_key="pay:1").reference


@pytest.fixture
def account(provider):
    return provider.create_account(
        email="a@example.com", country="US", metadata={}, idempotency_key="a:1"
    ).reference


@pytest.fixture
def link(provider, account):
    return provider.onboarding_link(account, return_url=BACK, refresh_url="https://shop.example/again")


def visit(client, link):
    parts = urlsplit(link.url)
    return client.get(f"{parts.path}?{parts.query}")


class TestOnboarding:
    def test_a_visit_completes_the_account_and_leads_back(self, client, provider, account, link, live_server):
        assert link.url.startswith(f"{live_server}/sandbox/stripe/onboarding/{account}?token=")
        assert timedelta(minutes=4) < link.expires_at - clock.real_now() <= timedelta(minutes=5)
        page = visit(client, link)
        assert page.status_code == 200
        assert 'href="https://shop.example/back?a=1&amp;b=&lt;2&gt;"' in page.text
        assert provider.get_account(account).payouts_enabled

    def test_a_link_works_once(self, client, link):
        visit(client, link)
        page = visit(client, link)
        assert page.status_code == 410
        assert 'href="https://shop.example/again"' in page.text

    def test_a_link_expires(self, client, provider, account, link, monkeypatch):
        later = clock.real_now() + timedelta(minutes=6)
        monkeypatch.setattr(clock, "real_now", lambda: later)
        assert visit(client, link).status_code == 410
        assert not provider.get_account(account).payouts_enabled

    @pytest.mark.parametrize("query", ["", "?token=", "?token=guess", "?token=%00"])
    def test_a_link_is_not_guessed(self, client, provider, account, link, query):
        assert client.get(f"/sandbox/stripe/onboarding/{account}{query}").status_code == 410
        assert client.get(f"/sandbox/stripe/onboarding/%00{query}").status_code == 410
        assert not provider.get_account(account).payouts_enabled

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "shop", "data:text/html,x"])
    def test_a_link_leads_to_web_pages_only(self, provider, account, url):
        with pytest.raises(Refused) as refusal:
            provider.onboarding_link(account, return_url=url, refresh_url=BACK)
        assert refusal.value.code == "url_invalid"


class TestActing:
    def test_the_payer_pays(self, client, payment):
        answer = client.post(f"/sandbox/payments/{payment}", {"outcome": "succeeded"})
        assert answer.status_code == 200
        assert list(answer.json) == ["reference", "status", "webhook"]
        assert (answer.json["reference"], answer.json["status"]) == (payment, "succeeded")
        assert list(answer.json["webhook"]) == ["status"]

    def test_paying_twice_is_refused_in_words(self, client, payment):
        client.post(f"/sandbox/payments/{payment}", {"outcome": "succeeded"})
        answer = client.post(f"/sandbox/payments/{payment}", {"outcome": "succeeded"})
        assert answer.status_code == 400
        assert answer.json == {"detail": "Cannot pay this payment: it is succeeded."}

    @pytest.mark.parametrize("body", [{}, {"outcome": "maybe"}, {"outcome": None}, []])
    def test_an_outcome_that_nobody_knows_is_refused(self, client, payment, body):
        answer = client.flask.post(f"/sandbox/payments/{payment}", json=body)
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])

    @pytest.mark.parametrize("reference", ["pi_unknown", "%00", "evt_1", "x"])
    def test_a_reference_that_nobody_has_is_not_found(self, client, reference):
        answer = client.post(f"/sandbox/payments/{reference}", {"outcome": "succeeded"})
        assert (answer.status_code, list(answer.json)) == (404, ["detail"])


class TestHome:
    def test_an_empty_sandbox_has_a_page(self, client):
        page = client.get("/sandbox/")
        assert page.status_code == 200
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "//" not in page.text
        with client.get("/sandbox/assets/sandbox.css") as style:
            assert style.mimetype == "text/css"

    def test_the_page_shows_what_there_is(self, client, provider, payment, account):
        Mailer().send(Mail(to="a@example.com", subject="<b>Hi", text="<script>x</script>", message_id="1"))
        people.act(account, people.Outcome.SUCCEEDED)
        provider.transfer(TEN, account_reference=account, metadata={}, idempotency_key="t")
        payout = provider.pay_out(TEN, account_reference=account, metadata={}, idempotency_key="p").reference
        page = client.get("/sandbox/").text
        assert "&lt;b&gt;Hi" in page
        assert "<script>" not in page
        assert all(reference in page for reference in (payment, account, payout))
        assert "10.00 USD" in page

    def test_a_button_lets_the_payer_pay(self, client, provider, payment):
        form = {"reference": payment, "outcome": "succeeded"}
        answer = client.flask.post("/sandbox/act", data=form, headers={"Origin": "http://localhost"})
        assert (answer.status_code, answer.location) == (303, "/sandbox/")
        assert provider.get_payment(payment).status == "succeeded"

    def test_the_clock_is_moved_and_returned(self, client):
        assert client.flask.post("/sandbox/travel", data={"advance_seconds": "90000"}).status_code == 303
        assert clock.offset() == timedelta(seconds=90000)
        assert client.flask.post("/sandbox/return").status_code == 303
        assert clock.offset() == timedelta()

    @pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
    @pytest.mark.parametrize("path", ["/sandbox/act", "/sandbox/travel", "/sandbox/return"])
    def test_a_form_of_another_site_is_refused(self, client, payment, path, origin):
        form = {"reference": payment, "outcome": "succeeded", "advance_seconds": "1"}
        answer = client.flask.post(path, data=form, headers={"Origin": origin})
        assert answer.status_code == 403

    @pytest.mark.parametrize("seconds", ["", "x", "-1", "nan", "inf", "1e99"])
    def test_a_form_that_makes_no_sense_is_refused(self, client, seconds):
        answer = client.flask.post("/sandbox/travel", data={"advance_seconds": seconds})
        assert answer.status_code == 400
        assert clock.offset() == timedelta()
