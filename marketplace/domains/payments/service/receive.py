"""Stripe's webhooks: what each says of holds, withdrawals and payout accounts."""

from collections.abc import Mapping
from typing import Any

import msgspec
import structlog
from sqlalchemy import select

from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.errors import BadSignature, NotAnEvent
from marketplace.domains.payments.events import PaymentCancelled, PaymentFailed, PaymentHeld
from marketplace.domains.payments.models import HoldRow, ProviderEventRow
from marketplace.domains.payments.service import connect, inbox, ledger, payouts, refund, rows
from marketplace.domains.payments.service.inbox import DONE, KNOWN, NOT_OURS, Effects, Verdict
from marketplace.domains.payments.service.terms import terms
from marketplace.domains.payments.types import Outcome
from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers import payments as protocol
from marketplace.providers import stripe
from marketplace.providers.payments import Event, OutcomeUnknown, Refund, Refused, SignatureInvalid

log = structlog.get_logger()


def receive_webhook(*, body: bytes, signature: str) -> None:
    """Verify a webhook on its raw bytes and take it in; refuses one that the provider did not sign."""
    provider = stripe.provider()
    try:
        event = provider.read_event(body, signature)
    except SignatureInvalid as error:
        raise BadSignature from error
    except protocol.NotAnEvent as error:
        raise NotAnEvent from error
    receive_event(event, provider=provider.name)


def receive_event(event: Event, *, provider: str) -> None:
    """Store a verified event with its effect, unless it is stored already."""
    inbox.take_in(event, provider=provider, reference=_reference(event), effects=_EFFECTS)


def read_kept(*, provider_reference: str) -> None:
    """Apply what came before we knew the thing it is about, in the order it happened."""
    query = (
        select(ProviderEventRow)
        .where(
            ProviderEventRow.object_reference == provider_reference,
            ProviderEventRow.outcome == Outcome.UNMATCHED,
        )
        .order_by(ProviderEventRow.occurred_at, ProviderEventRow.id)
    )
    with unit_of_work() as unit:
        rows.take_turn(unit, provider_reference)
        for row in unit.session.scalars(query).all():
            event = Event(
                id=row.event_id,
                type=row.type,
                created_at=row.occurred_at,
                account=row.account,
                object=msgspec.json.decode(row.payload),
            )
            inbox.apply(unit, row, event, _EFFECTS)


def look(*, provider_reference: str) -> None:
    """Ask the provider how an unpaid hold's payment stands, for news that was lost."""
    try:
        payment = stripe.provider().get_payment(provider_reference)
    except (Refused, OutcomeUnknown) as error:
        log.warning("payment_not_seen", provider_reference=provider_reference, error=str(error))
        return
    effect = _PAYMENT_ENDS.get(payment.status)
    if effect is None:
        return
    told = Event(
        id="",
        type="",
        created_at=clock.now(),
        account=None,
        object={"id": payment.reference, "amount": payment.amount.minor, "currency": payment.amount.currency},
    )
    with unit_of_work() as unit:
        rows.take_turn(unit, provider_reference)
        outcome, note = effect(unit, told)
    if outcome is Outcome.FLAGGED:
        log.error("payment_contradicts_the_books", provider_reference=provider_reference, note=note)


def _reference(event: Event) -> str:
    """What the event is about: a charge's and a refund's is the payment intent."""
    key = "payment_intent" if event.type.startswith(("charge.", "refund.")) else "id"
    return inbox.reference_of(event.object.get(key))


def _payment_succeeded(unit: UnitOfWork, event: Event) -> Verdict:
    row = rows.find_hold_at_provider(unit, _reference(event))
    if row is None:
        return NOT_OURS
    if not rules.can(rules.HOLD, "confirm", row.status):
        return KNOWN
    received = event.object.get("amount_received")
    said = event.object.get("amount") if received is None else received
    paid = _paid(row, said, event.object)
    if paid is None:
        return _mismatch(row, said, event.object)
    _confirm(unit, row, paid)
    if row.called_off:
        refund.begin(unit, row, actors={rules.HOUSE})
    else:
        unit.record(PaymentHeld(**rows.told_of_hold(row)))
    return DONE


def _payment_failed(unit: UnitOfWork, event: Event) -> Verdict:
    row = rows.find_hold_at_provider(unit, _reference(event))
    if row is None:
        return NOT_OURS
    if not rules.can(rules.HOLD, "fail", row.status):
        return KNOWN
    error = event.object.get("last_payment_error")
    reason = str(error.get("message") or "") if isinstance(error, Mapping) else ""
    row.status = rules.HOLD.decide("fail", state=row.status, actors={rules.PROVIDER})
    row.failure = reason or "The payment did not go through."
    unit.record(PaymentFailed(**rows.told_of_hold(row), reason=row.failure))
    return DONE


def _payment_cancelled(unit: UnitOfWork, event: Event) -> Verdict:
    row = rows.find_hold_at_provider(unit, _reference(event))
    if row is None:
        return NOT_OURS
    if not rules.can(rules.HOLD, "cancel", row.status):
        return KNOWN
    row.status = rules.HOLD.decide("cancel", state=row.status, actors={rules.PROVIDER})
    unit.record(PaymentCancelled(**rows.told_of_hold(row)))
    return DONE


