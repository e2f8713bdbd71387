"""Presence: who is connected, over all processes.

Each process keeps one hash in Redis, person to number of connections, and a key that lives only as long as
the process refreshes it: the hash of a process without that key counts for nothing. The truth about a
process's own connections is that process; what Redis holds is written anew with every beat.
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Collection
from typing import Any

import structlog
from redis import Redis, RedisError

from marketplace.kernel.ids import new_public_id

KEPT_S = 24 * 3600

Listener = Callable[[int, bool], None]

log = structlog.get_logger()


class Presence:
    """Counts connections per person. Joins and leaves are announced to listeners, once over all processes."""

    def __init__(self) -> None:
        """Start with nobody."""
        self._redis: Redis | None = None
        self._prefix = "presence"
        self._alive_s = 30
        self._process = new_public_id().hex
        self._lock = threading.Lock()
        self._here: Counter[int] = Counter()
        self._changed: set[int] = set()
        self._told: set[int] = set()
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
        """Call `listener(person_id, is_online)` in one process when a person comes or is gone everywhere."""
        self._listeners.append(listener)

    def arrive(self, person_id: int) -> None:
        """Count a connection of this process; told to the others by the next `flush`."""
        with self._lock:
            self._here[person_id] += 1
            self._changed.add(person_id)

    def depart(self, person_id: int) -> None:
        """Discount a connection of this process."""
        with self._lock:
            self._here[person_id] -= 1
            if self._here[person_id] <= 0:
                del self._here[person_id]
            self._changed.add(person_id)

    def is_online(self, person_id: int) -> bool:
        """Whether the person has a connection in any process."""
        return self.count(person_id) > 0

    def online(self, person_ids: Collection[int]) -> set[int]:
        """Those of the people who have a connection in any process; nobody while Redis is away."""
        return {person_id for person_id, count in self._counts(list(person_ids)).items() if count > 0}

    def count(self, person_id: int) -> int:
        """How many connections the person has over all processes."""
        return self._counts([person_id])[person_id]

    def flush(self) -> None:
        """Tell the other processes what changed since the last time."""
        with self._lock:
            changed, self._changed = self._changed, set()
            here = {person_id: self._here[person_id] for person_id in changed}
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
            here: dict[Any, Any] = {str(person_id): count for person_id, count in self._here.items()}
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

    def _write(self, here: dict[int, int]) -> None:
        if self._redis is None:
            return
        key = self._people(self._process)
        with self._redis.pipeline(transaction=True) as pipe:
            for person_id, count in here.items():
                if count > 0:
                    pipe.hset(key, str(person_id), count)
                else:
                    pipe.hdel(key, str(person_id))
            pipe.expire(key, KEPT_S)
            pipe.set(self._alive(self._process), 1, ex=self._alive_s)
            pipe.sadd(self._processes, self._process)
            pipe.execute()

    def _counts(self, person_ids: list[int]) -> Counter[int]:
        if not person_ids:
            return Counter()
        if self._redis is None:
            with self._lock:
                return Counter({person_id: self._here[person_id] for person_id in person_ids})
        try:
            return self._ask(self._redis, person_ids)
        except RedisError as error:
            log.warning("presence_unreachable", error=repr(error))
            return Counter()

    def _ask(self, redis: Redis, person_ids: list[int]) -> Counter[int]:
        processes = [_text(process) for process in redis.smembers(self._processes)]
        fields = [str(person_id) for person_id in person_ids]
        with redis.pipeline(transaction=False) as pipe:
            for process in processes:
                pipe.exists(self._alive(process))
                pipe.hmget(self._people(process), fields)
            answers = pipe.execute()
        counts: Counter[int] = Counter()
        for is_alive, numbers in zip(answers[::2], answers[1::2], strict=True):
            if is_alive:
                counts.update(
                    {
                        person_id: int(number or 0)
                        for person_id, number in zip(person_ids, numbers, strict=True)
                    }
                )
        return counts

    def _bury(self, redis: Redis) -> None:
        """Whoever strikes a dead process off the list announces that its people are gone."""
        for process in map(_text, redis.smembers(self._processes)):
            if redis.exists(self._alive(process)) or not redis.srem(self._processes, process):
                continue
            people = [int(field) for field in redis.hkeys(self._people(process))]
            redis.delete(self._people(process))
            log.info("process_buried", process=process, people=len(people))
            still_here = self.online(people)
            self._tell([person_id for person_id in people if person_id not in still_here], is_online=False)

    def _announce(self, here: dict[int, int]) -> None:
        if not self._listeners:
            return
        counts = self._counts(list(here))
        came = [person_id for person_id, count in here.items() if count > 0 and person_id not in self._told]
        left = [person_id for person_id, count in here.items() if count <= 0]
        self._told |= set(came)
        self._told -= set(left)
        self._tell([person_id for person_id in came if counts[person_id] == here[person_id]], is_online=True)
        self._tell([person_id for person_id in left if counts[person_id] == 0], is_online=False)

    def _tell(self, person_ids: list[int], *, is_online: bool) -> None:
        for person_id in person_ids:
            for listener in self._listeners:
                try:
                    listener(person_id, is_online)
                except Exception:
                    log.exception("presence_listener_failed", person_id=person_id)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


presence = Presence()
# Processes forked from one parent count apart.
os.register_at_fork(after_in_child=presence.rename)
