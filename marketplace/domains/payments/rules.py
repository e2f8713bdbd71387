"""The rules of payments: pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from babel import Locale

from marketplace.domains.payments.errors import (
    AlreadyFunded,
    AlreadyPaid,
    AmountBelowAgreed,
    AmountTooLarge,
    AmountTooSmall,
    BeingPaid,
    OriginNotAllowed,
    OtherTerms,
    RequestCancelled,
)
from marketplace.domains.payments.types import (
    Hold,
    HoldStatus,
    LineStatus,
    PaymentRequest,
    RequestStatus,
    Withdrawal,
    WithdrawalStatus,
)
from marketplace.kernel.money import MAX_PAYABLE_MINOR, Money
from marketplace.kernel.process import NotYours, Process, action

PAYER = "payer"
PAYEE = "payee"
STAFF = "staff"
HOUSE = "house"
PROVIDER = "provider"

HOLD = Process(
    "escrow",
    initial=HoldStatus.PENDING,
    actions={
        # A payment that failed may be tried again with the same intent; one that was cancelled may have been
        # paid at that very moment. Money that arrives is never left out of the books.
        "confirm": action("pending", "failed", "cancelled", to="held", by={PROVIDER}),
        "fail": action("pending", to="failed", by={PROVIDER}),
        "cancel": action("pending", "failed", to="cancelled", by={HOUSE, PROVIDER}),
        "release": action("held", to="released", by={PAYER}),
        "refund": action("held", to="refunding", by={PAYER, PAYEE, STAFF, HOUSE}),
        "finish_refund": action("held", "refunding", to="refunded", by={PROVIDER}),
        "decline_refund": action("refunding", to="held", by={PROVIDER}),
        # A bank may send a refund back weeks after it counted as made.
        "return_refund": action("refunded", to="held", by={PROVIDER}),
    },
)
WITHDRAWAL = Process(
    "withdrawal",
    initial=WithdrawalStatus.PENDING,
    actions={
        "send": action("pending", to="processing", by={PROVIDER}),
        "complete": action("pending", "processing", to="completed", by={PROVIDER}),
        # A bank may send money back days after it counted as paid.
        "bounce": action("pending", "processing", "completed", to="returning", by={PROVIDER}),
        "refuse": action("pending", to="failed", by={PROVIDER}),
        "give_back": action("returning", to="failed", by={PROVIDER}),
    },
)
# A request is paid by what the provider says, whoever tells us of it: the payer, a webhook, or an answer.
REQUEST = Process(
    "payment request",
    initial=RequestStatus.PENDING,
    actions={
        "open": action("pending", to="pending", by={PAYER}),
        "pay": action("pending", to="paid", by={PAYER, PROVIDER}),
        "call_off": action("pending", to="cancelled", by={HOUSE}),
    },
)

# Holds that take up their reference: nobody may open another.
LIVE = frozenset({HoldStatus.PENDING, HoldStatus.HELD, HoldStatus.REFUNDING, HoldStatus.RELEASED})
# Holds whose account has the money, and withdrawals whose money is set aside.
FULL = frozenset({HoldStatus.HELD, HoldStatus.REFUNDING})
OPEN = frozenset({WithdrawalStatus.PENDING, WithdrawalStatus.PROCESSING, WithdrawalStatus.RETURNING})

# Holds whose money is back with the payer, for all that the provider knows.
REPAID = frozenset({HoldStatus.REFUNDED})

# When the outcome of a call is unknown, it is asked about again after these waits, with the same key.
REFUND_WAITS = (timedelta(minutes=5), timedelta(hours=1), *(timedelta(days=1),) * 5)
# A provider forgets idempotency keys after a day (Stripe: "at least 24 hours"), and a transfer asked for with
# a forgotten key would be made twice. A refund cannot: a payment is never refunded beyond its amount.
KEY_LIFE = timedelta(hours=23)
# An order that was made for a request is not older than the request's first call, by whichever clock.
CLOCKS_DIFFER_BY = timedelta(minutes=10)
SEND_WAITS = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=5), timedelta(hours=12))
RETURN_WAITS = REFUND_WAITS
# A refund that takes longer than it is asked about needs somebody who looks.
REFUND_PATIENCE = sum(REFUND_WAITS, timedelta(days=1))

# What stands longer than this needs somebody who looks: a payout takes days, all else is asked about.
PATIENCE = {
    WithdrawalStatus.PENDING: KEY_LIFE,
    WithdrawalStatus.PROCESSING: timedelta(days=14),
    WithdrawalStatus.RETURNING: timedelta(days=1),
}
INTENT_PATIENCE = timedelta(days=1)

# One rupee, which is the least that Razorpay takes.
MIN_ORDER_MINOR = 100

_PENDING_REFUNDS = frozenset({"pending", "requires_action"})
_MADE_REFUNDS = frozenset({"succeeded"})
_REFUSED_REFUNDS = frozenset({"failed", "canceled"})
_PAID = frozenset({"paid"})
_BROKEN_PAYOUTS = frozenset({"failed", "canceled"})
ALREADY_REFUNDED = frozenset({"charge_already_refunded"})


def can(process: Process, action_name: str, status: str) -> bool:
    """Whether a life cycle allows an action now, whoever takes it."""
    return status in process.actions[action_name].starts


def check_terms(*, amount: Money, agreed: Money, payer_id: int, payee_id: int) -> None:
    """Refuse a payment to oneself, in two currencies, below the agreed price, or too large."""
    if payer_id == payee_id or amount.currency != agreed.currency:
        raise OtherTerms
    if amount.minor < agreed.minor:
        message = f"The amount may not be below the agreed price of {agreed}."
        raise AmountBelowAgreed(message)
    check_payable(amount)


def check_payable(amount: Money) -> None:
    """Refuse an amount that no provider takes at once."""
    most = Money(MAX_PAYABLE_MINOR, amount.currency)
    if amount > most:
        message = f"The amount may not be above {most}, which is what can be paid at once."
        raise AmountTooLarge(message)


def check_askable(amount: Money) -> None:
    """Refuse an amount that nobody can be asked for: below what Razorpay takes, or above what can be paid."""
    least = Money(MIN_ORDER_MINOR, amount.currency)
    if amount < least:
        message = f"The amount may not be below {least}, which is the least that can be paid."
        raise AmountTooSmall(message)
    check_payable(amount)


def check_payer_of_open(status: str, standing: Collection[str]) -> None:
    """Refuse whoever is not to pay a request, then a request that is not to be paid any more."""
    if not REQUEST.actions["open"].who & set(standing):
        raise NotYours
    check_request_open(status)


def check_request_open(status: str) -> None:
    """Refuse to have paid what is paid, or nobody waits for any more."""
    if status == RequestStatus.PAID:
        raise AlreadyPaid
    if status == RequestStatus.CANCELLED:
        raise RequestCancelled


def is_paid(status: str) -> bool:
    """Whether a payment request is paid."""
    return status == RequestStatus.PAID


def is_cancelled(status: str) -> bool:
    """Whether nobody waits for a payment any more."""
    return status == RequestStatus.CANCELLED


def is_order_of(request: PaymentRequest, *, amount: Money, created_at: datetime) -> bool:
    """Whether an order with a request's receipt was made for it, not for another of that number elsewhere."""
    asked_at = request.asked_at
    return amount == request.amount and asked_at is not None and created_at >= asked_at - CLOCKS_DIFFER_BY


