"""Links: one client's connection to one channel."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Self

from marketplace.kernel.ids import new_public_id
from marketplace.kernel.tokens import Claims
from marketplace.realtime.allowance import Allowance
from marketplace.realtime.channel import Channel
from marketplace.realtime.frames import Frame
from marketplace.realtime.rooms import Rooms


class Link(ABC):
    """A connection, whatever carries it; it knows whose it is once it was admitted."""

    def __init__(self) -> None:
        """Start as nobody's."""
        self.id = new_public_id().hex
        self.claims: Claims | None = None
        self.channel: Channel | None = None
        self.allowance: Allowance | None = None
        self.is_present = False

    def join(self, room: str, *, told: int | None = None) -> None:
        """Hear what is pushed to a room; `told` is the newest of what is numbered there, if anything is."""
        rooms.join(room, self, told=told)

    def leave(self, room: str) -> None:
        """No longer hear what is pushed to a room."""
        rooms.leave(room, self)

    @abstractmethod
    def send(self, frame: Frame) -> None:
        """Send a frame to this client; never blocks."""

    @abstractmethod
    def close(self, code: int, detail: str = "") -> None:
        """Close the connection, from any thread, any number of times; never blocks for long."""

    @classmethod
    @abstractmethod
    def fan_out(cls, frames: Sequence[Frame], links: Sequence[Self]) -> None:
        """Send frames to many connections of this kind, encoded once; never blocks."""


rooms: Rooms[Link] = Rooms()
