"""What happens in messaging."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class MessageSent(Fact):
    """Somebody said something in a room."""

    room_id: int
    message_id: int
    seq: int
    sender_id: int


@dataclass(frozen=True, kw_only=True)
class MessageEdited(Fact):
    """Somebody corrected what they had said."""

    room_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class MessageUpdated(Fact):
    """What a message tells of has changed."""

    room_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class ReactionChanged(Fact):
    """Somebody reacted to a message, otherwise than before, or no longer does."""

    room_id: int
    message_id: int
    person_id: int