def check_unpaid(status: str) -> None:
    """Refuse a second payment for what is paid or is given back just now."""
    if status == HoldStatus.REFUNDING:
        raise BeingPaid("A refund of the earlier payment is under way; wait for its outcome.")
    if status in LIVE and status != HoldStatus.PENDING:
        raise AlreadyFunded(f"This is already paid for: the escrow is {status}.")


def is_pending(status: str) -> bool:
    """Whether a payment may still be prepared."""
    return status == HoldStatus.PENDING


def is_full(status: str) -> bool:
    """Whether a hold's account has the money."""
    return status in FULL


def is_live(status: str) -> bool:
    """Whether a hold takes up its reference."""
    return status in LIVE


def is_refund_under_way(status: str) -> bool:
    """Whether the provider has yet to say what became of a refund."""
    return status == HoldStatus.REFUNDING


def is_refunded(status: str) -> bool:
    """Whether the money is back with the payer."""
    return status == HoldStatus.REFUNDED


def is_released(status: str) -> bool:
    """Whether the payee has the money."""
    return status == HoldStatus.RELEASED


def is_to_be_sent(status: str) -> bool:
    """Whether a withdrawal has yet to be accepted by the provider."""
    return status == WithdrawalStatus.PENDING


def is_returning(status: str) -> bool:
    """Whether a withdrawal's money is on its way back."""
    return status == WithdrawalStatus.RETURNING


