"""The provider's events: in any order, any number of times, one state."""

from itertools import permutations, product

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import BadSignature
from marketplace.domains.payments.service import ledger, operate
from tests.factories.payments import enable, event, hear, held, intent, person

PAYMENT = ("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled")
REPEATS = 10


@pytest.fixture
def outcomes(owner):
    """A function that answers what each stored event led to, oldest first."""

    def read():
        with owner.connect() as connection:
            query = sa.text("SELECT outcome FROM provider_events ORDER BY id")
            return list(connection.execute(query).scalars())

    return read


def test_a_payment_is_held_when_its_event_says_so(provider, payer, payee, books):
    opened = intent(payer, payee)
    hear(provider.pay(opened.reference))
    hold = payments.find_hold(opened.hold.id)
    assert hold.status == "held"
    assert hold.funded_at
    assert books() == {"hold": 12_000, "provider": -12_000}


def test_every_order_of_a_payments_events_leads_to_held(provider, payer, payee, books):
    for order in permutations(PAYMENT):
        opened = intent(payer, payee)
        provider.payments[opened.reference]["status"] = "succeeded"
        told = [provider.told(kind, opened.reference) for kind in order]
        hear(*told, *told)
        assert payments.find_hold(opened.hold.id).status == "held", order
    assert books()["hold"] == 6 * 12_000


def test_every_order_of_a_refunded_payments_events_leads_to_refunded(provider, payer, payee, books):
    for order in permutations((*PAYMENT, "charge.refunded")):
        opened = intent(payer, payee)
        provider.payments[opened.reference] |= {"status": "succeeded", "refunded": 12_000}
        hear(*(provider.told(kind, opened.reference) for kind in order))
        assert payments.find_hold(opened.hold.id).status == "refunded", order
    assert provider.asked("refund") == []
    assert books() == {"hold": 0, "provider": 0}


def test_events_that_come_many_times_have_their_effect_once(provider, payer, payee, books, outcomes):
    for times in product((1, 3, REPEATS), repeat=2):
        opened = intent(payer, payee)
        provider.payments[opened.reference]["status"] = "succeeded"
        told = [provider.told(kind, opened.reference) for kind in PAYMENT[:2]]
        hear(*(one for one, count in zip(told, times, strict=True) for _ in range(count)))
        # The same story told by events of other ids is the same story.
        hear(*(provider.told(kind, opened.reference) for kind in PAYMENT for _ in range(REPEATS)))
        assert payments.find_hold(opened.hold.id).status == "held"
    assert books()["hold"] == 9 * 12_000
    assert outcomes().count("applied") == 9


def test_a_failed_payment_says_why_and_may_still_arrive(provider, payer, payee, books):
    opened = intent(payer, payee)
    error = {"message": "Your card was declined."}
    hear(provider.told("payment_intent.payment_failed", opened.reference, last_payment_error=error))
    hold = payments.find_hold(opened.hold.id)
    assert (hold.status, hold.failure) == ("failed", "Your card was declined.")
    hear(provider.pay(opened.reference))
    hold = payments.find_hold(opened.hold.id)
    assert (hold.status, hold.failure) == ("held", "")
    books()


@pytest.mark.parametrize(
    "change",
    [{"amount": 11_999}, {"amount": "12000"}, {"amount": None}, {"amount_received": 1}, {"currency": "eur"}],
)
def test_another_amount_or_currency_is_kept_and_flagged(provider, payer, payee, outcomes, change):
    opened = intent(payer, payee)
    hear(provider.told("payment_intent.succeeded", opened.reference, **change))
    assert payments.find_hold(opened.hold.id).status == "pending"
    assert outcomes() == ["flagged"]
    (finding,) = payments.verify(ask_provider=False)
    assert finding.check == "events"
    assert f"Hold {opened.hold.id} is of 12000 USD" in finding.sentence


def test_a_flagged_event_is_settled_by_the_operator(provider, payer, payee, outcomes):
    opened = intent(payer, payee)
    told = provider.told("payment_intent.succeeded", opened.reference, amount=1)
    hear(told)
    assert operate.settle_event(told.id, note="Refunded by hand.")
    assert not operate.settle_event(told.id, note="Again.")
    assert list(payments.verify(ask_provider=False)) == []


