"""Payment intents and refunds, as Stripe's API makes and changes them."""

from typing import Any

from marketplace.kernel.process import WrongState
from marketplace.kernel.unit_of_work import UnitOfWork
from marketplace.providers.sandbox.models import SandboxObject
from marketplace.providers.sandbox.stripe import forms, store, webhooks
from marketplace.providers.sandbox.stripe.calls import Call
from marketplace.providers.sandbox.stripe.errors import outcome
from marketplace.providers.sandbox.stripe.rules import API, BANK, PAYMENT, REFUND

SECRET_LENGTH = 25
UNEXPECTED_STATE = "payment_intent_unexpected_state"
DECLINED = {
    "type": "card_error",
    "code": "card_declined",
    "decline_code": "generic_decline",
    "message": "Your card was declined.",
}


def create(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Open an intent."""
    amount, currency = forms.amount(call.params), forms.currency(call.params)
    fields = {
        "amount": amount,
        "amount_received": 0,
        "automatic_payment_methods": {"enabled": True},
        "canceled_at": None,
        "capture_method": "automatic",
        "currency": currency,
        "customer": _customer(unit, call),
        "last_payment_error": None,
        "latest_charge": None,
        "metadata": forms.metadata(call.params),
        "payment_method": None,
        "payment_method_types": ["card"],
        "status": PAYMENT.initial,
    }
    row = store.create(unit, "payment_intent", fields)
    store.change(row, client_secret=f"{row.id}_secret_{store.random_word(SECRET_LENGTH)}")
    return row.body


def update(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Change an unpaid intent."""
    row = store.get_locked(unit, "payment_intent", call.ids["intent"], param="intent")
    changes: dict[str, Any] = {"metadata": {**row.body["metadata"], **forms.metadata(call.params)}}
    if "amount" in call.params:
        changes["amount"] = forms.amount(call.params)
    store.change(row, status=_decide("update", row), **changes)
    return row.body


def cancel(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Cancel an unpaid intent."""
    row = store.get_locked(unit, "payment_intent", call.ids["intent"], param="intent")
    reason = call.params.get("cancellation_reason")
    store.change(
        row, status=_decide("cancel", row), canceled_at=store.timestamp(), cancellation_reason=reason
    )
    webhooks.announce(unit, "payment_intent.canceled", row.body, is_later=True)
    return row.body


def pay(unit: UnitOfWork, row: SandboxObject, *, status: str) -> str:
    """Let the payer's card be charged; answers the event."""
    body = row.body
    charge = store.create(
        unit,
        "charge",
        {
            "amount": body["amount"],
            "amount_captured": body["amount"],
            "amount_refunded": 0,
            "captured": True,
            "currency": body["currency"],
            "metadata": body["metadata"],
            "paid": True,
            "payment_intent": row.id,
            "refunded": False,
            "status": "succeeded",
        },
    )
    store.change(
        row,
        status=status,
        amount_received=body["amount"],
        latest_charge=charge.id,
        last_payment_error=None,
        payment_method=f"pm_{store.random_word()}",
    )
    return webhooks.announce(unit, "payment_intent.succeeded", row.body)


def decline(unit: UnitOfWork, row: SandboxObject, *, status: str) -> str:
    """Let the payer's card be declined; the intent may be paid with another. Answers the event."""
    store.change(row, status=status, last_payment_error=DECLINED)
    return webhooks.announce(unit, "payment_intent.payment_failed", row.body)


def refund(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Send a payment's money, or a part of it, back to the payer."""
    reference = forms.text(call.params, "payment_intent")
    intent = store.get_locked(unit, "payment_intent", reference, param="payment_intent")
    _decide("refund", intent)
    charge = store.get_locked(unit, "charge", intent.body["latest_charge"])
    left = charge.body["amount"] - charge.body["amount_refunded"]
    amount = forms.amount(call.params) if "amount" in call.params else left
    if left == 0:
        raise outcome(f"Charge {charge.id} has already been refunded.", "charge_already_refunded")
    if amount > left:
        raise outcome(
            f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount"
        )
    fields = {
        "amount": amount,
        "charge": charge.id,
        "currency": charge.body["currency"],
        "metadata": forms.metadata(call.params),
        "payment_intent": intent.id,
        "status": REFUND.initial,
    }
    if not call.is_slow:
        fields["status"] = REFUND.decide("arrive", state=REFUND.initial, actors=BANK)
    row = store.create(unit, "refund", fields)
    store.change(charge, amount_refunded=charge.body["amount_refunded"] + amount, refunded=amount == left)
    webhooks.announce(unit, "charge.refunded", charge.body, is_later=True)
    return row.body


def _customer(unit: UnitOfWork, call: Call) -> str | None:
    if "customer" not in call.params:
        return None
    return store.get_locked(unit, "customer", forms.text(call.params, "customer"), param="customer").id


def refund_arrives(unit: UnitOfWork, row: SandboxObject, *, status: str) -> str:
    """Let a refund have reached the payer; answers the event."""
    store.change(row, status=status)
    return webhooks.announce(unit, "refund.updated", row.body)


def refund_fails(unit: UnitOfWork, row: SandboxObject, *, status: str) -> str:
    """Let the payer's bank send a refund back; answers the event."""
    charge = store.get_locked(unit, "charge", row.body["charge"])
    refunded = charge.body["amount_refunded"] - row.body["amount"]
    store.change(charge, amount_refunded=refunded, refunded=False)
    store.change(row, status=status, failure_reason="expired_or_canceled_card")
    return webhooks.announce(unit, "refund.failed", row.body)


def _decide(action: str, row: SandboxObject) -> str:
    try:
        return PAYMENT.decide(action, state=row.body["status"], actors=API)
    except WrongState as error:
        raise outcome(
            f"You cannot {action} this PaymentIntent because it has a status of {row.body['status']}.",
            UNEXPECTED_STATE,
        ) from error
