"""Presence: who is connected, over all processes, and at which place in particular.

The truth about a process's own connections is that process. What the others are to know of them is on the
roll, which is written anew with every beat.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

import structlog
from redis import Redis, RedisError

from marketplace.kernel.ids import new_public_id
from marketplace.realtime.roll import Roll

ANYWHERE = ""

Listener = Callable[[int, str, bool], None]

log = structlog.get_logger()


class Seat(NamedTuple):
    """Somebody at a place, or anywhere."""

    person_id: int
    place: str = ANYWHERE

    @property
    def field(self) -> str:
        """How a seat is called in Redis: `7`, or `7@` and the place."""
        return f"{self.person_id}@{self.place}" if self.place else str(self.person_id)

    @classmethod
    def of(cls, field: str) -> "Seat":
        """The seat that is called so."""
        person_id, _, place = field.partition("@")
        return cls(int(person_id), place)


class Presence:
    """Counts connections per person. Joins and leaves are announced to listeners, once over all processes."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._roll: Roll | None = None
        self._process = new_public_id().hex
        self._lock = threading.Lock()
        self._here: Counter[Seat] = Counter()
        self._changed: set[Seat] = set()
        # What is on the roll of this process, or would be; it is written by one thread at a time.
        self._written: dict[Seat, int] = {}
        self._is_over = False
        self._writing = threading.Lock()
        self._listeners: list[Listener] = []

    def configure(self, redis: Redis | None, *, alive_s: int) -> None:
        """Count in `redis`, or in this process alone; a killed process counts for `alive_s` seconds more."""
        self._roll = None if redis is None else Roll(redis, alive_s=alive_s)
        self._is_over = False
        self._process = new_public_id().hex
        self._listeners.clear()

    def rename(self) -> None:
        """Count as another process."""
        self._process = new_public_id().hex

    def listen(self, listener: Listener) -> None:
        """Call `listener(person_id, place, is_online)` in one process when a person comes or is gone.

        It is called for each place, and with `ANYWHERE` when it is the first or the last of all.
        """
        self._listeners.append(listener)

    def arrive(self, person_id: int, place: str = ANYWHERE) -> None:
        """Count a connection of this process; told to the others by the next `flush`."""
        with self._lock:
            for seat in _seats(person_id, place):
                self._here[seat] += 1
                self._changed.add(seat)

    def depart(self, person_id: int, place: str = ANYWHERE) -> None:
        """Discount a connection of this process."""
        with self._lock:
            for seat in _seats(person_id, place):
                self._here[seat] -= 1
                if self._here[seat] <= 0:
                    del self._here[seat]
                self._changed.add(seat)

    def is_online(self, person_id: int) -> bool:
        """Whether the person has a connection in any process."""
        return self.count(person_id) > 0

    def online(self, person_ids: Iterable[int], place: str = ANYWHERE) -> set[int]:
        """Those of the people who are connected there in any process; nobody while Redis is away."""
        counts = self._counts([Seat(person_id, place) for person_id in person_ids])
        return {seat.person_id for seat, count in counts.items() if count > 0}

    def online_in(self, people_by_place: Mapping[str, Iterable[int]]) -> Mapping[str, set[int]]:
        """The same for several places, in one question."""
        seats = [Seat(person_id, place) for place, people in people_by_place.items() for person_id in people]
        found: dict[str, set[int]] = {place: set() for place in people_by_place}
        for seat, count in self._counts(seats).items():
            if count > 0:
                found[seat.place].add(seat.person_id)
        return found

    def count(self, person_id: int) -> int:
        """How many connections the person has over all processes."""
        return self._counts([Seat(person_id)])[Seat(person_id)]

    def flush(self) -> None:
        """Tell the other processes what changed since the last time."""
        with self._writing:
            with self._lock:
                changed, self._changed = self._changed, set()
                here = {seat: self._here[seat] for seat in changed}
            if not here or self._is_over:
                return
            try:
                self._write(here)
            except RedisError as error:
                log.warning("presence_unreachable", error=repr(error))
                with self._lock:
                    self._changed |= changed

    def beat(self) -> None:
        """Say that this process lives, write its connections anew, and bury processes that do not live."""
        with self._writing:
            if self._roll is None or self._is_over:
                return
            try:
                # not what changed since: who comes and goes is seen by the next flush
                self._roll.write_anew(self._process, _fields(self._written))
                self._bury(self._roll)
            except RedisError as error:
                log.warning("presence_unreachable", error=repr(error))

    def withdraw(self) -> None:
        """Take leave of everybody here, because this process ends: it writes nothing after that."""
        with self._writing:
            self._is_over = True
            if self._roll is None:
                return
            try:
                left = self._roll.strike_off(self._process)
            except RedisError as error:
                log.warning("presence_unreachable", error=repr(error))
            else:
                self._tell(map(Seat.of, left), is_online=False)

    def _counts(self, seats: Collection[Seat]) -> Counter[Seat]:
        if not seats:
            return Counter()
        if self._roll is None:
            with self._lock:
                return Counter({seat: self._here[seat] for seat in seats})
        try:
            counts = self._roll.counts([seat.field for seat in seats])
        except RedisError as error:
            log.warning("presence_unreachable", error=repr(error))
            return Counter()
        return Counter(dict(zip(seats, counts, strict=True)))

    def _bury(self, roll: Roll) -> None:
        """Whoever strikes a dead process off the roll announces that its people are gone."""
        for process, fields in roll.bury().items():
            left = [Seat.of(field) for field in fields]
            log.info("process_buried", process=process, people=sum(not seat.place for seat in left))
            self._tell(left, is_online=False)

    def _write(self, here: Mapping[Seat, int]) -> None:
        """Write what changed, and announce where somebody was the first or the last of all."""
        elsewhere = self._roll.write(self._process, _fields(here)) if self._roll else set()
        turned = [seat for seat, count in here.items() if (count > 0) != (seat in self._written)]
        for seat, count in here.items():
            if count > 0:
                self._written[seat] = count
            else:
                self._written.pop(seat, None)
        alone = [seat for seat in turned if seat.field not in elsewhere]
        self._tell([seat for seat in alone if here[seat] > 0], is_online=True)
        self._tell([seat for seat in alone if here[seat] <= 0], is_online=False)

    def _tell(self, seats: Iterable[Seat], *, is_online: bool) -> None:
        for seat in seats:
            for listener in self._listeners:
                try:
                    listener(seat.person_id, seat.place, is_online)
                except Exception:
                    log.exception("presence_listener_failed", person_id=seat.person_id)


def _seats(person_id: int, place: str) -> set[Seat]:
    return {Seat(person_id), Seat(person_id, place)}


def _fields(counts: Mapping[Seat, int]) -> dict[str, int]:
    return {seat.field: count for seat, count in counts.items()}


presence = Presence()
# Processes forked from one parent count apart.
os.register_at_fork(after_in_child=presence.rename)
