"""What people do outside the API: the payer pays an order at Razorpay's page, or tries in vain."""

from typing import Any

from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.sandbox.acts import Acted, NothingWithThatReference, Outcome, Shown
from marketplace.providers.sandbox.razorpay import orders, store, webhooks
from marketplace.providers.sandbox.razorpay.house import house
from marketplace.providers.sandbox.razorpay.rules import ORDER, PAYER

_ENDS = {Outcome.SUCCEEDED: orders.pay, Outcome.FAILED: orders.decline}


def act(reference: str, outcome: Outcome) -> Acted:
    """Let the payer act; answers what their page is told, once the webhooks' receiver has been told."""
    with unit_of_work() as unit:
        order = store.find_locked(unit, "order", reference)
        if order is None:
            raise NothingWithThatReference
        payment, events = _ENDS[outcome](unit, order)
    told = [webhooks.await_delivery(event) for event in events]
    return Acted(
        reference=reference,
        status=order.body["status"],
        webhook_status=told[-1],
        checkout=_told_to_page(payment.body),
    )


def list_payments(most: int) -> list[Shown]:
    """The newest orders; an open one waits for its payer."""
    return [
        Shown(
            reference=body["id"],
            amount=Money(body["amount"], body["currency"]),
            status=body["status"],
            is_open=bool(ORDER.allowed(state=body["status"], actors=PAYER)),
        )
        for body in store.list_newest("order", most)
    ]


def _told_to_page(payment: dict[str, Any]) -> dict[str, Any]:
    order_reference, payment_reference = payment["order_id"], payment["id"]
    if payment["captured"]:
        signed = f"{order_reference}|{payment_reference}".encode()
        return {
            "razorpay_payment_id": payment_reference,
            "razorpay_order_id": order_reference,
            "razorpay_signature": webhooks.sign(signed, house.keys[1]),
        }
    told = {name.removeprefix("error_"): payment[name] for name in orders.DECLINED}
    metadata = {"order_id": order_reference, "payment_id": payment_reference}
    return {"error": {**told, "metadata": metadata}}