def test_events_about_unknown_things_and_of_unknown_types_are_kept(provider, outcomes):
    told = [
        event(kind, id="pi_unknown", payment_intent="pi_unknown", amount=1, currency="usd")
        for kind in (
            *PAYMENT,
            "charge.refunded",
            "refund.failed",
            "payout.paid",
            "payout.failed",
            "account.updated",
        )
    ]
    hear(*told, event("customer.created", id="cus_1"), event("customer.created"))
    assert outcomes() == ["unmatched"] * 8 + ["unknown"] * 2


def test_a_refund_made_in_the_dashboard_is_booked(provider, payer, payee, books):
    hold = held(provider, payer, payee)
    provider.payments[hold.provider_reference]["refunded"] = 12_000
    hear(provider.told("charge.refunded", hold.provider_reference))
    assert payments.find_hold(hold.id).status == "refunded"
    assert provider.asked("refund") == []
    assert books() == {"hold": 0, "provider": 0}


def test_our_own_refunds_event_books_nothing_twice(provider, payer, payee, books, outcomes):
    hold = held(provider, payer, payee)
    payments.refund(actor=payer, hold_id=hold.id)
    hear(provider.told("charge.refunded", hold.provider_reference))
    assert outcomes() == ["applied", "ignored"]
    assert books() == {"hold": 0, "provider": 0}


@pytest.mark.parametrize("change", [{"amount_refunded": 5_000}, {"amount": 5_000, "amount_refunded": 5_000}])
def test_a_refund_in_part_is_flagged(provider, payer, payee, outcomes, change):
    hold = held(provider, payer, payee)
    hear(provider.told("charge.refunded", hold.provider_reference, **change))
    assert payments.find_hold(hold.id).status == "held"
    assert outcomes() == ["applied", "flagged"]


def test_a_refund_after_the_release_is_flagged(provider, payer, payee, outcomes):
    hold = held(provider, payer, payee)
    payments.release(actor=payer, hold_id=hold.id)
    hear(provider.told("charge.refunded", hold.provider_reference))
    assert payments.find_hold(hold.id).status == "released"
    assert outcomes() == ["applied", "flagged"]


def test_an_event_whose_effect_breaks_leaves_nothing_and_is_taken_the_next_time(
    provider, payer, payee, books, outcomes, monkeypatch
):
    opened = intent(payer, payee)
    paid = provider.pay(opened.reference)
    monkeypatch.setattr(ledger, "fund", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hear(paid)
    assert outcomes() == []
    monkeypatch.undo()
    hear(paid)
    assert payments.find_hold(opened.hold.id).status == "held"
    books()


def test_an_account_follows_its_newest_event_whatever_the_order(provider, owner):
    somebody = person()
    account, is_new = payments.open_payout_account(actor=somebody)
    assert is_new
    flags = {"charges_enabled": True, "details_submitted": True}
    old = event("account.updated", at=1, id=account.reference, payouts_enabled=False, **flags)
    new = event("account.updated", at=2, id=account.reference, payouts_enabled=True, **flags)
    for order in ((old, new), (new, old)):
        hear(*order)
        assert payments.get_payout_account(actor=somebody).payouts_enabled
        with owner.connect() as connection:
            connection.execute(
                sa.text(
                    "SET session_replication_role = replica; DELETE FROM provider_events;"
                    " UPDATE payout_accounts SET changed_at = NULL"
                )
            )
            connection.execute(sa.text("RESET session_replication_role"))


def test_an_event_that_came_before_we_knew_its_account_is_read_then(provider):
    somebody = person()
    flags = {"charges_enabled": True, "payouts_enabled": True, "details_submitted": True}
    hear(event("account.updated", id="acct_1", **flags))
    account, _ = payments.open_payout_account(actor=somebody)
    assert account.reference == "acct_1"
    assert payments.get_payout_account(actor=somebody).payouts_enabled


def test_a_webhook_must_be_signed(provider, payer, payee):
    payments.receive_webhook(body=b"pi_9 payment_intent.succeeded 1", signature="signed")
    with pytest.raises(BadSignature):
        payments.receive_webhook(body=b"pi_9 payment_intent.succeeded 1", signature="forged")


def test_enabling_an_account_twice_is_told_once(provider, owner):
    somebody = person()
    enable(provider, somebody)
    enable(provider, somebody)
    with owner.connect() as connection:
        query = "SELECT count(*) FROM outbox_facts WHERE name = 'payments.PayoutAccountChanged'"
        assert connection.scalar(sa.text(query)) == 1
