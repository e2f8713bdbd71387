"""A fixed piece of pure Python: what it takes says how fast this machine is at the moment."""

import json
import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

ROUNDS = 5
THINGS, VISITED = 60_000, 4_000
_WORD = re.compile(r"(\w+)-(\d+)")


@dataclass(frozen=True)
class _Thing:
    number: int
    name: str
    parts: tuple[str, ...]


def work() -> int:
    """Objects, words, patterns, JSON and calls, then a walk through more memory than a processor has at hand.

    Requests are of both, and the second is what others on the machine make slow.
    """
    total = 0
    for number in range(400):
        name = f"thing-{number}"
        found = _WORD.fullmatch(name)
        assert found is not None
        thing = _Thing(int(found[2]), found[1].title(), tuple(name.split("-")))
        row = {"id": thing.number, "name": thing.name, "parts": list(thing.parts), "even": number % 2 == 0}
        total += len(json.loads(json.dumps(row))) + sum(map(len, sorted(row)))
    walk = _walk()
    return total + sum(len(next(walk)["name"]) for _ in range(VISITED))


def milliseconds(clock: Callable[[], float] = time.thread_time, rounds: int = ROUNDS) -> float:
    """The processor time of the work in milliseconds: the quickest of several rounds."""
    return min(_timed(clock) for _ in range(rounds)) * 1000


def _timed(clock: Callable[[], float]) -> float:
    started = clock()
    work()
    return clock() - started


@cache
def _walk() -> Iterator[dict[str, str]]:
    things = [{"name": f"thing {number}"} for number in range(THINGS)]
    random.Random(1).shuffle(things)
    return _round_and_round(things)


def _round_and_round(things: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    while True:
        yield from things
