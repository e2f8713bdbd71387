"""What a request costs as the market grows: `python -m benchmarks growth`.

Worlds of 10 thousand, 100 thousand and a million tasks, one after another, and one request at a time.
"""

import asyncio
import itertools
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks import operations, yardstick
from benchmarks.figures import row
from benchmarks.house import House, scratch_house
from benchmarks.load import quiet
from benchmarks.recommendations.metrics import percentile
from benchmarks.wire import HttpClient, http_request, spread

SIZES = (10_000, 100_000, 1_000_000)
MOST_GROWTH = 2.0
WARM_UP = 20
ASKED_EACH = 150
STICKS = 15
CLIENTS = 20
RECOMMENDED = "/api/recommendations"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one kind of request took in one world."""

    p50_ms: float
    p95_ms: float
    cpu_ms: float
    yardstick_ms: float
    yardstick_cpu_ms: float


def main(sizes: Sequence[int]) -> int:
    """Print a table; answers whether anything costs more than twice as much in the largest world."""
    worlds: dict[int, Mapping[str, Cost]] = {}
    for size in sizes:
        started = time.monotonic()
        with scratch_house(f"bench load --tasks {size}", "recommendations rebuild") as house, house.web(1):
            print(f"{size:,} tasks after {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
            worlds[size] = asyncio.run(_measure_world(house, size))
    for line in table(worlds):
        print(line)
    grown = [name for name, factors in growth(worlds).items() if max(factors) > MOST_GROWTH]
    for name in grown:
        print(f"WRONG {name} costs more than {MOST_GROWTH:g} times as much in the largest world")
    return 1 if grown else 0


def table(worlds: Mapping[int, Mapping[str, Cost]]) -> Iterator[str]:
    """A line for each kind of request: p50 / p95 / processor time in each world, and how much they grew."""
    heads = [f"{size:,} tasks" for size in worlds]
    yield row(["p50 / p95 / CPU ms", *heads, "p50 grew", "CPU grew"])
    yield row(["---", *["---:"] * (len(heads) + 2)])
    for name, factors in growth(worlds).items():
        costs = [costs[name] for costs in worlds.values()]
        cells = [f"{cost.p50_ms:.1f} / {cost.p95_ms:.1f} / {cost.cpu_ms:.1f}" for cost in costs]
        yield row([name, *cells, *(f"{factor:.2f}" for factor in factors)])


def growth(worlds: Mapping[int, Mapping[str, Cost]]) -> dict[str, tuple[float, float]]:
    """How many times as much the largest world costs as the smallest: the median, and the processor time.

    Both in yardsticks, timed in the same way beside the requests: a world may have met a busy machine.
    """
    smallest, largest = worlds[min(worlds)], worlds[max(worlds)]
    return {
        name: (
            _in_yardsticks(largest[name])[0] / _in_yardsticks(small)[0],
            _in_yardsticks(largest[name])[1] / _in_yardsticks(small)[1],
        )
        for name, small in smallest.items()
    }


def _in_yardsticks(cost: Cost) -> tuple[float, float]:
    return cost.p50_ms / cost.yardstick_ms, cost.cpu_ms / cost.yardstick_cpu_ms


async def _measure_world(house: House, tasks: int) -> dict[str, Cost]:
    (client,) = await spread(house, [HttpClient])
    requests = {name: operations.REST[name]((), tasks) for name in ("list", "search", "detail")}
    requests |= await _recommendations(house, client)
    costs = {name: await _measure(house, client, asked) for name, asked in requests.items()}
    client.close()
    return costs


async def _recommendations(house: House, client: HttpClient) -> dict[str, Iterator[bytes]]:
    freelancers = await operations.sign_in(house, operations.freelancers())
    clients = await operations.sign_in(house, [f"user{number}" for number in range(1, CLIENTS + 1)])
    own = [(token, task) for token in clients for task in await _open_tasks(client, token)]
    random.Random(operations.SEED).shuffle(own)
    return {
        "recommended tasks": _each(f"{RECOMMENDED}/tasks/", freelancers),
        "recommended freelancers": _each(f"{RECOMMENDED}/freelancers/", clients),
        "freelancers for a task": itertools.cycle(
            http_request("GET", f"{RECOMMENDED}/freelancers/{task}/", token=token) for token, task in own
        ),
    }


def _each(path: str, tokens: Sequence[str]) -> Iterator[bytes]:
    return itertools.cycle(http_request("GET", path, token=token) for token in tokens)


async def _open_tasks(client: HttpClient, token: str) -> list[int]:
    answer = json.loads(await client.answer_to(http_request("GET", "/api/tasks/my-tasks/", token=token)))
    return [task["id"] for task in answer["results"] if task["status"] == "OPEN"]


async def _measure(house: House, client: HttpClient, requests: Iterator[bytes]) -> Cost:
    for request in itertools.islice(requests, WARM_UP):
        await client.answer_to(request)
    await quiet(house)
    sticks_ms = [yardstick.milliseconds(time.perf_counter, rounds=1) for _ in range(STICKS)]
    before, latencies_ms = house.usage(), []
    for request in itertools.islice(requests, ASKED_EACH):
        started = time.perf_counter()
        await client.answer_to(request)
        latencies_ms.append((time.perf_counter() - started) * 1000)
    used = house.usage() - before
    sticks_ms += [yardstick.milliseconds(time.perf_counter, rounds=1) for _ in range(STICKS)]
    return Cost(
        p50_ms=percentile(latencies_ms, 0.5),
        p95_ms=percentile(latencies_ms, 0.95),
        cpu_ms=(used.server + used.database) * 1000 / ASKED_EACH,
        yardstick_ms=percentile(sticks_ms, 0.5),
        yardstick_cpu_ms=yardstick.milliseconds(),
    )
