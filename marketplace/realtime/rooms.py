"""Rooms: which connections of this process hear what."""

import threading
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a link joins rooms, and rooms hold links
    from marketplace.realtime.link import Link


class Rooms:
    """The connections of this process by room; a room is there while somebody is in it."""

    def __init__(self) -> None:
        """Start empty."""
        self._lock = threading.Lock()
        self._members: defaultdict[str, set[Link]] = defaultdict(set)
        self._rooms: defaultdict[Link, set[str]] = defaultdict(set)

    def join(self, room: str, link: "Link") -> None:
        """Bring a connection into a room."""
        with self._lock:
            self._members[room].add(link)
            self._rooms[link].add(room)

    def leave(self, room: str, link: "Link") -> None:
        """Take a connection out of a room."""
        with self._lock:
            self._leave(room, link)
            if link in self._rooms:
                self._rooms[link].discard(room)

    def leave_all(self, link: "Link") -> None:
        """Take a connection out of every room."""
        with self._lock:
            for room in self._rooms.pop(link, ()):
                self._leave(room, link)

    def members(self, room: str) -> tuple["Link", ...]:
        """The connections of this process in a room."""
        with self._lock:
            return tuple(self._members.get(room, ()))

    def links(self) -> tuple["Link", ...]:
        """Every connection of this process."""
        with self._lock:
            return tuple(self._rooms)

    def _leave(self, room: str, link: "Link") -> None:
        members = self._members.get(room)
        if members is not None:
            members.discard(link)
            if not members:
                del self._members[room]


rooms = Rooms()


def person_room(person_id: int) -> str:
    """The room of every connection of a person, in all channels."""
    return f"person:{person_id}"


def session_room(session_id: int) -> str:
    """The room of every connection of a session, in all channels."""
    return f"session:{session_id}"
