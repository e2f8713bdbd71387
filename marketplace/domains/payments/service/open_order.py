"""The order with which a payment request is paid at Razorpay: one for each, the same while it is unpaid.

That Razorpay is asked for it is noted first. So when a call breaks, the next one looks for what it may have
made, by the receipt: the request's id.
"""

import structlog

from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import rules
from marketplace.domains.payments.errors import AlreadyPaid, ProviderNotSetUp, ProviderUnavailable
from marketplace.domains.payments.queries.requests import to_request
from marketplace.domains.payments.service import pay_request, rows
from marketplace.domains.payments.types import Checkout, Outcome, PaymentRequest
from marketplace.kernel.clock import clock
from marketplace.kernel.idempotency import resumable
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.orders import Order
from marketplace.providers.payments import OutcomeUnknown, ProviderError, Refused

log = structlog.get_logger()

_TAKEN = {"uq_payment_requests_order_reference": ProviderUnavailable}


@resumable()
def open_razorpay_order(*, actor: Person, request_id: int) -> Checkout:
    """What the payer's page needs to pay a request; refuses one that is paid, also if only Razorpay knows.

    Outside any unit of work, since it asks Razorpay.
    """
    provider = pay_request.set_up_provider()
    request, was_asked = _begin(actor, request_id)
    try:
        if request.order_reference is None:
            request = _note_order(request.id, _order(request, was_asked=was_asked))
        elif look(request):
            raise AlreadyPaid
    except ProviderError as error:
        raise ProviderUnavailable from error
    return Checkout(
        order_reference=request.order_reference or "",
        key=provider.public_key,
        amount=request.amount,
        description=request.description,
    )


def look(request: PaymentRequest) -> bool:
    """Ask the provider whether a request's order is paid, for news that was lost; if so, it is booked."""
    provider = pay_request.set_up_provider()
    order_reference = request.order_reference or ""
    if not provider.get_order(order_reference).is_paid:
        return False
    payment = provider.find_payment(order_reference)
    if payment is None:
        raise OutcomeUnknown(f"order {order_reference} is paid, and its payment is not shown")
    with unit_of_work() as unit:
        row = rows.lock_request(unit, request.id)
        outcome, note = pay_request.arrive(
            unit, row, payment_reference=payment.reference, amount=payment.amount
        )
    if outcome is Outcome.FLAGGED:
        log.error("payment_contradicts_the_books", request_id=request.id, note=note)
    return True


def look_after(request: PaymentRequest) -> None:
    """The same for an operator, to whom it is not known now if the provider does not answer."""
    try:
        look(request)
    except (ProviderError, ProviderNotSetUp) as error:
        log.warning("order_not_seen", request_id=request.id, error=str(error))


def _begin(actor: Person, request_id: int) -> tuple[PaymentRequest, bool]:
    """The request, and whether the provider was asked for its order before."""
    with unit_of_work() as unit:
        row, standing = rows.lock_request_for(unit, actor=actor, request_id=request_id)
        rules.check_payer_of_open(row.status, standing)
        was_asked = row.asked_at is not None
        row.asked_at = row.asked_at or clock.now()
        return to_request(row), was_asked


def _order(request: PaymentRequest, *, was_asked: bool) -> Order:
    provider = pay_request.set_up_provider()
    receipt = str(request.id)
    made = provider.find_order(receipt=receipt) if was_asked else None
    if made is None or not rules.is_order_of(request, amount=made.amount, created_at=made.created_at):
        made = provider.create_order(request.amount, receipt=receipt)
    if made.amount != request.amount:
        raise Refused(f"order {made.reference} is of {made.amount}, not {request.amount}")
    return made


def _note_order(request_id: int, order: Order) -> PaymentRequest:
    with unit_of_work() as unit:
        row = rows.lock_request(unit, request_id)
        rules.check_request_open(row.status)
        # Of two that were made at once the first is kept; nobody ever hears of the other.
        row.order_reference = row.order_reference or order.reference
        unit.flush(_TAKEN)
        return to_request(row)
