"""Money as MultiTask shows and takes it."""

from typing import Annotated, Any, Literal

import msgspec
from marshmallow import ValidationError, post_load, validates_schema

from marketplace.api.fields import Identifier, Text
from marketplace.api.multitask.dialect import CURRENCY, Decimal, Id, Input, Timestamp, amount, timestamp
from marketplace.api.multitask.schemas.people import UserBrief
from marketplace.domains.payments.public import (
    Hold,
    HoldStatus,
    HoldView,
    Intent,
    Line,
    LineKind,
    PayoutAccount,
    Wallet,
    Withdrawal,
    WithdrawalStatus,
)
from marketplace.kernel.money import Money
from marketplace.providers.payments import OnboardingLink

EscrowStatus = Literal["pending", "held", "released", "refunded", "failed", "cancelled"]
TransactionType = Literal[
    "escrow_funding", "escrow_release", "escrow_refund", "platform_fee", "withdrawal", "withdrawal_reversal"
]
Currency = Annotated[str, msgspec.Meta(examples=["usd"])]
MAX_URL = 2000

# The documents do not know money on its way back: until it is there it is held, or being processed.
_ESCROW: dict[HoldStatus, EscrowStatus] = {
    HoldStatus.PENDING: "pending",
    HoldStatus.HELD: "held",
    HoldStatus.REFUNDING: "held",
    HoldStatus.RELEASED: "released",
    HoldStatus.REFUNDED: "refunded",
    HoldStatus.FAILED: "failed",
    HoldStatus.CANCELLED: "cancelled",
}
_WITHDRAWALS: dict[WithdrawalStatus, Literal["pending", "processing", "completed", "failed"]] = {
    WithdrawalStatus.PENDING: "pending",
    WithdrawalStatus.PROCESSING: "processing",
    WithdrawalStatus.RETURNING: "processing",
    WithdrawalStatus.COMPLETED: "completed",
    WithdrawalStatus.FAILED: "failed",
}
_TYPES: dict[LineKind, TransactionType] = {
    LineKind.FUNDING: "escrow_funding",
    LineKind.RELEASE: "escrow_release",
    LineKind.REFUND: "escrow_refund",
    LineKind.FEE: "platform_fee",
    LineKind.WITHDRAWAL: "withdrawal",
    LineKind.RETURN: "withdrawal_reversal",
}


class EscrowBrief(msgspec.Struct, kw_only=True, frozen=True):
    """An escrow beside the task it is for."""

    id: Id
    status: EscrowStatus
    amount: Decimal

    @classmethod
    def of(cls, hold: Hold) -> "EscrowBrief":
        """A hold in short."""
        return cls(id=hold.id, status=_ESCROW[hold.status], amount=str(hold.amount))


class EscrowOut(msgspec.Struct, kw_only=True, frozen=True):
    """Money that waits between a client and a freelancer."""

    id: Id
    escrow_id: Id
    task_id: Id
    application_id: Id
    client: UserBrief
    freelancer: UserBrief
    amount: Decimal
    platform_fee: Annotated[str, msgspec.Meta(examples=["0.00"])]
    net_amount: Decimal
    currency: Currency
    status: EscrowStatus
    created_at: Timestamp
    funded_at: Timestamp | None
    released_at: Timestamp | None
    refunded_at: Timestamp | None

    @classmethod
    def of(cls, view: HoldView) -> "EscrowOut":
        """A hold with its two people."""
        hold = view.hold
        return cls(
            id=hold.id,
            escrow_id=hold.id,
            task_id=_number(hold.subject),
            application_id=_number(hold.reference),
            client=UserBrief.of(view.payer),
            freelancer=UserBrief.of(view.payee),
            amount=str(hold.amount),
            platform_fee=str(hold.fee),
            net_amount=str(hold.net),
            currency=hold.amount.currency.lower(),
            status=_ESCROW[hold.status],
            created_at=timestamp(hold.created_at),
            funded_at=timestamp(hold.funded_at) if hold.funded_at else None,
            released_at=timestamp(hold.released_at) if hold.released_at else None,
            refunded_at=timestamp(hold.refunded_at) if hold.refunded_at else None,
        )


