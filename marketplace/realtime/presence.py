"""Presence: who is connected, over all processes, and at which place in particular.

Each process keeps one hash in Redis, person (and place) to number of connections, and a key that lives only
as long as the process refreshes it: the hash of a process without that key counts for nothing. The truth
about a process's own connections is that process; what Redis holds is written anew with every beat.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

import structlog
from redis import Redis, RedisError

from marketplace.kernel.ids import new_public_id

KEPT_S = 24 * 3600
ANYWHERE = ""

# How many connections hold each seat, over the processes that are alive: one question to Redis.
_COUNT = """
local counts = {}
for number = 3, #ARGV do counts[number - 2] = 0 end
for _, process in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    if redis.call('EXISTS', ARGV[1] .. process) == 1 then
        for number = 3, #ARGV do
            local count = redis.call('HGET', ARGV[2] .. process, ARGV[number])
            counts[number - 2] = counts[number - 2] + (tonumber(count) or 0)
        end
    end
end
return counts
"""

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
        self._redis: Redis | None = None
        self._prefix = "presence"
        self._alive_s = 30
        self._process = new_public_id().hex
        self._lock = threading.Lock()
        self._here: Counter[Seat] = Counter()
        self._changed: set[Seat] = set()
        self._told: set[Seat] = set()
        self._listeners: list[Listener] = []

    def configure(self, redis: Redis | None, *, alive_s: int) -> None:
        """Count in `redis`, or in this process alone; a killed process counts for `alive_s` seconds more."""
        self._redis = redis
        self._alive_s = alive_s
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
        with self._lock:
            changed, self._changed = self._changed, set()
            here = {seat: self._here[seat] for seat in changed}
        if not changed:
            return
        try:
            self._write(here)
            self._announce(here)
        except RedisError as error:
            log.warning("presence_unreachable", error=repr(error))

    def beat(self) -> None:
        """Say that this process lives, write its connections anew, and bury processes that do not live."""
        if self._redis is None:
            return
        with self._lock:
            here: dict[Any, Any] = {seat.field: count for seat, count in self._here.items()}
        try:
            with self._redis.pipeline(transaction=True) as pipe:
                pipe.delete(self._people(self._process))
                if here:
                    pipe.hset(self._people(self._process), mapping=here)
                    pipe.expire(self._people(self._process), KEPT_S)
                pipe.set(self._alive(self._process), 1, ex=self._alive_s)
                pipe.sadd(self._processes, self._process)
                pipe.execute()
            self._bury(self._redis)
        except RedisError as error:
            log.warning("presence_unreachable", error=repr(error))

    def withdraw(self) -> None:
        """Say that this process ends, so that nobody waits for its time to run out."""
        if self._redis is None:
            return
        try:
            with self._redis.pipeline(transaction=True) as pipe:
                pipe.delete(self._people(self._process), self._alive(self._process))
                pipe.srem(self._processes, self._process)
                pipe.execute()
        except RedisError as error:
            log.warning("presence_unreachable", error=repr(error))

    @property
    def _processes(self) -> str:
        return f"{self._prefix}:processes"

    def _people(self, process: str) -> str:
        return f"{self._prefix}:people:{process}"

    def _alive(self, process: str) -> str:
        return f"{self._prefix}:alive:{process}"

    def _write(self, here: dict[Seat, int]) -> None:
        if self._redis is None:
            return
        key = self._people(self._process)
        with self._redis.pipeline(transaction=True) as pipe:
            for seat, count in here.items():
                if count > 0:
                    pipe.hset(key, seat.field, count)
                else:
                    pipe.hdel(key, seat.field)
            pipe.expire(key, KEPT_S)
            pipe.set(self._alive(self._process), 1, ex=self._alive_s)
            pipe.sadd(self._processes, self._process)
            pipe.execute()

    def _counts(self, seats: Collection[Seat]) -> Counter[Seat]:
        if not seats:
            return Counter()
        if self._redis is None:
            with self._lock:
                return Counter({seat: self._here[seat] for seat in seats})
        try:
            return self._ask(self._redis, seats)
        except RedisError as error:
            log.warning("presence_unreachable", error=repr(error))
            return Counter()

    def _ask(self, redis: Redis, seats: Collection[Seat]) -> Counter[Seat]:
        counts = redis.eval(
            _COUNT,
            1,
            self._processes,
            self._alive(""),
            self._people(""),
            *(seat.field for seat in seats),
        )
        return Counter(dict(zip(seats, counts, strict=True)))

    def _bury(self, redis: Redis) -> None:
        """Whoever strikes a dead process off the list announces that its people are gone."""
        for process in map(_text, redis.smembers(self._processes)):
            if redis.exists(self._alive(process)) or not redis.srem(self._processes, process):
                continue
            seats = [Seat.of(_text(field)) for field in redis.hkeys(self._people(process))]
            redis.delete(self._people(process))
            log.info("process_buried", process=process, people=sum(not seat.place for seat in seats))
            counts = self._counts(seats)
            self._tell([seat for seat in seats if counts[seat] == 0], is_online=False)

    def _announce(self, here: dict[Seat, int]) -> None:
        if not self._listeners:
            return
        counts = self._counts(here.keys())
        came = [seat for seat, count in here.items() if count > 0 and seat not in self._told]
        left = [seat for seat, count in here.items() if count <= 0]
        self._told |= set(came)
        self._told -= set(left)
        self._tell([seat for seat in came if counts[seat] == here[seat]], is_online=True)
        self._tell([seat for seat in left if counts[seat] == 0], is_online=False)

    def _tell(self, seats: list[Seat], *, is_online: bool) -> None:
        for seat in seats:
            for listener in self._listeners:
                try:
                    listener(seat.person_id, seat.place, is_online)
                except Exception:
                    log.exception("presence_listener_failed", person_id=seat.person_id)


def _seats(person_id: int, place: str) -> set[Seat]:
    return {Seat(person_id), Seat(person_id, place)}


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


presence = Presence()
# Processes forked from one parent count apart.
os.register_at_fork(after_in_child=presence.rename)
