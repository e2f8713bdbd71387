"""Conversations over sockets: how many deliveries a second, and how soon a message is there.

A delivery is a message that reaches somebody other than who said it; the echo has to come as well, and counts
for nothing. Every message is stored before it is pushed.
"""

import asyncio
import itertools
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from typing_extensions import override

from benchmarks import yardstick
from benchmarks.figures import Figure, figure
from benchmarks.house import House
from benchmarks.load import WARM_UP_S, quiet
from benchmarks.wire import SocketClient, spread

NAMESPACE = b"/ws/chat"
PADDING = "x" * 60
DELIVERED_WITHIN_S = 20
ROOM_OF_ALL = 2001
_NUMBER = re.compile(rb"bench:(\d+):")


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Rooms of how many; how many messages each has on their way, or how many a second there are in all."""

    first_room: int
    rooms: int
    members: int
    in_flight: int
    paced_per_s: int


SHAPES: Mapping[str, Shape] = {
    "1 room of 2": Shape(first_room=1, rooms=1, members=2, in_flight=8, paced_per_s=50),
    "50 rooms of 2": Shape(first_room=1, rooms=50, members=2, in_flight=1, paced_per_s=100),
    "1 room of 100": Shape(first_room=ROOM_OF_ALL, rooms=1, members=100, in_flight=8, paced_per_s=10),
}


@dataclass
class Tally:
    """What has come of all rooms together."""

    delivered: int = 0
    twice: int = 0
    latencies_ms: list[float] = field(default_factory=list)


class Room:
    """One conversation: its first member speaks, the others listen."""

    def __init__(self, tally: Tally, *, in_flight: int) -> None:
        """Start empty and silent."""
        self.members: list[Member] = []
        self.is_open_ended = False
        self.awaited: dict[int, int] = {}
        self._sent_at: dict[int, float] = {}
        self._tally = tally
        self._in_flight = in_flight
        self._numbers = itertools.count(1)

    def say(self) -> None:
        """Send the next message."""
        number = next(self._numbers)
        self.awaited[number] = len(self.members)
        self._sent_at[number] = time.perf_counter()
        self.members[0].speak(f"bench:{number}:{PADDING}")

    def fill(self) -> None:
        """Have as many messages on their way as may be."""
        while self.is_open_ended and len(self.awaited) < self._in_flight:
            self.say()

    def heard(self, member: "Member", number: int) -> None:
        """A message has reached somebody."""
        if number in member.has_heard:
            self._tally.twice += 1
            return
        member.has_heard.add(number)
        if member is not self.members[0]:
            self._tally.delivered += 1
            self._tally.latencies_ms.append((time.perf_counter() - self._sent_at[number]) * 1000)
        self.awaited[number] -= 1
        if self.awaited[number] == 0:
            del self.awaited[number]
            self.fill()


class Member(SocketClient):
    """Somebody in a conversation, over a plain WebSocket."""

    def __init__(self, room: Room, number: int, token: str) -> None:
        """Come to the room of that number."""
        super().__init__(self.url(number, token))
        self.has_heard: set[int] = set()
        self._room = room
        room.members.append(self)

    @staticmethod
    def url(number: int, token: str) -> str:
        """The documented path."""
        return f"/ws/chat/{number}/?token={token}"

    @override
    def upgraded(self) -> None:
        self.opened.set_result(None)

    @override
    def heard(self, text: bytes) -> None:
        found = _NUMBER.search(text)
        if found is not None:
            self._room.heard(self, int(found[1]))

    def speak(self, content: str) -> None:
        """Say something to the room."""
        self.say(json.dumps({"type": "chat_message", "content": content}).encode())


class NamespaceMember(Member):
    """The same over Socket.IO."""

    def __init__(self, room: Room, number: int, token: str) -> None:
        """Come to the room of that number."""
        super().__init__(room, number, token)
        self._auth = json.dumps({"token": token, "conversation_id": number}).encode()

    @override
    @staticmethod
    def url(number: int, token: str) -> str:
        return "/socket.io/?EIO=4&transport=websocket"

    @override
    def upgraded(self) -> None:
        """Socket.IO has more to say before one is in."""

    @override
    def heard(self, text: bytes) -> None:
        if text.startswith(b"42"):
            super().heard(text)
        elif text == b"2":
            self.say(b"3")
        elif text.startswith(b"40") and not self.opened.done():
            self.opened.set_result(None)
        elif text.startswith(b"0"):
            self.say(b"40" + NAMESPACE + b"," + self._auth)

    @override
    def speak(self, content: str) -> None:
        event = json.dumps(["chat_message", {"content": content}]).encode()
        self.say(b"42" + NAMESPACE + b"," + event)


TRANSPORTS: Mapping[str, type[Member]] = {"plain": Member, "Socket.IO": NamespaceMember}


async def measure(
    house: House, shape: Shape, kind: type[Member], *, tokens: Sequence[str], seconds: float
) -> tuple[Figure, list[str]]:
    """Talk as fast as it goes, for the rate and the cost, then at a pace, for the latency."""
    tally = Tally()
    rooms = await enter(house, shape, kind, tally=tally, tokens=tokens)
    await quiet(house)
    before_ms = yardstick.milliseconds()
    for room in rooms:
        room.is_open_ended = True
        room.fill()
    await asyncio.sleep(WARM_UP_S)
    done, started, before = tally.delivered, time.perf_counter(), house.usage()
    await asyncio.sleep(seconds)
    done, took_s, used = tally.delivered - done, time.perf_counter() - started, house.usage() - before
    lost = await settle(rooms)
    await quiet(house)
    tally.latencies_ms.clear()
    await pace(rooms, per_s=shape.paced_per_s, seconds=seconds)
    lost += await settle(rooms)
    closed = sum(member.is_closed for room in rooms for member in room.members)
    for room in rooms:
        for member in room.members:
            member.close()
    errors = {"lost": lost, "delivered twice": tally.twice, "connections lost": closed}
    measured = figure(
        done=done,
        seconds=took_s,
        used=used,
        latencies_ms=tally.latencies_ms,
        errors=sum(errors.values()),
        yardstick_ms=(before_ms + yardstick.milliseconds()) / 2,
    )
    return measured, [f"{count} {what}" for what, count in errors.items() if count]


async def enter(
    house: House, shape: Shape, kind: type[Member], *, tally: Tally, tokens: Sequence[str]
) -> list[Room]:
    """Connect everybody; the members of a room of two are at different web processes."""
    rooms = [Room(tally, in_flight=shape.in_flight) for _ in range(shape.rooms)]
    makers = [
        partial(kind, room, number, token)
        for number, room in enumerate(rooms, shape.first_room)
        for token in members_of(number, tokens)[: shape.members]
    ]
    await asyncio.gather(*(member.open() for member in await spread(house, makers)))
    return rooms


def members_of(room: int, tokens: Sequence[str]) -> list[str]:
    """The tokens of a conversation's members: see the head of `bench.sql`."""
    if room == ROOM_OF_ALL:
        return [*tokens]
    return [tokens[room - 1], tokens[room % len(tokens)]]


async def pace(rooms: Sequence[Room], *, per_s: int, seconds: float) -> None:
    """Say so many messages a second, each room in its turn, whatever comes back."""
    started = time.perf_counter()
    for turn, room in zip(range(int(per_s * seconds)), itertools.cycle(rooms), strict=False):
        await asyncio.sleep(started + turn / per_s - time.perf_counter())
        room.say()


async def settle(rooms: Sequence[Room]) -> int:
    """Say no more and wait for what is on its way; answers how many deliveries never came."""
    for room in rooms:
        room.is_open_ended = False
    until = time.monotonic() + DELIVERED_WITHIN_S
    while any(room.awaited for room in rooms) and time.monotonic() < until:  # noqa: ASYNC110 - telling would be work in what is measured
        await asyncio.sleep(0.02)
    lost = sum(sum(room.awaited.values()) for room in rooms)
    for room in rooms:
        room.awaited.clear()
    return lost
