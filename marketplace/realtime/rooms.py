"""Rooms: which connections of this process hear what."""

import threading
from collections import defaultdict
from typing import Generic, TypeVar

Member = TypeVar("Member")


class Rooms(Generic[Member]):
    """The connections of this process by room; a room is there while somebody is in it."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._members: defaultdict[str, set[Member]] = defaultdict(set)
        self._rooms: defaultdict[Member, set[str]] = defaultdict(set)

    def join(self, room: str, member: Member) -> None:
        """Bring a connection into a room."""
        with self._lock:
            self._members[room].add(member)
            self._rooms[member].add(room)

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


def person_room(person_id: int) -> str:
    """The room of every connection of a person, in all channels."""
    return f"person:{person_id}"


def session_room(session_id: int) -> str:
    """The room of every connection of a session, in all channels."""
    return f"session:{session_id}"
