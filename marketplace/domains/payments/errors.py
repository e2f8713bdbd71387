"""How payments refuses."""

from marketplace.kernel.errors import Conflict, Invalid, NotFound, Unavailable


class HoldNotFound(NotFound):
    """Not found."""

    code = "hold_not_found"


class AmountBelowAgreed(Invalid):
    """The amount may not be below the agreed price."""

    code = "amount_below_agreed"
    field = "amount"


class AmountTooLarge(Invalid):
    """The amount is more than can be paid at once."""

    code = "amount_too_large"
    field = "amount"


class AmountTooSmall(Invalid):
    """The amount is less than can be paid."""

    code = "amount_too_small"
    field = "amount"


class PaymentRequestNotFound(NotFound):
    """Not found."""

    code = "payment_request_not_found"


class AlreadyPaid(Conflict):
    """Payment request is already paid."""

    code = "payment_request_paid"


class RequestCancelled(Conflict):
    """Payment request is cancelled: one of the two has left."""

    code = "payment_request_cancelled"


class PaymentNotProven(Invalid):
    """Invalid signature!"""

    code = "payment_not_proven"


class ProviderNotSetUp(Unavailable):
    """Payments are not set up here."""

    code = "provider_not_set_up"


class AlreadyFunded(Conflict):
    """This is already paid for."""

    code = "already_funded"


class BeingPaid(Conflict):
    """This payment is being confirmed; wait for its outcome."""

    code = "being_paid"


class OtherTerms(Conflict):
    """There is a payment for this with other people or in another currency."""

    code = "other_terms"


class HoldMoved(Conflict):
    """This changed while the payment was being prepared; look at it again."""

    code = "hold_moved"


class PaymentRefused(Conflict):
    """The payment provider refused this payment."""

    code = "payment_refused"


class RefundRefused(Conflict):
    """The payment provider refused the refund; the money stays in escrow."""

    code = "refund_refused"


class RefundUnderWay(Unavailable):
    """The refund has been asked for and is not confirmed yet; look at the escrow again later."""

    code = "refund_under_way"


class ProviderUnavailable(Unavailable):
    """The payment provider does not answer; try again later."""

    code = "provider_unavailable"


class BadSignature(Invalid):
    """The signature of this event is missing or wrong."""

    code = "bad_signature"


class NotAnEvent(Invalid):
    """This is not an event: it needs an id and a type."""

    code = "not_an_event"


class NotAtProvider(Conflict):
    """The payment provider does not know this."""

    code = "not_at_provider"


class InsufficientFunds(Invalid):
    """The amount is more than the available balance."""

    code = "insufficient_funds"
    field = "amount"


class MoneyInEscrow(Conflict):
    """Money of yours is in escrow: have it released or refunded first."""

    code = "money_in_escrow"


class MoneyInWallet(Conflict):
    """There is money in your wallet or on its way to your bank: withdraw it and wait for it to arrive."""

    code = "money_in_wallet"


class PayoutsNotEnabled(Conflict):
    """Complete your payout account first: it cannot receive payouts yet."""

    code = "payouts_not_enabled"


class PayoutAccountRefused(Conflict):
    """The payment provider refused to open a payout account."""

    code = "payout_account_refused"


class PaymentMethodNotFound(NotFound):
    """Not found."""

    code = "payment_method_not_found"


class PaymentMethodRefused(Invalid):
    """The payment provider refused this payment method."""

    code = "payment_method_refused"
    field = "payment_method_id"


class OriginNotAllowed(Invalid):
    """This address is not on the list of allowed origins."""

    code = "origin_not_allowed"


class WithdrawalNotFound(NotFound):
    """Not found."""

    code = "withdrawal_not_found"
