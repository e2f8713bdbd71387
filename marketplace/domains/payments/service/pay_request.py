"""A payment request is paid: so the payer's page was told, or says a webhook, or answers the provider.

All three end here, and the first that comes is booked. The money goes through a hold of its own, into it and
out of it at once: asking for it was the agreement, so nothing waits for a release.
"""

import structlog
from sqlalchemy import exists, select

from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import rules
from marketplace.domains.payments.errors import PaymentNotProven, ProviderNotSetUp, RequestCancelled
from marketplace.domains.payments.events import PaymentRequestPaid
from marketplace.domains.payments.models import HoldRow, PaymentRequestRow
from marketplace.domains.payments.queries.requests import to_request
from marketplace.domains.payments.service import ledger, release, rows
from marketplace.domains.payments.service.inbox import DONE, KNOWN, Verdict
from marketplace.domains.payments.service.terms import terms
from marketplace.domains.payments.types import Outcome, PaymentRequest, Provider
from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.process import NotYours
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers import razorpay
from marketplace.providers.orders import OrderProvider

log = structlog.get_logger()

# Two orders never share a payment; should that be said all the same, the first is believed.
_TAKEN = {"uq_holds_provider_reference": PaymentNotProven}


def set_up_provider() -> OrderProvider:
    """The provider of orders; refuses where there is none."""
    provider = razorpay.provider()
    if not provider.is_set_up:
        raise ProviderNotSetUp
    return provider


def verify_razorpay_payment(
    *, actor: Person, request_id: int, order_reference: str, payment_reference: str, signature: str
) -> PaymentRequest:
    """Take in what Razorpay's page told the payer's; refuses what Razorpay has not signed for this request.

    Said again of a paid request it is true again, and nothing else said of it changes anything.
    """
    provider = set_up_provider()
    with unit_of_work() as unit:
        row, standing = rows.lock_request_for(unit, actor=actor, request_id=request_id)
        if rules.PAYER not in standing:
            raise NotYours
        is_proven = order_reference == row.order_reference and provider.is_proven(
            order_reference=order_reference, payment_reference=payment_reference, signature=signature
        )
        if not is_proven:
            raise PaymentNotProven
        # An order is paid in full or not at all.
        outcome, note = arrive(
            unit, row, payment_reference=payment_reference, amount=Money(row.amount_minor, row.currency)
        )
        if outcome is Outcome.FLAGGED:
            log.error("proven_payment_contradicts_the_books", request_id=request_id, note=note)
            raise RequestCancelled if rules.is_cancelled(row.status) else PaymentNotProven
        return to_request(row)


def arrive(
    unit: UnitOfWork, row: PaymentRequestRow, *, payment_reference: str, amount: Money | None
) -> Verdict:
    """Book a payment that has arrived for a locked request, unless it is booked or contradicts the books."""
    asked = Money(row.amount_minor, row.currency)
    if rules.is_paid(row.status):
        paid_by = unit.session.get_one(HoldRow, row.hold_id).provider_reference
        if paid_by == payment_reference:
            return KNOWN
        return _contradicts(row, f"is paid by {paid_by}, and {payment_reference} came too")
    if not rules.can(rules.REQUEST, "pay", row.status):
        return _contradicts(row, f"is {row.status}, and {payment_reference} came")
    if amount != asked:
        return _contradicts(row, f"is of {asked}, the payment {payment_reference} of {amount}")
    if unit.session.scalar(select(exists().where(HoldRow.provider_reference == payment_reference))):
        return _contradicts(row, f"is said to be paid by {payment_reference}, which has paid another")
    _book(unit, row, payment_reference)
    return DONE


def _contradicts(row: PaymentRequestRow, how: str) -> Verdict:
    return Outcome.FLAGGED, f"Payment request {row.id} {how}."


def _book(unit: UnitOfWork, row: PaymentRequestRow, payment_reference: str) -> None:
    now = clock.now()
    hold = HoldRow(
        provider=Provider.RAZORPAY,
        provider_reference=payment_reference,
        reference=to_request(row).name,
        subject=row.reference,
        payer_id=row.payer_id,
        payee_id=row.payee_id,
        amount_minor=row.amount_minor,
        agreed_minor=row.amount_minor,
        asked_minors=[row.amount_minor],
        fee_minor=terms.fee_of(Money(row.amount_minor, row.currency)).minor,
        currency=row.currency,
        status=rules.HOLD.initial,
        created_at=now,
    )
    unit.session.add(hold)
    unit.flush(_TAKEN)
    hold.status = rules.HOLD.decide("confirm", state=hold.status, actors={rules.PROVIDER})
    hold.funded_at = now
    ledger.fund(unit, hold)
    release.let_go(unit, hold, actors={rules.PAYER})
    row.status = rules.REQUEST.decide("pay", state=row.status, actors={rules.PROVIDER})
    row.hold_id = hold.id
    row.paid_at = now
    unit.record(PaymentRequestPaid(**rows.told_of_request(row), hold_id=hold.id))
