"""Giving the money back: first noted, then asked of the provider, then booked.

A request for a refund is a fact; carrying it out follows its commit. So a caller's own unit of work can mark
a refund together with what it is about, and the provider is never asked inside a transaction.
"""

from collections.abc import Collection

import structlog

from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.errors import HoldNotFound, RefundRefused, RefundUnderWay
from marketplace.domains.payments.events import (
    IntentUnwanted,
    PaymentCancelled,
    PaymentRefunded,
    RefundDeclined,
    RefundRequested,
)
from marketplace.domains.payments.models import HoldRow
from marketplace.domains.payments.service import ledger, rows
from marketplace.domains.payments.service.rows import HoldView
from marketplace.domains.payments.types import Hold
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers import stripe
from marketplace.providers.payments import OutcomeUnknown, Refund, Refused

# From the second time on the provider may repeat an answer that is old by now.
ASKED_BEFORE = 2

log = structlog.get_logger()


def request_refund(*, actor: Person, hold_id: int) -> None:
    """Mark a held amount as going back to its payer; joins an open unit of work.

    Its payer, its payee and the staff may, others find no such hold. Whether the payer still may is for the
    caller to know. After the commit `get_refund` says what the provider answered.
    """
    with unit_of_work() as unit:
        row, standing = rows.lock_hold_for(unit, actor=actor, hold_id=hold_id)
        if rules.is_refund_under_way(row.status):
            raise RefundUnderWay
        begin(unit, row, actors=standing)


def get_refund(*, hold_id: int) -> HoldView:
    """A hold that was refunded; refuses with what stands in the way."""
    hold = queries.find_hold(hold_id)
    if hold is None:
        raise HoldNotFound
    if rules.is_refund_under_way(hold.status):
        raise RefundUnderWay
    if not rules.is_refunded(hold.status):
        raise RefundRefused(f"{RefundRefused.__doc__} {hold.failure}".strip())
    return rows.view_hold(hold)


def refund(*, actor: Person, hold_id: int) -> HoldView:
    """Give a held amount back to its payer and wait for the provider's answer; outside any unit of work."""
    request_refund(actor=actor, hold_id=hold_id)
    return get_refund(hold_id=hold_id)


def call_off(*, reference: str) -> Hold | None:
    """End what is paid or to be paid for a reference that is no more; joins an open unit of work.

    Money that is held goes back, an unpaid intent is cancelled, and what arrives late goes back at once.
    Refuses when the payee has the money already. Answers the newest hold, `None` where there is none.
    """
    with unit_of_work() as unit:
        found = rows.lock_holds_of(unit, reference)
        for row in found:
            if rules.is_released(row.status):
                raise rules.HOLD.wrong_state("refund", row.status)
        for row in found:
            call_off_one(unit, row)
        unit.session.flush()
        return queries.to_hold(found[-1]) if found else None


def call_off_one(unit: UnitOfWork, row: HoldRow) -> None:
    """End what is paid or to be paid by a locked hold."""
    row.called_off = True
    if rules.can(rules.HOLD, "cancel", row.status):
        row.status = rules.HOLD.decide("cancel", state=row.status, actors={rules.HOUSE})
        unit.record(PaymentCancelled(**rows.told_of_hold(row)))
        unit.record(IntentUnwanted(**rows.told_of_hold(row)))
    elif rules.can(rules.HOLD, "refund", row.status):
        begin(unit, row, actors={rules.HOUSE})


def begin(unit: UnitOfWork, row: HoldRow, *, actors: Collection[str]) -> None:
    """Mark a locked hold as being refunded, and have the provider asked after the commit."""
    _mark(row, actors)
    unit.record(RefundRequested(**rows.told_of_hold(row), attempt=row.refund_attempt, asked=1))


def finish(unit: UnitOfWork, row: HoldRow) -> bool:
    """Book a locked hold's refund unless it is booked; answers whether it was to be booked."""
    if not rules.can(rules.HOLD, "finish_refund", row.status):
        return False
    row.status = rules.HOLD.decide("finish_refund", state=row.status, actors={rules.PROVIDER})
    row.refunded_at = clock.now()
    row.unanswered_at = None
    row.failure = ""
    ledger.refund(unit, row)
    unit.record(PaymentRefunded(**rows.told_of_hold(row)))
    return True


def note_made_elsewhere(unit: UnitOfWork, row: HoldRow) -> None:
    """Book a refund of a locked hold that was made in the provider's dashboard, and look how it stands."""
    row.refund_attempt += 1
    row.refund_reference = None
    finish(unit, row)
    look(unit, row)


def look(unit: UnitOfWork, row: HoldRow) -> None:
    """Ask the provider after the commit how a locked hold's refund stands: news may be late."""
    told = rows.told_of_hold(row)
    unit.record(RefundRequested(**told, attempt=row.refund_attempt, asked=ASKED_BEFORE))


def is_known(hold: Hold | HoldRow) -> bool:
    """Whether the money of a hold is on its way back, or back."""
    return rules.is_refund_under_way(hold.status) or rules.is_refunded(hold.status)


def take_over(unit: UnitOfWork, row: HoldRow, answer: Refund) -> bool:
    """Take over what the provider says now of a locked hold's refund; answers whether it changed anything.

    One that is pending is not made yet, and one that was made may come back.
    """
    if row.refund_reference not in {None, answer.reference}:
        return False
    row.refund_reference = answer.reference
    if rules.refund_was_refused(answer.status):
        return _decline(unit, row, f"The refund is {answer.status}.")
    return rules.refund_was_made(answer.status) and finish(unit, row)


