"""The hub: frames to everybody in a room, over both transports and in every process."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import structlog

from marketplace.kernel.errors import Unavailable
from marketplace.realtime.bus import Bus, Message
from marketplace.realtime.codes import Code
from marketplace.realtime.frames import Frame, plain
from marketplace.realtime.link import Link, rooms
from marketplace.realtime.rooms import session_room

PUSH = "push"
CLOSE = "close"

log = structlog.get_logger()


class SessionNotReached(Unavailable):
    """The other processes were not told that a session ended; try again."""

    code = "session_not_reached"


class Hub:
    """Pushes frames and closes sockets, from any process: web, worker or shell."""

    def __init__(self) -> None:
        """Start without a bus."""
        self._bus: Bus | None = None

    def configure(self, bus: Bus) -> None:
        """Speak over this bus."""
        self._bus = bus

    def push(self, room: str, frame: Mapping[str, Any] | msgspec.Struct, *, but: str | None = None) -> None:
        """Send a frame to everybody in a room, `but` to the connection of that id.

        It never refuses, for the deed it tells of is done.
        """
        self._announce({"event": PUSH, "data": [_push(room, frame, but=but)]})

    def push_all(self, pushes: Iterable[tuple[str, Mapping[str, Any] | msgspec.Struct]]) -> None:
        """The same for several rooms and frames, in their order, by one word to the other processes."""
        told = [_push(room, frame) for room, frame in pushes]
        if told:
            self._announce({"event": PUSH, "data": told})

    def push_in_order(self, pushes: Iterable[tuple[str, int, Mapping[str, Any] | msgspec.Struct]]) -> None:
        """The same for what is numbered in its room: everybody hears it in the order of its numbers."""
        told = [_push(room, frame) | {"number": number} for room, number, frame in pushes]
        if told:
            self._announce({"event": PUSH, "data": told})

    def close_session(self, session_id: int) -> None:
        """Close every socket of a session (4401); refuses when other processes could not be told."""
        if not self.close_room(session_room(session_id), Code.UNAUTHENTICATED, "The session has ended."):
            raise SessionNotReached

    def close_room(self, room: str, code: int, detail: str) -> bool:
        """Close every socket in a room; whether the other processes were told."""
        return self._announce({"event": CLOSE, "room": room, "data": {"code": int(code), "detail": detail}})

    def _announce(self, message: Message) -> bool:
        if self._bus is None:
            raise RuntimeError("The hub has no bus: create the application first.")
        return self._bus.announce(message)


def _push(room: str, frame: Mapping[str, Any] | msgspec.Struct, *, but: str | None = None) -> dict[str, Any]:
    return {"room": room, "but": but, "frame": plain(frame)}


def deliver(message: Message) -> None:
    """Carry a message of the bus out on the connections of this process."""
    data = message["data"]
    if message["event"] == CLOSE:
        for link in rooms.members(message["room"]):
            link.close(data["code"], data["detail"])
        return
    for (room, but), group in groupby(data, itemgetter("room", "but")):
        pushes, order = list(group), rooms.order(room)
        if order is None or "number" not in pushes[0]:
            _fan_out([push["frame"] for push in pushes], room, but=but)
        else:
            order.take(((push["number"], push["frame"]) for push in pushes), partial(_fan_out, room=room))


def _fan_out(frames: Sequence[Frame], room: str, *, but: str | None = None) -> None:
    by_kind: defaultdict[type[Link], list[Link]] = defaultdict(list)
    for link in rooms.members(room):
        if link.id != but:
            by_kind[type(link)].append(link)
    for kind, links in by_kind.items():
        try:
            kind.fan_out(frames, links)
        except Exception:
            log.exception("push_failed", room=room, transport=kind.__name__)


hub = Hub()
