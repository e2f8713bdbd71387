"""Giving money back, whatever the provider does."""

import pytest

from marketplace.domains.accounts.public import Role
from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import HoldNotFound, RefundRefused, RefundUnderWay
from marketplace.domains.payments.service import refund
from marketplace.kernel import relay
from marketplace.kernel.process import WrongState
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.payments import Refund
from tests.factories.payments import hear, held, intent, person

DAY = 86_400


@pytest.mark.parametrize("who", ["payer", "payee", "staff"])
def test_payer_payee_and_staff_may_refund(provider, payer, payee, books, who):
    hold = held(provider, payer, payee)
    people = {"payer": payer, "payee": payee, "staff": person(Role.MANAGER)}
    view = payments.refund(actor=people[who], hold_id=hold.id)
    assert view.hold.status == "refunded"
    assert view.hold.refunded_at
    assert books() == {"hold": 0, "provider": 0}
    assert provider.asked("refund") == [f"refund:hold:{hold.id}:1"]


def test_to_a_stranger_there_is_no_such_hold(provider, payer, payee):
    hold = held(provider, payer, payee)
    with pytest.raises(HoldNotFound):
        payments.refund(actor=person(), hold_id=hold.id)
    with pytest.raises(HoldNotFound):
        payments.refund(actor=payer, hold_id=hold.id + 1)
    with pytest.raises(HoldNotFound):
        payments.get_refund(hold_id=hold.id + 1)
    with pytest.raises(HoldNotFound):
        payments.get_hold(actor=person(), hold_id=hold.id, kind="application")
    assert payments.get_hold(actor=payee, hold_id=hold.id, kind="application").hold == hold


def test_what_is_not_held_is_not_refunded(provider, payer, payee, books):
    unpaid = intent(payer, payee)
    with pytest.raises(WrongState, match="it is pending"):
        payments.refund(actor=payer, hold_id=unpaid.hold.id)
    hold = held(provider, payer, payee)
    payments.refund(actor=payer, hold_id=hold.id)
    with pytest.raises(WrongState, match="it is refunded"):
        payments.refund(actor=payer, hold_id=hold.id)
    assert len(provider.asked("refund")) == 1
    books()


def test_a_refusal_leaves_the_money_held_and_says_why(provider, payer, payee, books):
    hold = held(provider, payer, payee)
    provider.fail("refund", "refuse")
    with pytest.raises(RefundRefused, match=r"stays in escrow\. The provider does not want to"):
        payments.refund(actor=payer, hold_id=hold.id)
    assert payments.find_hold(hold.id).status == "held"
    assert books()["hold"] == 12_000
    assert payments.refund(actor=payer, hold_id=hold.id).hold.status == "refunded"
    assert provider.asked("refund") == [f"refund:hold:{hold.id}:{attempt}" for attempt in (1, 2)]
    books()


def test_a_refund_that_the_provider_answers_as_failed_is_a_refusal(
    provider, payer, payee, books, monkeypatch
):
    hold = held(provider, payer, payee)
    answer = provider.refund
    monkeypatch.setattr(provider, "refund", lambda *_, **__: _refund("failed"))
    with pytest.raises(RefundRefused, match="failed"):
        payments.refund(actor=payer, hold_id=hold.id)
    monkeypatch.setattr(provider, "refund", answer)
    assert books()["hold"] == 12_000


def _refund(status):
    return Refund(reference="re_1", status=status)


@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_unknown_outcome_is_asked_about_again_with_the_same_key(
    provider, payer, payee, books, later, fault
):
    hold = held(provider, payer, payee)
    provider.fail("refund", fault)
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    assert payments.find_hold(hold.id).status == "refunding"
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    later(minutes=4, seconds=59)
    assert len(provider.asked("refund")) == 1
    later(seconds=1)
    assert payments.find_hold(hold.id).status == "refunded"
    assert len(set(provider.asked("refund"))) == 1
    assert provider.payments[hold.provider_reference]["refunded"] == 12_000
    books()


def test_it_is_asked_about_at_five_minutes_one_hour_and_five_days(provider, payer, payee, later):
    hold = held(provider, payer, payee)
    provider.fail("refund", *["before"] * 100)
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    asked = []
    for seconds in (300, 3600, DAY, DAY, DAY, DAY, DAY, DAY, 10 * DAY):
        later(seconds=seconds)
        asked.append(len(provider.asked("refund")))
    assert asked == [2, 3, 4, 5, 6, 7, 8, 8, 8]
    assert payments.find_hold(hold.id).status == "refunding"


def test_a_key_that_the_provider_has_forgotten_refunds_nothing_twice(provider, payer, payee, books, later):
    hold = held(provider, payer, payee)
    provider.fail("refund", "after")
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    provider.answers.clear()
    later(minutes=5)
    assert payments.find_hold(hold.id).status == "refunded"
    assert provider.payments[hold.provider_reference]["refunded"] == 12_000
    books()


