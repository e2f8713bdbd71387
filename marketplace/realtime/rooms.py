"""Rooms: which connections of this process hear what."""

import threading
from collections import defaultdict
from typing import Any, Generic, TypeVar

from marketplace.realtime.order import InOrder

Member = TypeVar("Member")


class Rooms(Generic[Member]):
    """The connections of this process by room; a room is there while somebody is in it."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._members: defaultdict[str, set[Member]] = defaultdict(set)
        self._rooms: defaultdict[Member, set[str]] = defaultdict(set)
        self._orders: dict[str, InOrder[Any]] = {}

    def join(self, room: str, member: Member, *, told: int | None = None) -> None:
        """Bring a connection into a room; where what it hears is numbered, `told` is the newest number."""
        with self._lock:
            self._members[room].add(member)
            self._rooms[member].add(room)
            if told is not None and room not in self._orders:
                self._orders[room] = InOrder(told=told)

    def leave(self, room: str, member: Member) -> None:
        """Take a connection out of a room."""
        with self._lock:
            self._leave(room, member)
            if member in self._rooms:
                self._rooms[member].discard(room)

    def leave_all(self, member: Member) -> None:
        """Take a connection out of every room."""
        with self._lock:
            for room in self._rooms.pop(member, ()):
                self._leave(room, member)

    def members(self, room: str) -> tuple[Member, ...]:
        """The connections of this process in a room."""
        with self._lock:
            return tuple(self._members.get(room, ()))

    def order(self, room: str) -> InOrder[Any] | None:
        """In which order those in a room hear what is numbered, if there is anybody who does."""
        return self._orders.get(room)

    def links(self) -> tuple[Member, ...]:
        """Every connection of this process."""
        with self._lock:
            return tuple(self._rooms)

    def _leave(self, room: str, member: Member) -> None:
        members = self._members.get(room)
        if members is not None:
            members.discard(member)
            if not members:
                del self._members[room]
                self._orders.pop(room, None)


def person_room(person_id: int) -> str:
    """The room of every connection of a person, in all channels."""
    return f"person:{person_id}"


def session_room(session_id: int) -> str:
    """The room of every connection of a session, in all channels."""
    return f"session:{session_id}"