def _charge_refunded(unit: UnitOfWork, event: Event) -> Verdict:
    """Our own refund confirmed, or one that was made in the provider's dashboard."""
    row = rows.find_hold_at_provider(unit, _reference(event))
    if row is None:
        return NOT_OURS
    if rules.is_refunded(row.status):
        return KNOWN
    if rules.is_refund_under_way(row.status):
        # It may still be pending, which the charge does not tell.
        refund.look(unit, row)
        return DONE
    if rules.is_released(row.status):
        return Outcome.FLAGGED, f"Hold {row.id} was refunded at the provider after its release."
    return _refunded_elsewhere(unit, row, event)


def _refunded_elsewhere(unit: UnitOfWork, row: HoldRow, event: Event) -> Verdict:
    said, back = event.object.get("amount"), event.object.get("amount_refunded")
    paid = _paid(row, said, event.object)
    if paid is None:
        return _mismatch(row, said, event.object)
    if back != paid:
        return Outcome.FLAGGED, f"Hold {row.id} of {paid} was refunded in part at the provider: {back}."
    if rules.can(rules.HOLD, "confirm", row.status):
        # The refund's event overtook the payment's.
        _confirm(unit, row, paid)
    refund.note_made_elsewhere(unit, row)
    return DONE


def _refund_told(unit: UnitOfWork, event: Event) -> Verdict:
    """News of a refund. That it failed is its end; all else may be old by now, so the provider is asked."""
    row = rows.find_hold_at_provider(unit, _reference(event))
    if row is None:
        return NOT_OURS
    told = Refund(reference=str(event.object.get("id")), status=str(event.object.get("status")))
    if not refund.is_known(row) or row.refund_reference not in {None, told.reference}:
        return KNOWN
    has_failed = rules.refund_was_refused(told.status)
    if has_failed and row.refund_reference is not None:
        refund.take_over(unit, row, told)
    elif has_failed or rules.is_refund_under_way(row.status):
        refund.look(unit, row)
    else:
        return KNOWN
    return DONE


def _payout_paid(unit: UnitOfWork, event: Event) -> Verdict:
    row = rows.find_withdrawal_at_provider(unit, _reference(event))
    if row is None:
        return NOT_OURS
    return DONE if payouts.complete(unit, row) else KNOWN


def _payout_failed(unit: UnitOfWork, event: Event) -> Verdict:
    row = rows.find_withdrawal_at_provider(unit, _reference(event))
    if row is None:
        return NOT_OURS
    reason = str(event.object.get("failure_message") or "The bank did not take the payout.")
    return DONE if payouts.bounce(unit, row, reason) else KNOWN


def _transfer_reversed(unit: UnitOfWork, event: Event) -> Verdict:
    """Our own reversal confirmed, or one that was made in the provider's dashboard."""
    row = rows.find_withdrawal_of_transfer(unit, _reference(event))
    if row is None:
        return NOT_OURS
    if event.object.get("reversed") is not True:
        return Outcome.FLAGGED, f"The transfer of withdrawal {row.id} was reversed in part at the provider."
    if payouts.give_back(unit, row):
        return DONE
    if rules.is_returned(row.status):
        return KNOWN
    return Outcome.FLAGGED, f"The transfer of withdrawal {row.id}, which is {row.status}, was reversed."


def _account_updated(unit: UnitOfWork, event: Event) -> Verdict:
    flags = {
        name: event.object.get(name) is True
        for name in ("charges_enabled", "payouts_enabled", "details_submitted")
    }
    known = connect.note_change(unit, reference=_reference(event), at=event.created_at, flags=flags)
    if known is None:
        return NOT_OURS
    return DONE if known else KNOWN


_PAYMENT_ENDS: Effects = {
    "succeeded": _payment_succeeded,
    "canceled": _payment_cancelled,
}
_EFFECTS: Effects = {
    "payment_intent.succeeded": _payment_succeeded,
    "payment_intent.payment_failed": _payment_failed,
    "payment_intent.canceled": _payment_cancelled,
    "charge.refunded": _charge_refunded,
    "charge.refund.updated": _refund_told,
    "refund.updated": _refund_told,
    "refund.failed": _refund_told,
    "account.updated": _account_updated,
    "payout.paid": _payout_paid,
    "payout.failed": _payout_failed,
    "payout.canceled": _payout_failed,
    "transfer.reversed": _transfer_reversed,
}


def _paid(row: HoldRow, said: Any, thing: Mapping[str, Any]) -> int | None:
    # Once money is here it is one amount; until then it may be any that the provider was asked for.
    asked = row.asked_minors if row.funded_at is None else [row.amount_minor]
    return rules.paid_minor(queries.to_hold(row), asked, minor=said, currency=thing.get("currency"))


def _mismatch(row: HoldRow, said: Any, thing: Mapping[str, Any]) -> Verdict:
    other = f"{said} {thing.get('currency')}"
    return Outcome.FLAGGED, f"Hold {row.id} is of {row.amount_minor} {row.currency}, the event of {other}."


def _confirm(unit: UnitOfWork, row: HoldRow, paid: int) -> None:
    """Book the payment of a locked hold; one that nobody wants any more is marked to go back."""
    row.called_off = row.called_off or queries.is_taken(row.reference, but_hold_id=row.id)
    row.status = rules.HOLD.decide("confirm", state=row.status, actors={rules.PROVIDER})
    if paid != row.amount_minor:
        row.amount_minor = paid
        row.fee_minor = terms.fee_of(Money(paid, row.currency)).minor
    row.failure = ""
    row.funded_at = clock.now()
    ledger.fund(unit, row)
