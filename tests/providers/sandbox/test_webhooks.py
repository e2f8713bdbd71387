import time

import pytest
import sqlalchemy as sa

from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.process import WrongState
from marketplace.providers.sandbox import timeline
from marketplace.providers.sandbox.stripe import calls, people
from marketplace.providers.sandbox.stripe.calls import Fault, Operation
from marketplace.providers.sandbox.stripe.house import House
from marketplace.providers.sandbox.stripe.people import NothingWithThatReference, Outcome

TEN = Money(1000, "USD")


@pytest.fixture
def payment(provider, receiver):
    return provider.create_payment(TEN, metadata={"hold": "5"}, idempotency_key="pay:1").reference


@pytest.fixture
def account(provider, receiver):
    opened = provider.create_account(email="a@example.com", country="US", metadata={}, idempotency_key="a:1")
    people.act(opened.reference, Outcome.SUCCEEDED)
    provider.transfer(TEN, account_reference=opened.reference, metadata={}, idempotency_key="t:1")
    receiver.events.clear()
    return opened.reference


@pytest.fixture
def payout(provider, account):
    return provider.pay_out(
        TEN, account_reference=account, metadata={"withdrawal": "9"}, idempotency_key="p:1"
    ).reference


def test_the_receiver_is_told_before_the_payer_has_an_answer(payment, receiver):
    acted = people.act(payment, Outcome.SUCCEEDED)
    assert (acted.reference, acted.status, acted.webhook_status) == (payment, "succeeded", 200)
    (event,) = receiver.events
    assert (event.type, event.account) == ("payment_intent.succeeded", None)
    assert event.id.startswith("evt_")
    assert event.object["id"] == payment
    assert event.object["amount_received"] == 1000
    assert event.object["metadata"] == {"hold": "5"}
    assert abs((event.created_at - clock.real_now()).total_seconds()) < 10


def test_a_declined_card_may_be_followed_by_a_good_one(payment, receiver):
    assert people.act(payment, Outcome.FAILED).status == "requires_payment_method"
    assert people.act(payment, Outcome.SUCCEEDED).status == "succeeded"
    assert receiver.types == ["payment_intent.payment_failed", "payment_intent.succeeded"]
    assert receiver.events[0].object["last_payment_error"]["code"] == "card_declined"


def test_a_payment_is_paid_once(payment, receiver):
    people.act(payment, Outcome.SUCCEEDED)
    for outcome in Outcome:
        with pytest.raises(WrongState, match="succeeded"):
            people.act(payment, outcome)
    assert len(receiver.events) == 1


@pytest.mark.parametrize("reference", ["pi_unknown", "nonsense", "pi_\0", "", "ch_1", "x" * 5000])
def test_a_reference_that_nobody_has_is_not_found(app, reference):
    with pytest.raises(NothingWithThatReference):
        people.act(reference, Outcome.SUCCEEDED)


def test_a_receiver_that_is_down_is_told_later(payment, receiver):
    receiver.status = 503
    assert people.act(payment, Outcome.SUCCEEDED).webhook_status == 503
    relay.sweep()
    receiver.status = 200
    relay.sweep()
    assert receiver.events == []
    timeline.advance(60)
    assert receiver.types == ["payment_intent.succeeded"]
    timeline.advance(7200)
    assert len(receiver.events) == 1


def test_a_receiver_that_cannot_be_reached_does_not_undo_the_payment(provider, payment, monkeypatch):
    monkeypatch.setattr(House, "webhook_url", property(lambda _: "http://127.0.0.1:9/"))
    acted = people.act(payment, Outcome.SUCCEEDED)
    assert (acted.status, acted.webhook_status) == ("succeeded", 0)
    assert provider.get_payment(payment).status == "succeeded"


def test_the_clock_waits_for_what_another_process_has_in_hand(provider, payment, owner):
    provider.cancel_payment(payment, idempotency_key="c:1")
    half_a_second = sa.text("UPDATE outbox_deliveries SET claimed_until = now() + interval '0.5 seconds'")
    with owner.connect() as connection:
        connection.execute(half_a_second)
    began = time.monotonic()
    timeline.advance(1)
    assert time.monotonic() - began > 0.4
    assert relay.backlog()["waiting"] == 0


def test_what_an_api_call_causes_is_told_after_its_answer(provider, payment, receiver):
    provider.cancel_payment(payment, idempotency_key="c:1")
    assert receiver.events == []
    timeline.advance(1)
    assert receiver.types == ["payment_intent.canceled"]


