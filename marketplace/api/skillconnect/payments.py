"""`/api/v1/messaging/`: payment requests, and paying them through Razorpay."""

from typing import Any

from marketplace.api.authentication import current_person, signed_in
from marketplace.api.limits import limited
from marketplace.api.skillconnect.dialect import blueprint, messaging_dialect
from marketplace.api.skillconnect.schemas.payments import (
    CheckoutOut,
    PaidOut,
    PaymentRequestIn,
    PaymentRequestOut,
    ProofIn,
)
from marketplace.domains.accounts.errors import PersonGone
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import ContractUnfit
from marketplace.domains.messaging.errors import RoomClosed, RoomNotFound
from marketplace.domains.payments import errors
from marketplace.domains.payments import public as money
from marketplace.kernel.process import NotYours

payments = blueprint(
    "Payments", "messaging", "Payment requests, and paying them through Razorpay.", speech=messaging_dialect
)


@payments.get("/payment-requests/")
@signed_in()
@payments.answers(200, list[PaymentRequestOut])
def list_payment_requests() -> list[PaymentRequestOut]:
    """What one has asked for, and what one is asked for, newest first."""
    return [PaymentRequestOut.of(view) for view in deals.list_payment_requests(actor=current_person())]


@payments.post("/payment-requests/")
@signed_in()
@limited("money")
@payments.takes(PaymentRequestIn)
@payments.answers(201, PaymentRequestOut)
@payments.refuses(
    RoomNotFound,
    RoomClosed,
    NotYours,
    PersonGone,
    ContractUnfit,
    errors.AmountTooSmall,
    errors.AmountTooLarge,
)
def create_payment_request(body: dict[str, Any]) -> PaymentRequestOut:
    """Ask the client of a conversation for an amount; only its freelancer may."""
    return PaymentRequestOut.of(deals.request_payment(actor=current_person(), **body))


@payments.post("/payments/<id:request_id>/create-razorpay-order/")
@signed_in()
@limited("money")
@payments.answers(200, CheckoutOut)
@payments.refuses(
    errors.PaymentRequestNotFound,
    NotYours,
    errors.AlreadyPaid,
    errors.RequestCancelled,
    errors.ProviderUnavailable,
    errors.ProviderNotSetUp,
)
def create_razorpay_order(request_id: int) -> CheckoutOut:
    """Get what Razorpay's page needs to pay a request; while it is unpaid, the same order."""
    return CheckoutOut.of(money.open_razorpay_order(actor=current_person(), request_id=request_id))


@payments.post("/payments/<id:request_id>/verify-razorpay-payment/")
@signed_in()
@limited("money")
@payments.takes(ProofIn)
@payments.answers(200, PaidOut)
@payments.refuses(
    errors.PaymentRequestNotFound,
    NotYours,
    errors.PaymentNotProven,
    errors.RequestCancelled,
    errors.ProviderNotSetUp,
)
def verify_razorpay_payment(proof: dict[str, str], request_id: int) -> PaidOut:
    """Prove by what Razorpay's page was told that a request is paid."""
    money.verify_razorpay_payment(actor=current_person(), request_id=request_id, **proof)
    return PaidOut()
