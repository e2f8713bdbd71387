"""The tables of payments. What the database itself refuses is in the migration that makes them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.payments.rules import LIVE
from marketplace.domains.payments.types import (
    HoldStatus,
    Kind,
    Outcome,
    Provider,
    Purpose,
    RequestStatus,
    WithdrawalStatus,
)
from marketplace.kernel.database import Base

_CURRENCY = "currency ~ '^[A-Z]{3}$'"
_AMOUNT = "amount_minor BETWEEN 1 AND 1000000000000000"


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class HoldRow(Base):
    """Escrow: what one person pays, kept until it is released to another or refunded."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    reference: Mapped[str]
    subject: Mapped[str]
    payer_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    payee_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    amount_minor: Mapped[int]
    agreed_minor: Mapped[int]
    fee_minor: Mapped[int]
    # Every amount that the provider was asked to take: whichever the payer paid is the right one.
    asked_minors: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    currency: Mapped[str]
    status: Mapped[str]
    # Nobody wants the payment any more: money that is here or arrives may only go back.
    called_off: Mapped[bool] = mapped_column(server_default=text("false"))
    provider_reference: Mapped[str | None] = mapped_column(unique=True)
    client_secret: Mapped[str | None]
    intent_status: Mapped[str] = mapped_column(server_default="")
    refund_requested_at: Mapped[datetime | None]
    # The provider's name of the refund that this attempt has led to, once it is known.
    refund_reference: Mapped[str | None]
    refund_attempt: Mapped[int] = mapped_column(server_default=text("0"))
    failure: Mapped[str] = mapped_column(server_default="")
    # The provider is no longer asked about the refund: somebody has to look.
    unanswered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    funded_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    refunded_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("provider", Provider), name="provider"),
        CheckConstraint(_one_of("status", HoldStatus), name="status"),
        CheckConstraint(_AMOUNT, name="amount"),
        CheckConstraint("agreed_minor BETWEEN 1 AND amount_minor", name="agreed"),
        CheckConstraint("fee_minor >= 0 AND fee_minor < amount_minor", name="fee"),
        CheckConstraint("payer_id <> payee_id", name="two_people"),
        CheckConstraint(_CURRENCY, name="currency"),
        Index("ix_holds_reference", "reference", "id"),
        Index(
            "ix_holds_unopened",
            "id",
            postgresql_where=text("status = 'pending' AND provider_reference IS NULL"),
        ),
        Index(
            "uq_holds_live_reference",
            "reference",
            unique=True,
            postgresql_where=text(
                f"status IN ({', '.join(repr(str(status)) for status in sorted(LIVE))}) AND NOT called_off"
            ),
        ),
    )


class PaymentRequestRow(Base):
    """What a payee asks of a payer: paid by one payment, which goes through a hold of its own."""

    __tablename__ = "payment_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str]
    about: Mapped[str | None]
    payer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    payee_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    amount_minor: Mapped[int]
    currency: Mapped[str]
    description: Mapped[str]
    status: Mapped[str]
    # When the provider was first asked for an order: it may have one of which we do not know.
    asked_at: Mapped[datetime | None]
    order_reference: Mapped[str | None] = mapped_column(unique=True)
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"), unique=True)
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("status", RequestStatus), name="status"),
        CheckConstraint(_AMOUNT, name="amount"),
        CheckConstraint(_CURRENCY, name="currency"),
        CheckConstraint("payer_id <> payee_id", name="two_people"),
        CheckConstraint(
            "(status = 'paid') = (hold_id IS NOT NULL) AND (status = 'paid') = (paid_at IS NOT NULL)",
            name="paid",
        ),
        Index("ix_payment_requests_payer", "payer_id", "id"),
        Index("ix_payment_requests_payee", "payee_id", "id"),
        Index("ix_payment_requests_about", "about", postgresql_where=text("about IS NOT NULL")),
        Index(
            "ix_payment_requests_payable",
            "id",
            postgresql_where=text("status = 'pending' AND order_reference IS NOT NULL"),
        ),
    )


class WithdrawalRow(Base):
    """Money on its way from a wallet to a bank."""

    __tablename__ = "withdrawals"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    amount_minor: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str]
    account_reference: Mapped[str]
    transfer_reference: Mapped[str | None] = mapped_column(unique=True)
    payout_reference: Mapped[str | None] = mapped_column(unique=True)
    failure_reason: Mapped[str] = mapped_column(server_default="")
    return_attempt: Mapped[int] = mapped_column(server_default=text("0"))
    status_since: Mapped[datetime]
    # The provider is no longer asked what became of it: somebody has to look.
    unanswered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("provider", Provider), name="provider"),
        CheckConstraint(_one_of("status", WithdrawalStatus), name="status"),
        CheckConstraint(_AMOUNT, name="amount"),
        CheckConstraint(_CURRENCY, name="currency"),
        Index("ix_withdrawals_person", "person_id", "id"),
        Index(
            "ix_withdrawals_open",
            "person_id",
            "currency",
            postgresql_where=text("status IN ('pending', 'processing', 'returning')"),
        ),
    )