def test_a_refund_is_told_as_its_charge(provider, payment, receiver):
    people.act(payment, Outcome.SUCCEEDED)
    provider.refund(payment, Money(400, "USD"), idempotency_key="r:1")
    timeline.advance(1)
    charge = receiver.events[1].object
    assert receiver.types[1] == "charge.refunded"
    assert (charge["payment_intent"], charge["amount_refunded"]) == (payment, 400)
    assert charge["refunded"] is False


@pytest.fixture
def refund(provider, payment, receiver):
    """A refund that waits for its bank."""
    people.act(payment, Outcome.SUCCEEDED)
    calls.set_fault(Operation.REFUND, Fault.PENDING, 1)
    return provider.refund(payment, TEN, idempotency_key="r:1")


@pytest.mark.parametrize(
    ("outcome", "kind", "word"),
    [(Outcome.SUCCEEDED, "refund.updated", "succeeded"), (Outcome.FAILED, "refund.failed", "failed")],
)
def test_a_refund_that_waits_for_its_bank_ends(provider, payment, refund, receiver, outcome, kind, word):
    assert refund.status == "pending"
    assert people.act(refund.reference, outcome).webhook_status == 200
    event = receiver.events[-1]
    assert (event.type, event.object["payment_intent"], event.object["status"]) == (kind, payment, word)
    assert provider.get_refund(refund.reference).status == word
    assert provider.find_refund(payment, TEN) == provider.get_refund(refund.reference)


def test_a_refund_that_was_made_may_come_back_and_be_made_anew(provider, payment, refund):
    for outcome in (Outcome.SUCCEEDED, Outcome.FAILED):
        people.act(refund.reference, outcome)
    with pytest.raises(WrongState):
        people.act(refund.reference, Outcome.SUCCEEDED)
    again = provider.refund(payment, TEN, idempotency_key="r:2")
    assert again.status == "succeeded"
    assert provider.find_refund(payment, TEN) == again
    assert provider.find_refund(payment, Money(1, "USD")) is None
    assert provider.find_refund("pi_\0", TEN) is None


def test_a_reversal_is_told_as_its_transfer(provider, account, receiver):
    sent = provider.transfer(TEN, account_reference=account, metadata={}, idempotency_key="t:2")
    assert not provider.get_transfer(sent.reference).is_reversed
    provider.reverse_transfer(sent.reference, idempotency_key="b:1")
    assert provider.get_transfer(sent.reference).is_reversed
    timeline.advance(1)
    (event,) = receiver.events
    assert (event.type, event.object["id"], event.object["reversed"]) == (
        "transfer.reversed",
        sent.reference,
        True,
    )


def test_a_completed_account_is_told(provider, receiver):
    opened = provider.create_account(email="a@example.com", country="US", metadata={}, idempotency_key="a:1")
    assert people.act(opened.reference, Outcome.SUCCEEDED).webhook_status == 200
    (event,) = receiver.events
    assert (event.type, event.account) == ("account.updated", opened.reference)
    assert event.object["payouts_enabled"] is True


def test_a_payout_arrives_by_itself_a_moment_later(provider, account, payout, receiver):
    assert receiver.events == []
    timeline.advance(1)
    (event,) = receiver.events
    assert (event.type, event.account) == ("payout.paid", account)
    assert event.object["metadata"] == {"withdrawal": "9"}
    assert provider.get_payout(payout, account_reference=account).status == "paid"


def test_a_payout_of_an_account_told_to_fail_comes_back(provider, account, receiver):
    people.act(account, Outcome.FAILED)
    payout = provider.pay_out(TEN, account_reference=account, metadata={}, idempotency_key="p:1").reference
    timeline.advance(1)
    assert receiver.types == ["account.updated", "payout.failed"]
    failed = provider.get_payout(payout, account_reference=account)
    assert (failed.status, failed.failure_reason) == ("failed", "The bank account has been closed.")
    people.act(account, Outcome.SUCCEEDED)
    provider.pay_out(TEN, account_reference=account, metadata={}, idempotency_key="p:2")
    timeline.advance(1)
    assert receiver.types[-1] == "payout.paid"


def test_a_payout_can_be_ended_by_hand_and_then_no_more(payout, receiver):
    assert people.act(payout, Outcome.FAILED).status == "failed"
    timeline.advance(1)
    with pytest.raises(WrongState):
        people.act(payout, Outcome.SUCCEEDED)
    assert receiver.types == ["payout.failed"]


def test_keys_are_forgotten_after_a_day_as_at_stripe(provider, payment):
    clock.advance(25 * 3600)
    assert provider.create_payment(TEN, metadata={"hold": "5"}, idempotency_key="pay:1").reference != payment
