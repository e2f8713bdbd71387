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
    """A room; `natural_key` makes it one of its kind, `last_seq` numbers its messages."""

    __tablename__ = "rooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    natural_key: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str | None]
    last_seq: Mapped[int] = mapped_column(server_default=text("0"))
    last_message_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("kind", RoomKind), name="kind"),
        CheckConstraint("last_seq >= 0", name="last_seq"),
        Index("ix_rooms_subject", "subject", postgresql_where=text("subject IS NOT NULL")),
    )


class Membership(Base):
    """Somebody in a room, and how far they have read."""

    __tablename__ = "memberships"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(server_default=Standing.MEMBER)
    last_read_seq: Mapped[int] = mapped_column(server_default=text("0"))

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
    client_msg_id: Mapped[str | None]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("kind", MessageKind), name="kind"),
        CheckConstraint("seq > 0", name="seq"),
        UniqueConstraint("room_id", "seq"),
        Index(
            "uq_messages_client_msg_id",
            "room_id",
            "sender_id",
            "client_msg_id",
            unique=True,
            postgresql_where=text("client_msg_id IS NOT NULL"),
        ),
    )