class IntentOut(msgspec.Struct, kw_only=True, frozen=True):
    """What a client's page needs to pay, and what is paid."""

    intent_id: Annotated[str, msgspec.Meta(examples=["pi_3NqYx2"])]
    client_secret: Annotated[str, msgspec.Meta(examples=["pi_3NqYx2_secret_8Zk"])]
    status: Annotated[str, msgspec.Meta(examples=["requires_payment_method"])]
    escrow_id: Id
    application_id: Id
    task_id: Id
    amount: Decimal
    agreed_amount: Decimal
    currency: Currency
    provider: Annotated[str, msgspec.Meta(examples=["stripe"])]
    livemode: bool

    @classmethod
    def of(cls, intent: Intent) -> "IntentOut":
        """An intent of a hold."""
        hold = intent.hold
        return cls(
            intent_id=intent.reference,
            client_secret=intent.client_secret,
            status=intent.status,
            escrow_id=hold.id,
            application_id=_number(hold.reference),
            task_id=_number(hold.subject),
            amount=str(hold.amount),
            agreed_amount=str(hold.agreed),
            currency=hold.amount.currency.lower(),
            provider="simulator" if intent.is_sandbox else intent.provider,
            livemode=not intent.is_sandbox,
        )


class WalletOut(msgspec.Struct, kw_only=True, frozen=True):
    """A person's balances."""

    available_balance: Annotated[str, msgspec.Meta(examples=["100.00"])]
    escrowed_balance: Annotated[str, msgspec.Meta(examples=["50.00"])]
    pending_balance: Annotated[str, msgspec.Meta(examples=["0.00"])]
    lifetime_earnings: Annotated[str, msgspec.Meta(examples=["500.00"])]
    lifetime_spent: Annotated[str, msgspec.Meta(examples=["200.00"])]
    currency: Currency
    escrowed_incoming: Annotated[str, msgspec.Meta(examples=["50.00"])]
    escrowed_outgoing: Annotated[str, msgspec.Meta(examples=["0.00"])]

    @classmethod
    def of(cls, wallet: Wallet) -> "WalletOut":
        """A wallet in MultiTask's currency."""
        return cls(
            available_balance=str(wallet.available),
            escrowed_balance=str(wallet.escrowed),
            pending_balance=str(wallet.pending),
            lifetime_earnings=str(wallet.lifetime_earnings),
            lifetime_spent=str(wallet.lifetime_spent),
            currency=wallet.available.currency.lower(),
            escrowed_incoming=str(wallet.escrowed_incoming),
            escrowed_outgoing=str(wallet.escrowed_outgoing),
        )


class TransactionOut(msgspec.Struct, kw_only=True, frozen=True):
    """A movement of money as the wallet's owner sees it: below zero where it went away."""

    id: Id
    type: TransactionType
    amount: Annotated[str, msgspec.Meta(examples=["-120.00"], extra_json_schema={"format": "decimal"})]
    currency: Currency
    status: Literal["pending", "completed", "failed"]
    description: Annotated[str, msgspec.Meta(examples=["Paid into escrow"])]
    task_id: Id | None
    escrow_id: Id | None
    withdrawal_id: Id | None
    created_at: Timestamp

    @classmethod
    def of(cls, line: Line) -> "TransactionOut":
        """A line of a wallet."""
        return cls(
            id=line.id,
            type=_TYPES[line.kind],
            amount=str(line.amount),
            currency=line.amount.currency.lower(),
            status=line.status.value,
            description=line.description,
            task_id=_number(line.subject) if line.subject and line.subject.startswith("task:") else None,
            escrow_id=line.hold_id,
            withdrawal_id=line.withdrawal_id,
            created_at=timestamp(line.created_at),
        )


