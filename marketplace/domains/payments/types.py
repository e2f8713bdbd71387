"""What payments speaks of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.kernel.money import Money


class HoldStatus(StrEnum):
    """Where a hold stands; `refunding` is a refund that the provider has yet to confirm."""

    PENDING = "pending"
    HELD = "held"
    REFUNDING = "refunding"
    RELEASED = "released"
    REFUNDED = "refunded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WithdrawalStatus(StrEnum):
    """Where a withdrawal stands; `returning` is money on its way back from a payout that failed."""

    PENDING = "pending"
    PROCESSING = "processing"
    RETURNING = "returning"
    COMPLETED = "completed"
    FAILED = "failed"


class Provider(StrEnum):
    """At whom money lies. What lies at one is never paid out by another."""

    STRIPE = "stripe"
    RAZORPAY = "razorpay"


class RequestStatus(StrEnum):
    """Where a payment request stands."""

    PENDING = "pending"
    PAID = "paid"
    CANCELLED = "cancelled"


class Purpose(StrEnum):
    """What a ledger account is for."""

    AVAILABLE = "available"  # a person's own money
    PENDING = "pending"  # a person's withdrawals under way
    HOLD = "hold"  # one account a hold
    FEES = "fees"  # what the house has earned
    PROVIDER = "provider"  # the money at the provider, seen from outside: the only one below zero


class Kind(StrEnum):
    """Why money moved in the ledger."""

    FUND = "fund"
    RELEASE = "release"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"  # a refund that had counted as made came back from the bank
    WITHDRAW = "withdraw"
    PAYOUT = "payout"
    BOUNCE = "bounce"  # a payout that had counted as paid came back from the bank
    RETURN = "return"


class LineKind(StrEnum):
    """Why money moved, as the owner of a wallet sees it."""

    FUNDING = "funding"
    RELEASE = "release"
    FEE = "fee"
    REFUND = "refund"
    WITHDRAWAL = "withdrawal"
    RETURN = "return"


class LineStatus(StrEnum):
    """Whether what a line tells of has ended, and how."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


class Outcome(StrEnum):
    """What an event of the provider led to."""

    APPLIED = "applied"
    IGNORED = "ignored"  # it came again, late, or tells what is known
    UNMATCHED = "unmatched"  # it is about something that is not (yet) ours
    FLAGGED = "flagged"  # it contradicts the books: somebody has to look
    UNKNOWN = "unknown"  # of a type that nobody reads


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Money that waits between two people. `reference` and `subject` mean something to who opened it."""

    id: int
    provider: Provider
    reference: str
    subject: str
    payer_id: int
    payee_id: int
    amount: Money
    agreed: Money
    fee: Money
    status: HoldStatus
    is_called_off: bool
    provider_reference: str | None
    refund_requested_at: datetime | None
    refund_attempt: int
    refund_reference: str | None
    failure: str
    unanswered_at: datetime | None
    created_at: datetime
    funded_at: datetime | None
    released_at: datetime | None
    refunded_at: datetime | None

    @property
    def kind(self) -> str:
        """What sort of thing it is for, as its reference says."""
        return self.reference.partition(":")[0]

    @property
    def net(self) -> Money:
        """What the payee gets."""
        return self.amount - self.fee


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a payer's client needs to pay a hold, and whether the hold was made by this request."""

    hold: Hold
    reference: str
    client_secret: str
    status: str
    provider: str
    is_sandbox: bool
    is_new: bool


@dataclass(frozen=True, kw_only=True)
class PaymentRequest:
    """What a payee asks of a payer. `reference` and `about` mean something to who wrote them down."""

    id: int
    reference: str
    about: str | None
    payer_id: int
    payee_id: int
    amount: Money
    description: str
    status: RequestStatus
    asked_at: datetime | None
    order_reference: str | None
    hold_id: int | None
    created_at: datetime
    paid_at: datetime | None

    @property
    def name(self) -> str:
        """How its hold and messages about it refer to it: `payment_request:21`."""
        return f"payment_request:{self.id}"


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """What a payer's page needs to pay an order of the provider; the key is the public one."""

    order_reference: str
    key: str
    amount: Money
    description: str


@dataclass(frozen=True, kw_only=True)
class Wallet:
    """A person's balances in one currency."""

    available: Money
    pending: Money
    escrowed_outgoing: Money
    escrowed_incoming: Money
    lifetime_earnings: Money
    lifetime_spent: Money

    @property
    def escrowed(self) -> Money:
        """What is held for or from the person."""
        return self.escrowed_outgoing + self.escrowed_incoming


@dataclass(frozen=True, kw_only=True)
class Line:
    """A movement of money as one person sees it: `amount` is below zero where it went away."""

    id: int
    kind: LineKind
    amount: Money
    status: LineStatus
    description: str
    hold_id: int | None
    subject: str | None
    withdrawal_id: int | None
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """Money on its way from a wallet to a bank."""

    id: int
    person_id: int
    amount: Money
    status: WithdrawalStatus
    failure_reason: str
    account_reference: str
    transfer_reference: str | None
    payout_reference: str | None
    return_attempt: int
    status_since: datetime
    unanswered_at: datetime | None
    created_at: datetime
    asked_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PayoutAccount:
    """Where a person's money can be paid out to; `reference` is empty until there is one."""

    person_id: int
    reference: str | None
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool


@dataclass(frozen=True, kw_only=True)
class PaymentMethod:
    """A card that the provider keeps for a person, under its `reference`."""

    id: int
    person_id: int
    reference: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    is_default: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something in the books that should not be."""

    check: str
    sentence: str
