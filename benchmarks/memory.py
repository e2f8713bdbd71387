"""What a connection that waits takes: `python -m benchmarks memory`.

One web process, and a thousand members of conversations who say nothing, over each transport.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from benchmarks import operations
from benchmarks.figures import row
from benchmarks.house import House, scratch_house
from benchmarks.processes import memory_mb, resident_mb
from benchmarks.rooms import TRANSPORTS, Member, Room, Tally
from benchmarks.wire import spread

FIRST, CONNECTIONS, AT_ONCE = 50, 1000, 50
SETTLED_S = 2.0
SMALL_WORLD = 1000


def main() -> int:
    """Print a table."""
    print(row(["transport", "connections", "PSS kB each", "RSS kB each", "the process then, MB"]))
    print(row(["---", *["---:"] * 4]))
    with scratch_house(f"bench load --tasks {SMALL_WORLD}") as house:
        for name, kind in TRANSPORTS.items():
            with house.web(1):
                print(row([name, f"{CONNECTIONS:,}", *asyncio.run(_measure(house, kind))]), flush=True)
    return 0


async def _measure(house: House, kind: type[Member]) -> list[str]:
    tokens = await operations.sign_in(house, operations.freelancers())
    members = await _enter(house, kind, tokens, FIRST)
    await asyncio.sleep(SETTLED_S)
    (pid,) = house.worker_pids
    before = memory_mb(pid), resident_mb(pid)
    members += await _enter(house, kind, tokens, CONNECTIONS)
    await asyncio.sleep(SETTLED_S)
    after = memory_mb(pid), resident_mb(pid)
    assert not any(member.is_closed for member in members), "a connection that waited was lost"
    for member in members:
        member.close()
    each = [f"{(now - then) * 1000 / CONNECTIONS:.0f}" for now, then in zip(after, before, strict=True)]
    return [*each, f"{after[1]:.0f}"]


async def _enter(house: House, kind: type[Member], tokens: Sequence[str], count: int) -> list[Member]:
    places = [number % len(tokens) for number in range(count)]
    silent = Room(Tally(), in_flight=0)
    makers = [partial(kind, silent, place + 1, tokens[place]) for place in places]
    members = []
    while makers:
        coming = await spread(house, makers[-AT_ONCE:])
        await asyncio.gather(*(member.open() for member in coming))
        members += coming
        del makers[-AT_ONCE:]
    return members
