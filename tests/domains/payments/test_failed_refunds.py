"""Refunds that take their time, and refunds that a bank sends back: the books say where the money is."""

from functools import partial
from itertools import permutations

import pytest

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import RefundRefused, RefundUnderWay
from marketplace.domains.payments.service import refund
from marketplace.kernel.pages import PageRequest
from marketplace.providers.payments import OutcomeUnknown
from tests.factories.payments import event, hear, held, intent
from tests.together import together

PAGE = PageRequest(number=1, size=10)


@pytest.fixture
def pending(provider, payer, payee):
    """A hold whose refund the provider has accepted and not made yet."""
    hold = held(provider, payer, payee, reference="application:7")
    provider.next_refund_statuses = ["pending"]
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    return payments.find_hold(hold.id)


@pytest.fixture
def refunded(provider, payer, payee):
    """A hold whose refund was made."""
    hold = held(provider, payer, payee, reference="application:7")
    return payments.refund(actor=payer, hold_id=hold.id).hold


def status(hold):
    return payments.find_hold(hold.id).status


@pytest.mark.parametrize("word", ["pending", "requires_action"])
def test_a_refund_that_is_not_made_yet_is_not_booked(provider, payer, payee, books, word):
    hold = held(provider, payer, payee)
    provider.next_refund_statuses = [word]
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    assert status(hold) == "refunding"
    assert books()["hold"] == 12_000
    assert payments.get_wallet(person_id=payer.id, currency="USD").escrowed_outgoing.minor == 12_000


def test_a_pending_refund_that_is_made_is_booked_once(provider, pending, books, later):
    told = [provider.settle_refund(pending.refund_reference, "succeeded") for _ in range(3)]
    hear(*told, *told, provider.told("charge.refunded", pending.provider_reference))
    assert status(pending) == "refunded"
    later(days=30)
    assert len(provider.asked("refund")) == 1
    assert books() == {"hold": 0, "provider": 0}


def test_a_pending_refund_is_looked_at_again_without_its_events(provider, pending, books, later):
    later(minutes=5)
    assert status(pending) == "refunding"
    provider.settle_refund(pending.refund_reference, "succeeded")
    later(hours=1)
    assert status(pending) == "refunded"
    assert len(provider.asked("refund")) == 1
    books()


@pytest.mark.parametrize("hears", [True, False])
@pytest.mark.parametrize("word", ["failed", "canceled"])
def test_a_pending_refund_that_fails_leaves_the_money_held(
    provider, payer, pending, books, later, hears, word
):
    told = provider.settle_refund(pending.refund_reference, word)
    hear(*[told] * 2) if hears else later(minutes=5)
    assert status(pending) == "held"
    assert books()["hold"] == 12_000
    with pytest.raises(RefundRefused, match="The refund is"):
        payments.get_refund(hold_id=pending.id)
    # The money is there, so it may be released or asked back once more.
    assert payments.refund(actor=payer, hold_id=pending.id).hold.status == "refunded"
    assert provider.asked("refund") == [f"refund:hold:{pending.id}:{attempt}" for attempt in (1, 2)]
    assert books() == {"hold": 0, "provider": 0}


def test_a_pending_refund_of_what_nobody_wants_is_asked_for_anew(provider, payer, pending, books, later):
    payments.call_off(reference="application:7")
    hear(provider.settle_refund(pending.refund_reference, "failed"))
    assert status(pending) == "refunding"
    later(minutes=5)
    assert status(pending) == "refunded"
    assert books() == {"hold": 0, "provider": 0}


def test_a_refund_that_comes_back_after_it_was_made_is_held_again(provider, payer, payee, refunded, books):
    hear(*[provider.settle_refund(refunded.refund_reference, "failed")] * 3)
    hold = payments.find_hold(refunded.id)
    assert (hold.status, hold.refunded_at, hold.failure) == ("held", None, "The refund is failed.")
    assert books() == {"hold": 12_000, "provider": -12_000}
    lines = payments.list_lines(person_id=payer.id, currency="USD", page=PAGE).items
    assert [line.amount.minor for line in lines] == [-12_000, 12_000, -12_000]
    assert lines[0].description == "Refund sent back by the bank"
    payments.release(actor=payer, hold_id=hold.id)
    assert books() == {"hold": 0, "available": 12_000, "provider": -12_000}


def test_a_refund_may_come_back_again_and_again(provider, payer, refunded, books):
    hold = refunded
    for _ in range(3):
        hear(provider.settle_refund(hold.refund_reference, "failed"))
        assert books()["hold"] == 12_000
        hold = payments.refund(actor=payer, hold_id=hold.id).hold
        assert books() == {"hold": 0, "provider": 0}
    assert len(provider.asked("refund")) == 4


def test_a_refund_that_comes_back_for_what_nobody_wants_is_asked_for_anew(
    provider, payer, payee, books, later
):
    hold = held(provider, payer, payee, reference="application:7")
    payments.call_off(reference="application:7")
    hear(provider.settle_refund(payments.find_hold(hold.id).refund_reference, "failed"))
    assert status(hold) == "refunding"
    assert books()["hold"] == 12_000
    later(minutes=5)
    assert status(hold) == "refunded"
    assert books() == {"hold": 0, "provider": 0}


