"""Orders, as Razorpay's API makes them, and the payments that payers make for them."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec

from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers.sandbox.models import SandboxObject
from marketplace.providers.sandbox.razorpay import store, webhooks
from marketplace.providers.sandbox.razorpay.errors import RazorpayRefusal
from marketplace.providers.sandbox.razorpay.rules import ORDER, PAYER

MOST_LISTED = 100
DECLINED = {
    "error_code": "BAD_REQUEST_ERROR",
    "error_description": "Your payment was declined.",
    "error_source": "customer",
    "error_step": "payment_authentication",
    "error_reason": "payment_failed",
}


class Asked(msgspec.Struct):
    """What an order is made of."""

    amount: Annotated[int, msgspec.Meta(ge=100, le=10**12)]
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    receipt: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[^\x00]*$")] | None = None
    notes: Annotated[dict[str, str | int], msgspec.Meta(max_length=15)] = {}
    payment_capture: bool | int = False


def create(body: bytes) -> dict[str, Any]:
    """Make an order."""
    try:
        asked = msgspec.json.decode(body, type=Asked)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RazorpayRefusal(f"The order makes no sense: {error}") from error
    fields = {
        "amount": asked.amount,
        "amount_paid": 0,
        "amount_due": asked.amount,
        "currency": asked.currency,
        "receipt": asked.receipt,
        "offer_id": None,
        "status": ORDER.initial,
        "attempts": 0,
        "notes": asked.notes or [],
    }
    with unit_of_work() as unit:
        return store.create(unit, "order", fields).body


def list_orders(receipt: str | None) -> dict[str, Any]:
    """The newest orders, of one receipt or of all."""
    having = {} if receipt is None else {"receipt": receipt}
    return _collection(store.list_newest("order", MOST_LISTED, **having))


def list_payments(order: str) -> dict[str, Any]:
    """Every payment of an order, newest first."""
    found = store.retrieve("order", order)
    return _collection(store.list_newest("payment", MOST_LISTED, order_id=found["id"]))


def pay(unit: UnitOfWork, order: SandboxObject) -> tuple[SandboxObject, list[str]]:
    """Let an order be paid; answers the payment, and the events that tell of it."""
    status = ORDER.decide("pay", state=order.body["status"], actors=PAYER)
    payment = _payment(unit, order, status="captured", captured=True)
    amount = order.body["amount"]
    _change(order, status=status, amount_paid=amount, amount_due=0)
    told = {"payment": payment.body, "order": order.body}
    return payment, [
        webhooks.announce(unit, "payment.captured", {"payment": payment.body}),
        webhooks.announce(unit, "order.paid", told),
    ]


def decline(unit: UnitOfWork, order: SandboxObject) -> tuple[SandboxObject, list[str]]:
    """Let a payment of an order fail; the order may be paid by another."""
    status = ORDER.decide("decline", state=order.body["status"], actors=PAYER)
    payment = _payment(unit, order, status="failed", captured=False, **DECLINED)
    _change(order, status=status)
    return payment, [webhooks.announce(unit, "payment.failed", {"payment": payment.body})]


def _payment(unit: UnitOfWork, order: SandboxObject, **fields: Any) -> SandboxObject:
    _change(order, attempts=order.body["attempts"] + 1)
    shared = {
        "amount": order.body["amount"],
        "currency": order.body["currency"],
        "order_id": order.id,
        "method": "upi",
        "amount_refunded": 0,
        "refund_status": None,
        "notes": [],
        **dict.fromkeys(DECLINED),
    }
    return store.create(unit, "payment", {**shared, **fields})


def _change(order: SandboxObject, **fields: Any) -> None:
    # the JSON column notices a new dictionary only
    order.body = {**order.body, **fields}


def _collection(items: Sequence[Any]) -> dict[str, Any]:
    return {"entity": "collection", "count": len(items), "items": list(items)}
