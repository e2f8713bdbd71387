"""A fixed piece of pure Python: what it takes says how fast this machine is at the moment."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 5
_WORD = re.compile(r"(\w+)-(\d+)")


@dataclass(frozen=True)
class _Thing:
    number: int
    name: str
    parts: tuple[str, ...]


def work() -> int:
    """Objects, words, patterns, JSON and calls, as in the requests that are measured against it."""
    total = 0
    for number in range(400):
        name = f"thing-{number}"
        found = _WORD.fullmatch(name)
        assert found is not None
        thing = _Thing(int(found[2]), found[1].title(), tuple(name.split("-")))
        row = {"id": thing.number, "name": thing.name, "parts": list(thing.parts), "even": number % 2 == 0}
        total += len(json.loads(json.dumps(row))) + sum(map(len, sorted(row)))
    return total


def milliseconds(clock: Callable[[], float] = time.thread_time, rounds: int = ROUNDS) -> float:
    """The processor time of the work in milliseconds: the quickest of several rounds."""
    return min(_timed(clock) for _ in range(rounds)) * 1000


def _timed(clock: Callable[[], float]) -> float:
    started = clock()
    work()
    return clock() - started
