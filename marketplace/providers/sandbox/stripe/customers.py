"""Customers and the cards that are kept for them.

Stripe's form in the payer's browser is not played. An id that nobody has seen is a card just typed in there,
and Stripe's cards for tests (`pm_card_visa`, `pm_card_chargeDeclined`) are as they are at Stripe.
"""

from typing import Any

from sqlalchemy import func, select

from marketplace.kernel.process import WrongState
from marketplace.kernel.unit_of_work import UnitOfWork
from marketplace.providers.sandbox.models import SandboxObject
from marketplace.providers.sandbox.stripe import forms, store
from marketplace.providers.sandbox.stripe.calls import Call
from marketplace.providers.sandbox.stripe.errors import StripeRefusal, no_such, outcome
from marketplace.providers.sandbox.stripe.rules import API, CARD

FOR_TESTS = "pm_card_"
LAST4 = {"visa": "4242", "mastercard": "4444", "amex": "8431", "discover": "1117", "jcb": "0505"}
DECLINED = "chargeDeclined"
EXPIRES_AFTER_YEARS = 3
SECONDS_A_YEAR = 31_556_952
EPOCH_YEAR = 1970


def create(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Make a customer."""
    fields = {"email": call.params.get("email"), "metadata": forms.metadata(call.params), "name": None}
    return store.create(unit, "customer", fields).body


def attach(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Keep a card for a customer; once more for the same one changes nothing."""
    customer = store.get_locked(unit, "customer", forms.text(call.params, "customer"), param="customer")
    row = _card(unit, call.ids["method"])
    if row.body["customer"] not in {None, customer.id}:
        raise outcome("The payment method you provided has already been attached to a customer.")
    _move(row, "attach")
    store.change(row, customer=customer.id)
    return row.body


def detach(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Keep a card no longer."""
    row = store.get_locked(unit, "payment_method", call.ids["method"], param="payment_method")
    _move(row, "detach")
    store.change(row, customer=None)
    return row.body


def _card(unit: UnitOfWork, reference: str) -> SandboxObject:
    if not reference.startswith("pm_") or not store.is_id(reference):
        raise no_such("PaymentMethod", reference, "payment_method")
    # Of two who show a new id at once one waits: there is no row to lock yet.
    unit.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(reference, 0))))
    known = store.find_locked(unit, "payment_method", reference)
    if known is not None:
        return known
    if reference.endswith(DECLINED):
        raise outcome("Your card was declined.", "card_declined")
    for_tests = reference.startswith(FOR_TESTS)
    brand = reference.removeprefix(FOR_TESTS) if for_tests else "visa"
    if brand not in LAST4:
        raise no_such("PaymentMethod", reference, "payment_method")
    year = EPOCH_YEAR + store.timestamp() // SECONDS_A_YEAR + EXPIRES_AFTER_YEARS
    card = {"brand": brand, "exp_month": 12, "exp_year": year, "funding": "credit", "last4": LAST4[brand]}
    fields = {"billing_details": {}, "card": card, "customer": None, "metadata": {}, "type": "card"}
    return store.create(
        unit,
        "payment_method",
        fields,
        hidden={"state": CARD.initial},
        reference=None if for_tests else reference,
    )


def _move(row: SandboxObject, action: str) -> None:
    try:
        store.note(row, state=CARD.decide(action, state=row.hidden["state"], actors=API))
    except WrongState as error:
        sentence = (
            "This PaymentMethod was detached from a Customer, and may not be used again."
            if action == "attach"
            else "The payment method you provided is not attached to a customer so detachment is impossible."
        )
        raise StripeRefusal(sentence, is_kept=True) from error
