"""The tables of the chatbot."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.chatbot.types import Author, Language, Mode, Slot, Status
from marketplace.kernel.database import Base


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class ChatSessionRow(Base):
    """A talk; `last_seq` numbers its messages, `asked` is what the chatbot wants to know next."""

    __tablename__ = "chat_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=Status.ACTIVE)
    language: Mapped[str | None]
    asked: Mapped[str | None]
    last_seq: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    extracted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint(_one_of("language", Language), name="language"),
        CheckConstraint(_one_of("asked", Slot), name="asked"),
        CheckConstraint("last_seq >= 0", name="last_seq"),
        CheckConstraint("(status = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        Index("ix_chat_sessions_latest", "person_id", "updated_at", "id"),
    )


class ChatMessageRow(Base):
    """A message of a talk: a person's with what was read in it, the assistant's with how it was made."""

    __tablename__ = "chat_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("chat_sessions.id"))
    seq: Mapped[int]
    author: Mapped[str]
    body: Mapped[str]
    reading: Mapped[dict[str, Any] | None]
    mode: Mapped[str | None]
    rating: Mapped[int | None]
    feedback: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("author", Author), name="author"),
        CheckConstraint(_one_of("mode", Mode), name="mode"),
        CheckConstraint("(author = 'user') = (reading IS NOT NULL)", name="reading"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("rating IS NULL OR author = 'assistant'", name="rated"),
        CheckConstraint("seq > 0", name="seq"),
        UniqueConstraint("session_id", "seq"),
    )