def carry_out(*, hold_id: int, attempt: int, asked: int) -> None:
    """Ask the provider for a refund that is under way, or ask again about one whose outcome is unknown."""
    hold = queries.find_hold(hold_id)
    if hold is None or not _may_change(hold, attempt):
        return
    try:
        answer = _ask(hold, attempt, asked)
    except Refused as refusal:
        _note_refusal(hold_id, attempt, str(refusal))
    except OutcomeUnknown as error:
        log.warning("refund_outcome_unknown", hold_id=hold_id, asked=asked, error=str(error))
        _ask_again(hold_id, attempt, asked)
    else:
        _note_answer(hold_id, attempt, answer)
        if rules.refund_is_pending(answer.status):
            _ask_again(hold_id, attempt, asked)


def cancel_intent(*, hold_id: int) -> None:
    """Have the provider no longer take the payment of a cancelled hold."""
    hold = queries.find_hold(hold_id)
    if hold is None or hold.provider_reference is None:
        return
    try:
        stripe.provider().cancel_payment(hold.provider_reference, idempotency_key=f"cancel:hold:{hold_id}")
    except Refused as refusal:
        # It is cancelled already, or was paid just before: then its webhook sends the money back.
        log.info("intent_not_cancelled", hold_id=hold_id, reason=str(refusal))


def _ask(hold: Hold, attempt: int, asked: int) -> Refund:
    """The refund as the provider knows it, asked for where there is none."""
    if hold.refund_reference is not None:
        return _look_up(hold, hold.refund_reference)
    if rules.is_refunded(hold.status):
        return _find(hold)
    try:
        answer = stripe.provider().refund(
            hold.provider_reference or "",
            hold.amount,
            idempotency_key=f"refund:hold:{hold.id}:{attempt}",
        )
    except Refused as refusal:
        if refusal.code in rules.ALREADY_REFUNDED:
            return _find(hold)
        raise
    # Under its key the provider repeats what it said the first time.
    return answer if asked < ASKED_BEFORE else _look_up(hold, answer.reference)


def _look_up(hold: Hold, reference: str) -> Refund:
    try:
        return stripe.provider().get_refund(reference)
    except Refused as refusal:
        raise OutcomeUnknown(f"refund {reference} of hold {hold.id} is not shown: {refusal}") from refusal


def _find(hold: Hold) -> Refund:
    try:
        found = stripe.provider().find_refund(hold.provider_reference or "", hold.amount)
    except Refused as refusal:
        raise OutcomeUnknown(f"the refunds of hold {hold.id} are not shown: {refusal}") from refusal
    if found is None:
        raise OutcomeUnknown(f"the provider shows no refund of hold {hold.id}")
    return found


def _may_change(thing: Hold | HoldRow, attempt: int) -> bool:
    return is_known(thing) and thing.refund_attempt == attempt


def _mark(row: HoldRow, actors: Collection[str]) -> None:
    row.status = rules.HOLD.decide("refund", state=row.status, actors=actors)
    row.refund_requested_at = clock.now()
    row.refund_attempt += 1
    row.refund_reference = None
    row.unanswered_at = None
    row.failure = ""


def _decline(unit: UnitOfWork, row: HoldRow, reason: str) -> bool:
    """Keep a locked hold's money, or have it again; answers whether that was news."""
    since = row.refund_requested_at
    if rules.is_refund_under_way(row.status):
        row.status = rules.HOLD.decide("decline_refund", state=row.status, actors={rules.PROVIDER})
    elif rules.is_refunded(row.status):
        # Another payment may have taken the place of this one.
        row.called_off = row.called_off or queries.is_taken(row.reference, but_hold_id=row.id)
        row.status = rules.HOLD.decide("return_refund", state=row.status, actors={rules.PROVIDER})
        row.refunded_at = since = None
        ledger.refund_failed(unit, row)
    else:
        return False
    unit.record(RefundDeclined(**rows.told_of_hold(row), reason=reason))
    if row.called_off:
        # Nobody wants the payment any more, so it may not stay held: ask anew, with a new key.
        due_at = rules.retry_at(clock.now(), rules.REFUND_WAITS, row.refund_attempt)
        _mark(row, {rules.HOUSE})
        row.refund_requested_at = since or row.refund_requested_at
        told = rows.told_of_hold(row)
        unit.record(RefundRequested(**told, attempt=row.refund_attempt, asked=1), due_at=due_at)
    row.failure = reason
    row.unanswered_at = None
    return True


def _note_answer(hold_id: int, attempt: int, answer: Refund) -> None:
    with unit_of_work() as unit:
        row = rows.lock_hold(unit, hold_id)
        if _may_change(row, attempt):
            take_over(unit, row, answer)


def _note_refusal(hold_id: int, attempt: int, reason: str) -> None:
    with unit_of_work() as unit:
        row = rows.lock_hold(unit, hold_id)
        if rules.is_refund_under_way(row.status) and row.refund_attempt == attempt:
            _decline(unit, row, reason)


def _ask_again(hold_id: int, attempt: int, asked: int) -> None:
    due_at = rules.ask_again_at(clock.now(), rules.REFUND_WAITS, asked)
    with unit_of_work() as unit:
        row = rows.lock_hold(unit, hold_id)
        if not _may_change(row, attempt):
            return
        if due_at is not None:
            told = rows.told_of_hold(row)
            unit.record(RefundRequested(**told, attempt=attempt, asked=asked + 1), due_at=due_at)
        row.unanswered_at = None if due_at or rules.is_refunded(row.status) else clock.now()
