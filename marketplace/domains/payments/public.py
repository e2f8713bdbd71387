"""What others may ask of payments."""

from marketplace.domains.payments.queries import (
    find_hold,
    find_latest_hold,
    find_withdrawal,
    list_latest_holds,
    list_payment_methods,
    list_withdrawals,
)
from marketplace.domains.payments.queries.requests import (
    find_payment_requests,
    is_paid_for,
    list_payment_requests,
)
from marketplace.domains.payments.queries.wallet import get_wallet, list_lines
from marketplace.domains.payments.service.ask import ask_payment
from marketplace.domains.payments.service.connect import (
    get_payout_account,
    open_onboarding,
    open_payout_account,
)
from marketplace.domains.payments.service.leave import leave
from marketplace.domains.payments.service.methods import (
    add_payment_method,
    remove_payment_method,
    set_default_method,
)
from marketplace.domains.payments.service.open_hold import open_hold, open_intent, place_hold
from marketplace.domains.payments.service.open_order import open_razorpay_order
from marketplace.domains.payments.service.pay_request import verify_razorpay_payment
from marketplace.domains.payments.service.receive import receive_event, receive_webhook
from marketplace.domains.payments.service.receive_razorpay import receive_razorpay_webhook
from marketplace.domains.payments.service.refund import call_off, get_refund, refund, request_refund
from marketplace.domains.payments.service.release import release
from marketplace.domains.payments.service.rows import HoldView, get_hold
from marketplace.domains.payments.service.terms import configure
from marketplace.domains.payments.service.verify import verify
from marketplace.domains.payments.service.withdraw import withdraw
from marketplace.domains.payments.types import (
    Checkout,
    Finding,
    Hold,
    HoldStatus,
    Intent,
    Line,
    LineKind,
    LineStatus,
    PaymentMethod,
    PaymentRequest,
    PayoutAccount,
    RequestStatus,
    Wallet,
    Withdrawal,
    WithdrawalStatus,
)

__all__ = [
    "Checkout",
    "Finding",
    "Hold",
    "HoldStatus",
    "HoldView",
    "Intent",
    "Line",
    "LineKind",
    "LineStatus",
    "PaymentMethod",
    "PaymentRequest",
    "PayoutAccount",
    "RequestStatus",
    "Wallet",
    "Withdrawal",
    "WithdrawalStatus",
    "add_payment_method",
    "ask_payment",
    "call_off",
    "configure",
    "find_hold",
    "find_latest_hold",
    "find_payment_requests",
    "find_withdrawal",
    "get_hold",
    "get_payout_account",
    "get_refund",
    "get_wallet",
    "is_paid_for",
    "leave",
    "list_latest_holds",
    "list_lines",
    "list_payment_methods",
    "list_payment_requests",
    "list_withdrawals",
    "open_hold",
    "open_intent",
    "open_onboarding",
    "open_payout_account",
    "open_razorpay_order",
    "place_hold",
    "receive_event",
    "receive_razorpay_webhook",
    "receive_webhook",
    "refund",
    "release",
    "remove_payment_method",
    "request_refund",
    "set_default_method",
    "verify",
    "verify_razorpay_payment",
    "withdraw",
]
