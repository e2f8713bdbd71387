"""What messaging speaks of."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.domains.accounts.public import Brief


class RoomKind(StrEnum):
    """What brings the people of a room together."""

    DIRECT = "direct"
    GROUP = "group"
    DEAL = "deal"
    DESK = "desk"


class Standing(StrEnum):
    """What a member may do in a room."""

    MEMBER = "member"


class MessageKind(StrEnum):
    """What a message carries."""

    TEXT = "text"


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message, number `seq` of its room (from 1, without a gap); read means by all but its sender."""

    id: int
    room_id: int
    seq: int
    sender: Brief
    body: str
    is_read: bool
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """A direct room as one of the two sees it; `updated_at` is its latest activity."""

    id: int
    subject: str | None
    participants: tuple[Brief, Brief]
    other: Brief
    last_message: Message | None
    unread_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who has yet to read a message, and the last `seq` that they have read."""

    person_id: int
    last_read_seq: int


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """The figures of one person's conversations."""

    total_conversations: int
    unread_conversations: int
    unread_messages: int
    messages_sent: int
    messages_received: int