def test_the_webhook_settles_a_refund_whose_outcome_was_unknown(provider, payer, payee, books, later):
    hold = held(provider, payer, payee)
    provider.fail("refund", "after")
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    hear(provider.told("charge.refunded", hold.provider_reference))
    assert payments.find_hold(hold.id).status == "refunded"
    # The charge does not tell whether the refund is pending: its event had the provider asked, at once.
    assert len(provider.asked("refund")) == 2
    later(days=30)
    assert len(provider.asked("refund")) == 2
    assert len(set(provider.asked("refund"))) == 1
    books()


def test_a_late_answer_to_an_earlier_attempt_changes_nothing(provider, payer, payee, books):
    hold = held(provider, payer, payee)
    provider.fail("refund", "refuse")
    with pytest.raises(RefundRefused):
        payments.refund(actor=payer, hold_id=hold.id)
    refund.carry_out(hold_id=hold.id, attempt=1, asked=1)
    refund._note_refusal(hold.id, 1, "late")
    refund._ask_again(hold.id, 1, 1)
    refund._note_answer(hold.id, 1, _refund("succeeded"))
    other = payments.refund(actor=payer, hold_id=held(provider, payer, payee).id).hold
    refund._note_answer(other.id, 1, _refund("failed"))
    assert payments.find_hold(other.id).status == "refunded"
    assert payments.find_hold(hold.id).status == "held"
    assert len(provider.asked("refund")) == 2
    assert books()["hold"] == 12_000


def test_a_job_that_dies_after_the_provider_acted_is_run_again_without_harm(
    provider, payer, payee, books, later, monkeypatch
):
    hold = held(provider, payer, payee)
    note = "marketplace.domains.payments.service.refund._note_answer"
    monkeypatch.setattr(note, lambda *_: 1 / 0)
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    monkeypatch.undo()
    later(seconds=10)
    assert payments.find_hold(hold.id).status == "refunded"
    assert len(set(provider.asked("refund"))) == 1
    books()


def test_calling_off_refunds_what_is_held(provider, payer, payee, books):
    hold = held(provider, payer, payee, reference="application:7")
    with unit_of_work():
        assert payments.call_off(reference="application:7").status == "refunding"
        assert provider.asked("refund") == []
    assert payments.get_refund(hold_id=hold.id).hold.status == "refunded"
    assert payments.find_latest_hold("application:7").id == hold.id
    assert books() == {"hold": 0, "provider": 0}


def test_calling_off_cancels_what_is_unpaid(provider, payer, payee, books):
    opened = intent(payer, payee, reference="application:7")
    assert payments.call_off(reference="application:7").status == "cancelled"
    assert provider.payments[opened.reference]["status"] == "canceled"
    assert payments.call_off(reference="application:7").status == "cancelled"
    assert len(provider.asked("cancel_payment")) == 1
    assert payments.call_off(reference="application:none") is None
    books()


def test_calling_off_what_is_released_is_refused(provider, payer, payee, books):
    hold = held(provider, payer, payee, reference="application:7")
    payments.release(actor=payer, hold_id=hold.id)
    with pytest.raises(WrongState, match="it is released"):
        payments.call_off(reference="application:7")
    assert books()["available"] == 12_000


def test_a_called_off_hold_is_never_held_again_and_its_refund_is_tried_anew(
    provider, payer, payee, books, later
):
    hold = held(provider, payer, payee, reference="application:7")
    provider.fail("refund", "refuse", "refuse")
    payments.call_off(reference="application:7")
    assert payments.find_hold(hold.id).status == "refunding"
    with pytest.raises(WrongState, match="it is refunding"):
        payments.release(actor=payer, hold_id=hold.id)
    later(minutes=5)
    assert payments.find_hold(hold.id).failure == "The provider does not want to."
    later(hours=1)
    assert payments.find_hold(hold.id).status == "refunded"
    assert [key[-1] for key in provider.asked("refund")] == ["1", "2", "3"]
    assert books() == {"hold": 0, "provider": 0}


def test_calling_off_during_a_refund_sees_it_through(provider, payer, payee, books, later):
    hold = held(provider, payer, payee, reference="application:7")
    provider.fail("refund", "before", "refuse")
    with pytest.raises(RefundUnderWay):
        payments.refund(actor=payer, hold_id=hold.id)
    payments.call_off(reference="application:7")
    later(minutes=5)
    assert payments.find_hold(hold.id).status == "refunding"
    later(minutes=5)
    assert payments.find_hold(hold.id).status == "refunded"
    books()


def test_an_intent_whose_cancelling_is_unknown_is_cancelled_later(provider, payer, payee, later):
    opened = intent(payer, payee, reference="application:7")
    provider.fail("cancel_payment", "before")
    payments.call_off(reference="application:7")
    assert provider.payments[opened.reference]["status"] == "requires_payment_method"
    assert relay.backlog()["failing"] == 1
    later(seconds=10)
    assert provider.payments[opened.reference]["status"] == "canceled"


def test_a_payment_after_the_task_was_called_off_goes_back_at_once(provider, payer, payee, books):
    opened = intent(payer, payee, reference="application:7")
    paid = provider.pay(opened.reference)
    payments.call_off(reference="application:7")
    hear(paid)
    assert payments.find_hold(opened.hold.id).status == "refunded"
    assert provider.payments[opened.reference]["refunded"] == 12_000
    books()
