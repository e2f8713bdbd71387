"""What messaging speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from marketplace.domains.accounts.public import Brief
from marketplace.domains.files.public import File


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
    """What a message carries: words, a file, or news of a payment or a contract that the house posts."""

    TEXT = "text"
    FILE = "file"
    IMAGE = "image"
    VOICE = "voice"
    PAYMENT = "payment"
    CONTRACT = "contract"


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message, number `seq` of its room (from 1, without a gap); read means by all but its sender.

    News is `about` what it tells of, such as `contract:9`. `reactions` counts people by emoji.
    """

    id: int
    room_id: int
    seq: int
    sender: Brief
    kind: MessageKind
    body: str
    file: File | None
    about: str | None
    reactions: Mapping[str, int]
    is_read: bool
    created_at: datetime
    edited_at: datetime | None

    @property
    def in_words(self) -> str:
        """What it says where only words are shown."""
        return in_words(self.body, self.file)


def in_words(body: str, file: File | None) -> str:
    """What a message says where only words are shown: of a file without a caption, its name."""
    return body or (file.name if file else "")


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """The room of two people as one of them sees it; `updated_at` is its latest activity."""

    id: int
    subject: str | None
    is_active: bool
    participants: tuple[Brief, Brief]
    other: Brief
    last_message: Message | None
    unread_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A message that somebody has yet to read, and the last `seq` of its room that they have read."""

    person_id: int
    last_read_seq: int
    message_id: int
    room_id: int
    sender_id: int
    in_words: str


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """The figures of one person's conversations."""

    total_conversations: int
    unread_conversations: int
    unread_messages: int
    messages_sent: int
    messages_received: int
