"""Payout accounts."""

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import OriginNotAllowed, PayoutAccountRefused, ProviderUnavailable
from marketplace.domains.payments.service import connect
from tests.factories.payments import person


def test_without_an_account_there_is_an_empty_answer(provider):
    account = payments.get_payout_account(actor=person())
    assert (account.reference, account.payouts_enabled) == (None, False)


def test_an_account_is_opened_once(provider):
    somebody = person(country="Germany")
    first, is_new = payments.open_payout_account(actor=somebody)
    again, is_new_again = payments.open_payout_account(actor=somebody)
    assert (is_new, is_new_again) == (True, False)
    assert first == again
    assert provider.accounts[first.reference]["country"] == "DE"


@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_unknown_outcome_is_continued_by_the_next_request(provider, fault):
    somebody = person()
    provider.fail("create_account", fault)
    with pytest.raises(ProviderUnavailable):
        payments.open_payout_account(actor=somebody)
    assert payments.get_payout_account(actor=somebody).reference is None
    payments.open_payout_account(actor=somebody)
    assert len(provider.accounts) == 1


def test_a_refused_account_may_be_tried_anew_with_a_new_key(provider):
    somebody = person()
    provider.fail("create_account", "refuse")
    with pytest.raises(PayoutAccountRefused, match="does not want to"):
        payments.open_payout_account(actor=somebody)
    payments.open_payout_account(actor=somebody)
    assert len(set(provider.asked("create_account"))) == 2


def test_an_account_that_was_given_up_meanwhile_is_not_noted(provider):
    somebody = person()
    row = connect._place(somebody)
    connect._forget(row.id)
    account = provider.create_account(email="", country="EG", metadata={}, idempotency_key="k")
    with pytest.raises(ProviderUnavailable):
        connect._note_opened(row.id, account)


def test_the_status_is_asked_of_the_provider_until_payouts_are_enabled(provider):
    somebody = person()
    account, _ = payments.open_payout_account(actor=somebody)
    assert not payments.get_payout_account(actor=somebody).payouts_enabled
    provider.accounts[account.reference]["enabled"] = True
    provider.fail("get_account", "before")
    assert not payments.get_payout_account(actor=somebody).payouts_enabled
    assert payments.get_payout_account(actor=somebody).payouts_enabled
    asked = len(provider.asked("get_account"))
    assert payments.get_payout_account(actor=somebody).payouts_enabled
    assert len(provider.asked("get_account")) == asked


def test_an_account_that_is_gone_changes_nothing(provider, owner, monkeypatch):
    somebody = person()
    payments.open_payout_account(actor=somebody)
    ask = provider.get_account

    def gone_meanwhile(reference):
        with owner.connect() as connection:
            connection.execute(sa.text("DELETE FROM payout_accounts"))
        return ask(reference)

    monkeypatch.setattr(provider, "get_account", gone_meanwhile)
    assert payments.get_payout_account(actor=somebody).reference is None


def test_onboarding_opens_the_account_and_leads_back_home(provider, app):
    somebody = person()
    link = payments.open_onboarding(actor=somebody, return_url=None, refresh_url=None)
    home = app.config["LIVE_URL"]
    assert link.url == f"https://provider.example/acct_1?back={home}/&again={home}/"
    assert payments.get_payout_account(actor=somebody).reference == "acct_1"


def test_onboarding_leads_back_to_allowed_origins_alone(provider, app):
    somebody, home = person(), app.config["LIVE_URL"]
    link = payments.open_onboarding(
        actor=somebody, return_url=f"{home}/wallet?done=1", refresh_url=f"{home}/again"
    )
    assert link.url.endswith(f"?back={home}/wallet?done=1&again={home}/again")
    for url in (
        "https://evil.example/",
        f"{home}.evil.example/",
        f"{home}@evil.example/",
        "javascript:alert(1)",
        f"//{home.removeprefix('http://')}/",
        f"{home}\\@evil.example",
        "http://[",
        "",
    ):
        with pytest.raises(OriginNotAllowed) as refusal:
            payments.open_onboarding(actor=somebody, return_url=None, refresh_url=url)
        assert refusal.value.of_field == "refresh_url"


def test_onboarding_says_when_the_provider_does_not_answer(provider):
    somebody = person()
    provider.fail("onboarding_link", "before", "refuse")
    with pytest.raises(ProviderUnavailable):
        payments.open_onboarding(actor=somebody, return_url=None, refresh_url=None)
    with pytest.raises(PayoutAccountRefused):
        payments.open_onboarding(actor=somebody, return_url=None, refresh_url=None)