def test_a_refund_that_comes_back_when_the_payer_has_paid_anew_goes_back(
    provider, payer, payee, refunded, books, later
):
    again = intent(payer, payee, reference="application:7")
    hear(provider.settle_refund(refunded.refund_reference, "failed"))
    assert (status(refunded), status(again.hold)) == ("refunding", "pending")
    later(minutes=5)
    assert (status(refunded), status(again.hold)) == ("refunded", "pending")
    books()


def test_a_refund_that_comes_back_for_somebody_who_has_left_is_asked_for_anew(
    provider, payer, refunded, books, later
):
    payments.leave(person_id=payer.id)
    hear(provider.settle_refund(refunded.refund_reference, "failed"))
    assert status(refunded) == "refunding"
    later(minutes=5)
    assert status(refunded) == "refunded"
    books()


def test_late_news_of_an_earlier_refund_say_nothing_of_the_present_one(provider, payer, pending, books):
    first = pending.refund_reference
    told = [provider.settle_refund(first, word) for word in ("succeeded", "failed")]
    hear(told[1])
    assert status(pending) == "held"
    hear(*told)
    assert status(pending) == "held"
    provider.next_refund_statuses = ["pending"]
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=pending.id)
    hear(*told, event("refund.failed", id=first, payment_intent=pending.provider_reference, status="failed"))
    assert status(pending) == "refunding"
    hear(provider.settle_refund(payments.find_hold(pending.id).refund_reference, "succeeded"))
    hear(*told)
    assert status(pending) == "refunded"
    assert books() == {"hold": 0, "provider": 0}


@pytest.mark.parametrize("ends", [("succeeded",), ("failed",), ("succeeded", "failed")])
def test_every_order_of_a_refunds_events_ends_the_same(provider, payer, payee, books, ends):
    kinds = ["charge.refunded", *ends]
    for order in permutations(kinds):
        hold = held(provider, payer, payee)
        provider.next_refund_statuses = ["pending"]
        provider.fail("refund", "after")
        with pytest.raises(RefundUnderWay):
            payments.refund(actor=payer, hold_id=hold.id)
        reference = list(provider.refunds)[-1]
        told = {"charge.refunded": provider.told("charge.refunded", hold.provider_reference)}
        told |= {word: provider.settle_refund(reference, word) for word in ends}
        hear(*(told[kind] for kind in order), *(told[kind] for kind in order))
        assert status(hold) == ("held" if "failed" in ends else "refunded"), order
        books()


@pytest.mark.parametrize("is_late", [True, False])
def test_a_refund_made_in_the_dashboard_may_fail_too(provider, payer, payee, books, is_late):
    hold = held(provider, payer, payee)
    told = [provider.refund_by_hand(hold.provider_reference, "pending")]
    (reference,) = provider.refunds
    told.append(provider.settle_refund(reference, "failed"))
    hear(*(told if is_late else reversed(told)))
    assert status(hold) == "held"
    assert provider.asked("refund") == []
    assert books()["hold"] == 12_000


@pytest.mark.parametrize("fault", ["before", "refuse"])
def test_a_refund_that_the_provider_does_not_show_is_asked_about_again(
    provider, payer, pending, books, later, fault
):
    provider.settle_refund(pending.refund_reference, "succeeded")
    provider.fail("get_refund", fault)
    later(minutes=5)
    assert status(pending) == "refunding"
    later(hours=1)
    assert status(pending) == "refunded"
    books()


@pytest.mark.parametrize("fault", ["before", "refuse"])
def test_refunds_that_the_provider_does_not_list_are_asked_about_again(
    provider, payer, payee, books, later, fault
):
    hold = held(provider, payer, payee)
    provider.fail("refund", "after")
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    provider.answers.clear()
    provider.fail("find_refund", fault)
    later(minutes=5)
    assert status(hold) == "refunding"
    later(hours=1)
    assert status(hold) == "refunded"
    books()


def test_a_refund_that_the_provider_denies_and_does_not_show_is_unknown(provider, payer, payee):
    hold = held(provider, payer, payee)
    with pytest.raises(OutcomeUnknown, match="shows no refund"):
        refund._find(hold)


def test_success_and_failure_at_once_end_as_the_provider_says(provider, payer, payee, books):
    for _ in range(5):
        hold = held(provider, payer, payee)
        provider.next_refund_statuses = ["pending"]
        with pytest.raises(RefundUnderWay):
            payments.refund(actor=payer, hold_id=hold.id)
        reference = payments.find_hold(hold.id).refund_reference
        told = [provider.settle_refund(reference, word) for word in ("succeeded", "failed")]
        asked = [partial(refund.carry_out, hold_id=hold.id, attempt=1, asked=2)] * 2
        answers = together(*asked, *(partial(hear, one) for one in told * 2))
        assert answers == [None] * 6
        assert status(hold) == "held"
    assert books()["hold"] == 5 * 12_000