class LedgerAccountRow(Base):
    """Whose money lies at a provider. The database moves `balance_minor` with each entry; nobody else may."""

    __tablename__ = "ledger_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"))
    purpose: Mapped[str]
    currency: Mapped[str]
    balance_minor: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        CheckConstraint(_one_of("provider", Provider), name="provider"),
        CheckConstraint(_one_of("purpose", Purpose), name="purpose"),
        CheckConstraint(_CURRENCY, name="currency"),
        CheckConstraint("(owner_id IS NOT NULL) = (purpose IN ('available', 'pending'))", name="owner"),
        CheckConstraint("(hold_id IS NOT NULL) = (purpose = 'hold')", name="hold"),
        CheckConstraint("balance_minor >= 0 OR purpose = 'provider'", name="balance"),
        # What the entries' foreign key holds on to: an entry is in its account's currency.
        UniqueConstraint("id", "currency", name="uq_ledger_accounts_id_currency"),
        Index(
            "uq_ledger_accounts_owner",
            "owner_id",
            "provider",
            "purpose",
            "currency",
            unique=True,
            postgresql_where=text("owner_id IS NOT NULL"),
        ),
        Index(
            "uq_ledger_accounts_hold", "hold_id", unique=True, postgresql_where=text("hold_id IS NOT NULL")
        ),
        Index(
            "uq_ledger_accounts_house",
            "provider",
            "purpose",
            "currency",
            unique=True,
            postgresql_where=text("owner_id IS NULL AND hold_id IS NULL"),
        ),
    )


class LedgerTransactionRow(Base):
    """Why money moved, once: `fund:hold:42`, `payout:7`, `refund:hold:42:2` for its second. Never changed."""

    __tablename__ = "ledger_transactions"

    id: Mapped[int] = mapped_column(primary_key=True)
    natural_key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"), index=True)
    withdrawal_id: Mapped[int | None] = mapped_column(ForeignKey("withdrawals.id"), index=True)
    description: Mapped[str]
    created_at: Mapped[datetime]
    # The database transaction that wrote it: no other may add entries.
    xact_id: Mapped[int]

    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), name="kind"),
        CheckConstraint(
            "CASE WHEN kind IN ('refund', 'refund_failed') THEN hold_id IS NOT NULL"
            " AND natural_key ~ ('^' || kind || ':hold:' || hold_id || '(:[1-9][0-9]*)?$')"
            " WHEN kind IN ('fund', 'release')"
            " THEN natural_key IS NOT DISTINCT FROM kind || ':hold:' || hold_id"
            " ELSE natural_key IS NOT DISTINCT FROM kind || ':' || withdrawal_id END",
            name="natural_key",
        ),
        CheckConstraint("(hold_id IS NULL) <> (withdrawal_id IS NULL)", name="one_cause"),
    )


class LedgerEntryRow(Base):
    """What a transaction adds to an account, or takes from it. Never changed."""

    __tablename__ = "ledger_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transactions.id"), index=True)
    account_id: Mapped[int]
    amount_minor: Mapped[int]
    currency: Mapped[str]

    __table_args__ = (
        CheckConstraint(
            "amount_minor <> 0 AND amount_minor BETWEEN -1000000000000000 AND 1000000000000000", name="amount"
        ),
        ForeignKeyConstraint(
            ["account_id", "currency"],
            ["ledger_accounts.id", "ledger_accounts.currency"],
            name="fk_ledger_entries_account",
        ),
        Index("ix_ledger_entries_account", "account_id", "currency"),
    )


class ProviderEventRow(Base):
    """A webhook as it came, once, and what it led to."""

    __tablename__ = "provider_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str]
    event_id: Mapped[str]
    type: Mapped[str]
    account: Mapped[str | None]
    object_reference: Mapped[str]
    payload: Mapped[str]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    outcome: Mapped[str]
    note: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        CheckConstraint(_one_of("outcome", Outcome), name="outcome"),
        UniqueConstraint("provider", "event_id", name="uq_provider_events_event"),
        Index("ix_provider_events_object", "object_reference", "id"),
        Index("ix_provider_events_flagged", "id", postgresql_where=text("outcome = 'flagged'")),
    )


class PayoutAccountRow(Base):
    """Where a person's money can be paid out to."""

    __tablename__ = "payout_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    email: Mapped[str]
    country: Mapped[str]
    provider_reference: Mapped[str | None] = mapped_column(unique=True)
    charges_enabled: Mapped[bool] = mapped_column(server_default=text("false"))
    payouts_enabled: Mapped[bool] = mapped_column(server_default=text("false"))
    details_submitted: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


class CustomerRow(Base):
    """Who the provider keeps cards for."""

    __tablename__ = "payment_customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    email: Mapped[str]
    provider_reference: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class PaymentMethodRow(Base):
    """A card that is kept, or is about to be: until it is attached nobody sees it."""

    __tablename__ = "payment_methods"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    # What was asked for; the provider may give a card for tests an id of its own.
    asked_reference: Mapped[str]
    provider_reference: Mapped[str | None] = mapped_column(unique=True)
    brand: Mapped[str] = mapped_column(server_default="")
    last4: Mapped[str] = mapped_column(server_default="")
    exp_month: Mapped[int] = mapped_column(server_default=text("0"))
    exp_year: Mapped[int] = mapped_column(server_default=text("0"))
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("provider_reference IS NOT NULL OR NOT is_default", name="default"),
        CheckConstraint("last4 ~ '^[0-9]{0,4}$'", name="last4"),
        UniqueConstraint("person_id", "asked_reference", name="uq_payment_methods_asked"),
        Index("ix_payment_methods_person", "person_id", "id"),
        Index("uq_payment_methods_default", "person_id", unique=True, postgresql_where=text("is_default")),
    )
