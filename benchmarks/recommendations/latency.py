"""How long recommendations take, one after the other, with as many people and tasks as a city has."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.recommendations.calls import (
    freelancers_for_client,
    freelancers_for_task,
    tasks_for_freelancer,
)
from benchmarks.recommendations.market import Market

WARMING_UP = 10

Call = Callable[[], Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What one kind of recommendation took, in milliseconds each: until its answer, and computing here."""

    title: str
    waited: Sequence[float]
    computed: Sequence[float]


def calls(market: Market, *, seed: int, most: int) -> dict[str, list[Call]]:
    """Recommendations to ask for in a market, `most` of each kind; they hold nothing of the market."""
    chance = random.Random(seed)
    freelancers = chance.sample(list(market.freelancers), most)
    tasks = chance.sample([task for task in market.tasks.values() if task.is_open], most)
    clients = chance.sample(sorted({task.owner_id for task in market.tasks.values()}), most)
    return {
        "Tasks for a freelancer": [_call(tasks_for_freelancer, key) for key in freelancers],
        "Freelancers for a task": [_call(freelancers_for_task, task.id, task.owner_id) for task in tasks],
        "Freelancers for a client": [_call(freelancers_for_client, key) for key in clients],
    }


def measure(title: str, asked: Sequence[Call]) -> Timing:
    """Ask for each in turn."""
    for call in asked[:WARMING_UP]:
        call()
    waited, computed = [], []
    for call in asked:
        started, started_here = time.perf_counter(), time.thread_time()
        assert call(), "nothing was recommended"
        waited.append((time.perf_counter() - started) * 1000)
        computed.append((time.thread_time() - started_here) * 1000)
    return Timing(title=title, waited=waited, computed=computed)


def _call(answer: Callable[..., Sequence[int]], *ids: int) -> Call:
    return lambda: answer(*ids)