class WithdrawalOut(msgspec.Struct, kw_only=True, frozen=True):
    """Money on its way from a wallet to a bank."""

    id: Id
    amount: Annotated[str, msgspec.Meta(examples=["50.00"])]
    currency: Currency
    status: Literal["pending", "processing", "completed", "failed"]
    created_at: Timestamp
    completed_at: Timestamp | None
    failure_reason: Annotated[str, msgspec.Meta(examples=[""])]

    @classmethod
    def of(cls, withdrawal: Withdrawal) -> "WithdrawalOut":
        """A withdrawal."""
        return cls(
            id=withdrawal.id,
            amount=str(withdrawal.amount),
            currency=withdrawal.amount.currency.lower(),
            status=_WITHDRAWALS[withdrawal.status],
            created_at=timestamp(withdrawal.created_at),
            completed_at=timestamp(withdrawal.completed_at) if withdrawal.completed_at else None,
            failure_reason=withdrawal.failure_reason,
        )


class ConnectAccountOut(msgspec.Struct, kw_only=True, frozen=True):
    """Where a person's money can be paid out to."""

    connected: bool
    account_id: Annotated[str | None, msgspec.Meta(examples=["acct_1NqYx2"])]
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    status: Literal["none", "pending", "active", "restricted"]

    @classmethod
    def of(cls, account: PayoutAccount) -> "ConnectAccountOut":
        """A payout account, or that there is none."""
        return cls(
            connected=account.reference is not None,
            account_id=account.reference,
            charges_enabled=account.charges_enabled,
            payouts_enabled=account.payouts_enabled,
            details_submitted=account.details_submitted,
            status=_account_status(account),
        )


class OnboardingOut(msgspec.Struct, kw_only=True, frozen=True):
    """A page of the provider where a payout account is completed."""

    url: Annotated[str, msgspec.Meta(examples=["https://connect.stripe.com/setup/e/acct_1NqYx2/k3"])]
    onboarding_url: Annotated[
        str, msgspec.Meta(examples=["https://connect.stripe.com/setup/e/acct_1NqYx2/k3"])
    ]
    expires_at: Timestamp

    @classmethod
    def of(cls, link: OnboardingLink) -> "OnboardingOut":
        """A link to the page."""
        return cls(url=link.url, onboarding_url=link.url, expires_at=timestamp(link.expires_at))


class Received(msgspec.Struct, kw_only=True, frozen=True):
    """A webhook was taken in."""

    received: bool = True


class IntentIn(Input):
    """What is to be paid: an accepted application, or a task and thereby its accepted application."""

    application_id = Identifier(metadata={"example": 1})
    task_id = Identifier(metadata={"example": 42})
    amount = amount(metadata={"example": "200.00"})
    currency = Text(most=10, metadata={"example": "usd"})

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a payment for nothing, and other currencies."""
        if data.get("currency", CURRENCY).upper() != CURRENCY:
            message = f"Only {CURRENCY.lower()} is accepted."
            raise ValidationError(message, "currency")
        if not {"application_id", "task_id"} & data.keys():
            message = "This field is required."
            raise ValidationError(message, "application_id")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Every argument of the command, `None` where nothing was sent; the amount has its currency."""
        return {name: data.get(name) for name in ("application_id", "task_id", "amount")}


class WithdrawalIn(Input):
    """How much to withdraw."""

    amount = amount(required=True, metadata={"example": 50.0})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Money:
        """The amount in MultiTask's currency."""
        money: Money = data["amount"]
        return money


class OnboardingIn(Input):
    """Where the provider's page leads back to: addresses of allowed origins."""

    return_url = Text(most=MAX_URL, metadata={"example": "http://127.0.0.1:8000/"})
    refresh_url = Text(most=MAX_URL, metadata={"example": "http://127.0.0.1:8000/"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, str | None]:
        """Both arguments of the command."""
        return {"return_url": data.get("return_url"), "refresh_url": data.get("refresh_url")}


def _account_status(account: PayoutAccount) -> Literal["none", "pending", "active", "restricted"]:
    if account.reference is None:
        return "none"
    if account.payouts_enabled:
        return "active"
    return "restricted" if account.details_submitted else "pending"


def _number(name: str) -> int:
    """The id in a name such as `task:42`."""
    return int(name.rpartition(":")[2])
