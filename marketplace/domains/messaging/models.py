"""The tables of messaging."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.messaging.types import MessageKind, RoomKind, Standing
from marketplace.kernel.database import Base


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Room(Base):
    """A room; `natural_key` makes it one of its kind, `last_seq` numbers its messages.

    In one that is not active its people say nothing more.
    """

    __tablename__ = "rooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    natural_key: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str | None]
    last_seq: Mapped[int] = mapped_column(server_default=text("0"))
    last_message_at: Mapped[datetime | None]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("kind", RoomKind), name="kind"),
        CheckConstraint("last_seq >= 0", name="last_seq"),
        Index("ix_rooms_subject", "subject", postgresql_where=text("subject IS NOT NULL")),
    )


class Membership(Base):
    """Somebody in a room, how far they have read, and since when they have put it away."""

    __tablename__ = "memberships"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(server_default=Standing.MEMBER)
    last_read_seq: Mapped[int] = mapped_column(server_default=text("0"))
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("role", Standing), name="role"),
        CheckConstraint("last_read_seq >= 0", name="last_read_seq"),
    )


class MessageRow(Base):
    """A message; a sender who repeats a `client_msg_id` in a room has sent it once."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    seq: Mapped[int]
    sender_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str] = mapped_column(server_default=MessageKind.TEXT)
    body: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), unique=True)
    about: Mapped[str | None]
    client_msg_id: Mapped[str | None]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("kind", MessageKind), name="kind"),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("(file_id IS NOT NULL) = (kind IN ('file', 'image', 'voice'))", name="file"),
        CheckConstraint("(about IS NOT NULL) = (kind IN ('payment', 'contract'))", name="about"),
        UniqueConstraint("room_id", "seq"),
        Index("ix_messages_about", "about", postgresql_where=text("about IS NOT NULL")),
        Index(
            "uq_messages_client_msg_id",
            "room_id",
            "sender_id",
            "client_msg_id",
            unique=True,
            postgresql_where=text("client_msg_id IS NOT NULL"),
        ),
    )


class ReactionRow(Base):
    """The one emoji with which somebody answers a message."""

    __tablename__ = "reactions"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    emoji: Mapped[str]
