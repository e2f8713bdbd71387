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
