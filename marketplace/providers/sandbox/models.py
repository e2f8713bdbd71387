"""The tables of the sandbox's twins; production has them and never fills them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Base


class SandboxObject(Base):
    """A thing that a provider keeps: `body` is what its API answers, `hidden` what only the twin knows."""

    __tablename__ = "sandbox_objects"

    id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str]
    kind: Mapped[str]
    account: Mapped[str | None]
    body: Mapped[dict[str, Any]]
    hidden: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=sql("'{}'"))
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_sandbox_objects_kind", "provider", "kind", "created_at"),
        CheckConstraint("jsonb_typeof(body) = 'object'", name="body"),
    )


class SandboxAnswer(Base):
    """What a twin answered to an idempotency key; empty only while the first request is carried out."""

    __tablename__ = "sandbox_answers"

    provider: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int | None]
    body: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]


class SandboxFault(Base):
    """A trouble that the next `remaining` calls of an operation will have."""

    __tablename__ = "sandbox_faults"

    provider: Mapped[str] = mapped_column(primary_key=True)
    operation: Mapped[str] = mapped_column(primary_key=True)
    fault: Mapped[str]
    remaining: Mapped[int]


class SandboxMail(Base):
    """A mail that would have been sent."""

    __tablename__ = "sandbox_mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    sent_at: Mapped[datetime]

    __table_args__ = (Index("ix_sandbox_mails_recipient", func.lower(sql("recipient")), "id"),)