def is_returned(status: str) -> bool:
    """Whether a withdrawal's money is available again."""
    return status == WithdrawalStatus.FAILED


def is_completed(status: str) -> bool:
    """Whether a withdrawal's money had counted as paid out."""
    return status == WithdrawalStatus.COMPLETED


def refund_was_refused(provider_status: str) -> bool:
    """Whether the provider's word for a refund is a no."""
    return provider_status in _REFUSED_REFUNDS


def refund_is_pending(provider_status: str) -> bool:
    """Whether the provider's word for a refund is that nobody knows yet."""
    return provider_status in _PENDING_REFUNDS


def refund_was_made(provider_status: str) -> bool:
    """Whether the provider's word for a refund is that the money is with the payer, as far as it knows."""
    return provider_status in _MADE_REFUNDS


def payout_is_paid(provider_status: str) -> bool:
    """Whether the provider's word for a payout is that it arrived."""
    return provider_status in _PAID


def payout_is_broken(provider_status: str) -> bool:
    """Whether the provider's word for a payout is that it will not arrive."""
    return provider_status in _BROKEN_PAYOUTS


def paid_minor(hold: Hold, asked: Collection[int], *, minor: object, currency: object) -> int | None:
    """The amount of a payment if the hold asked for it, in its currency and not below the agreed price."""
    if isinstance(minor, bool) or not isinstance(minor, int):
        return None
    if minor not in asked or minor < hold.agreed.minor:
        return None
    is_same = isinstance(currency, str) and currency.upper() == hold.amount.currency
    return minor if is_same else None


def ask_again_at(now: datetime, waits: Collection[timedelta], asked: int) -> datetime | None:
    """When to ask about an unknown outcome again, `None` when it has been asked about often enough."""
    times = tuple(waits)
    return now + times[asked - 1] if asked <= len(times) else None


def retry_at(now: datetime, waits: Collection[timedelta], attempt: int) -> datetime:
    """When to repeat what was refused but must be done: ever more seldom, and never not at all."""
    times = tuple(waits)
    return now + times[min(attempt, len(times)) - 1]


def is_overdue(withdrawal: Withdrawal, now: datetime) -> bool:
    """Whether a withdrawal that has not ended needs somebody who looks."""
    since = withdrawal.asked_at if is_to_be_sent(withdrawal.status) else None
    return is_unanswered(withdrawal) or now - (since or withdrawal.status_since) > PATIENCE[withdrawal.status]


def is_refund_overdue(hold: Hold, now: datetime) -> bool:
    """Whether a refund under way needs somebody who looks."""
    since = hold.refund_requested_at or hold.created_at
    return is_unanswered(hold) or now - since > REFUND_PATIENCE


def is_intent_overdue(hold: Hold, now: datetime) -> bool:
    """Whether a hold without an intent needs somebody who looks."""
    return is_unanswered(hold) or now - hold.created_at > INTENT_PATIENCE


def is_unanswered(thing: Hold | Withdrawal) -> bool:
    """Whether the provider is no longer asked what became of it."""
    return thing.unanswered_at is not None


def line_status(status: WithdrawalStatus) -> LineStatus:
    """How a withdrawal's line in a wallet stands."""
    if status in OPEN:
        return LineStatus.PENDING
    return LineStatus.COMPLETED if is_completed(status) else LineStatus.FAILED


def check_origin(url: str, allowed: Collection[str], *, field: str) -> None:
    """Refuse an address whose origin (scheme, host, port) is not allowed."""
    try:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}".lower()
    except ValueError:
        origin = ""
    if origin not in allowed or "\\" in url:
        raise OriginNotAllowed(field=field)


def origins(urls: Collection[str]) -> frozenset[str]:
    """The origins of these addresses."""
    return frozenset(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}".lower() for url in urls)


def country_code(country: str) -> str:
    """The ISO 3166 code of a country by its code or English name; `US` where nobody can tell."""
    return _countries().get(country.strip().casefold(), "US")


@cache
def _countries() -> dict[str, str]:
    territories = {code: str(name) for code, name in Locale("en").territories.items()}
    # Beside countries, babel knows regions of the world by number: 002 is Africa.
    codes = {code: name for code, name in territories.items() if code.isalpha()}
    return {code.casefold(): code for code in codes} | {name.casefold(): code for code, name in codes.items()}
