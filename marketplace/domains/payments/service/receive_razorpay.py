"""Razorpay's webhooks: what each says of payment requests."""

from collections.abc import Mapping
from typing import Any

from marketplace.domains.payments.errors import BadSignature, NotAnEvent
from marketplace.domains.payments.service import inbox, pay_request, rows
from marketplace.domains.payments.service.inbox import NOT_OURS, Effects, Verdict
from marketplace.domains.payments.types import Outcome, Provider
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import UnitOfWork
from marketplace.providers import payments as protocol
from marketplace.providers import razorpay
from marketplace.providers.payments import Event, SignatureInvalid


def receive_razorpay_webhook(*, body: bytes, signature: str, event_id: str) -> None:
    """Verify a webhook on its raw bytes and take it in; refuses one that Razorpay did not sign."""
    try:
        event = razorpay.provider().read_event(body, signature, event_id=event_id)
    except SignatureInvalid as error:
        raise BadSignature from error
    except protocol.NotAnEvent as error:
        raise NotAnEvent from error
    inbox.take_in(event, provider=Provider.RAZORPAY, reference=_reference(event), effects=_EFFECTS)


def _reference(event: Event) -> str:
    """What the event is about: an order, or the payment that went back."""
    family = event.type.rpartition(".")[0]
    kind, key = _ABOUT.get(family, ("payment", "order_id"))
    return inbox.reference_of(_thing(event, kind).get(key))


def _paid(unit: UnitOfWork, event: Event) -> Verdict:
    row = rows.find_request_of_order(unit, _reference(event))
    if row is None:
        return NOT_OURS
    payment = _thing(event, "payment")
    payment_reference = inbox.reference_of(payment.get("id"))
    if not payment_reference:
        return Outcome.FLAGGED, f"Payment request {row.id} is said to be paid by a payment without a name."
    return pay_request.arrive(unit, row, payment_reference=payment_reference, amount=_amount(payment))


def _failed(unit: UnitOfWork, event: Event) -> Verdict:
    """A payer tried in vain: the request waits for another try, or for the same one after all."""
    if rows.find_request_of_order(unit, _reference(event)) is None:
        return NOT_OURS
    return Outcome.IGNORED, str(_thing(event, "payment").get("error_description") or "")


def _went_back(unit: UnitOfWork, event: Event) -> Verdict:
    """What was the payee's at once cannot be taken from them: somebody has to look."""
    row = rows.find_hold_at_provider(unit, _reference(event))
    if row is None:
        return NOT_OURS
    return Outcome.FLAGGED, f"Hold {row.id} went back to its payer at the provider after its release."


_ABOUT = {
    "order": ("order", "id"),
    "refund": ("refund", "payment_id"),
    "payment.dispute": ("dispute", "payment_id"),
}
_EFFECTS: Effects = {
    "order.paid": _paid,
    "payment.captured": _paid,
    "payment.failed": _failed,
    "refund.processed": _went_back,
    "payment.dispute.lost": _went_back,
}


def _thing(event: Event, kind: str) -> Mapping[str, Any]:
    thing = event.object.get(kind)
    return thing if isinstance(thing, Mapping) else {}


def _amount(payment: Mapping[str, Any]) -> Money | None:
    minor, currency = payment.get("amount"), payment.get("currency")
    if isinstance(minor, bool) or not isinstance(minor, int) or not isinstance(currency, str):
        return None
    return Money(minor, currency)
