"""The roll: what each process has written in Redis of who is connected to it.

A process has one hash, of seats and numbers of connections, and a key that lives only as long as the process
refreshes it: the hash of a process without that key counts for nothing, and is struck off by any other.
Whatever changes the roll is one step in Redis and answers who holds the same seats elsewhere, so that of all
the processes exactly one sees a seat taken by the first and exactly one sees it left by the last.
"""

from collections.abc import Collection, Mapping
from typing import Any

from redis import Redis

KEPT_S = 24 * 3600

# The keys are the processes' list; the values begin with the process and what comes before the names of keys.
_BEGIN = """
local list, process, people, alive = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local processes = redis.call('SMEMBERS', list)
local function is_held_elsewhere(seat)
    for _, other in ipairs(processes) do
        if other ~= process and redis.call('HEXISTS', people .. other, seat) == 1 then return true end
    end
    return false
end
"""

# Who is struck off later is still held against those who come and go: whoever strikes them off tells.
_WRITE = (
    _BEGIN
    + """
local held = {}
for number = 6, #ARGV, 2 do
    local seat, count = ARGV[number], ARGV[number + 1]
    if tonumber(count) > 0 then
        redis.call('HSET', people .. process, seat, count)
    else
        redis.call('HDEL', people .. process, seat)
    end
    if is_held_elsewhere(seat) then held[#held + 1] = seat end
end
redis.call('EXPIRE', people .. process, ARGV[5])
redis.call('SET', alive .. process, 1, 'EX', ARGV[4])
redis.call('SADD', list, process)
return held
"""
)

_STRIKE_OFF = (
    _BEGIN
    + """
if ARGV[4] == 'dead' and redis.call('EXISTS', alive .. process) == 1 then return false end
redis.call('DEL', alive .. process)
if redis.call('SREM', list, process) == 0 then return false end
local left = {}
for _, seat in ipairs(redis.call('HKEYS', people .. process)) do
    if not is_held_elsewhere(seat) then left[#left + 1] = seat end
end
redis.call('DEL', people .. process)
return left
"""
)

_COUNT = (
    _BEGIN
    + """
local counts = {}
for number = 4, #ARGV do counts[number - 3] = 0 end
for _, other in ipairs(processes) do
    if redis.call('EXISTS', alive .. other) == 1 then
        for number = 4, #ARGV do
            local count = redis.call('HGET', people .. other, ARGV[number])
            counts[number - 3] = counts[number - 3] + (tonumber(count) or 0)
        end
    end
end
return counts
"""
)


class Roll:
    """The roll of one instance; seats are called by their fields."""

    def __init__(self, redis: Redis, *, alive_s: int, prefix: str = "presence") -> None:
        """Keep it in `redis`, where a killed process counts for `alive_s` seconds more."""
        self._redis = redis
        self._alive_s = alive_s
        self._list = f"{prefix}:processes"
        self._people = f"{prefix}:people:"
        self._alive = f"{prefix}:alive:"
        self._write = redis.register_script(_WRITE)
        self._strike_off = redis.register_script(_STRIKE_OFF)
        self._count = redis.register_script(_COUNT)

    def write(self, process: str, counts: Mapping[str, int]) -> set[str]:
        """Write how many connections of a process hold which seats now; those that others hold as well."""
        pairs = [part for pair in counts.items() for part in pair]
        return set(_texts(self._run(self._write, process, self._alive_s, KEPT_S, *pairs)))

    def write_anew(self, process: str, counts: Mapping[str, int]) -> None:
        """Write all seats of a process, whatever Redis has lost, and that it is alive."""
        fields: dict[Any, Any] = dict(counts)
        with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(self._people + process)
            if fields:
                pipe.hset(self._people + process, mapping=fields)
                pipe.expire(self._people + process, KEPT_S)
            pipe.set(self._alive + process, 1, ex=self._alive_s)
            pipe.sadd(self._list, process)
            pipe.execute()

    def strike_off(self, process: str) -> list[str]:
        """Take a process off the roll; the seats that nobody holds now."""
        return _texts(self._run(self._strike_off, process, "any") or ())

    def bury(self) -> Mapping[str, list[str]]:
        """Strike off the processes that do not live any more: by each, the seats that nobody holds now."""
        buried = {}
        for process in _texts(self._redis.smembers(self._list)):
            if not self._redis.exists(self._alive + process):
                left = self._run(self._strike_off, process, "dead")
                if left is not None:
                    buried[process] = _texts(left)
        return buried

    def counts(self, fields: Collection[str]) -> list[int]:
        """How many connections hold each seat, over the processes that are alive."""
        counts: list[int] = self._run(self._count, "", *fields)
        return counts

    def _run(self, script: Any, process: str, *values: str | int) -> Any:
        return script(keys=[self._list], args=[process, self._people, self._alive, *values])


def _texts(values: Any) -> list[str]:
    return [value.decode() if isinstance(value, bytes) else value for value in values]
