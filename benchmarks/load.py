"""A closed loop: each connection asks anew as soon as it was answered."""

import asyncio
import time
from collections.abc import Iterator

from benchmarks import yardstick
from benchmarks.figures import Figure, figure
from benchmarks.house import House
from benchmarks.wire import HttpClient, is_success, spread

WARM_UP_S = 1.0
QUIET_S = 0.3
QUIET_WITHIN_S = 30


class ClosedLoop:
    """Requests of one kind over some connections."""

    def __init__(self, requests: Iterator[bytes]) -> None:
        """Ask these requests, one after another."""
        self.latencies_ms: list[float] = []
        self.errors: list[str] = []
        self._requests = requests
        self._is_running = True
        self._open = 0
        self._ended = asyncio.Event()

    def start(self, clients: list[HttpClient]) -> None:
        """Let each connection ask."""
        for client in clients:
            self._open += 1
            client.ask(next(self._requests), self._answered)

    async def end(self) -> None:
        """Wait for the last answers."""
        self._is_running = False
        await asyncio.wait_for(self._ended.wait(), 60)

    def _answered(self, client: HttpClient, status: int, body: bytes) -> None:
        if is_success(status):
            self.latencies_ms.append((time.perf_counter() - client.asked_at) * 1000)
        else:
            self.errors.append(f"{status} {body[:200]!r}")
        # a connection that was lost asks no more: it would only be refused again and again
        if self._is_running and status:
            client.ask(next(self._requests), self._answered)
            return
        self._open -= 1
        if self._open == 0:
            self._ended.set()


async def measure(
    house: House, requests: Iterator[bytes], *, connections: int, seconds: float
) -> tuple[Figure, list[str]]:
    """Ask for so long; answers the figure and what went wrong."""
    await quiet(house)
    clients = await spread(house, [HttpClient] * connections)
    loop = ClosedLoop(requests)
    before_ms = yardstick.milliseconds()
    loop.start(clients)
    await asyncio.sleep(WARM_UP_S)
    loop.latencies_ms.clear()
    started, before = time.perf_counter(), house.usage()
    await asyncio.sleep(seconds)
    took_s, used, latencies = time.perf_counter() - started, house.usage() - before, [*loop.latencies_ms]
    await loop.end()
    for client in clients:
        client.close()
    measured = figure(
        done=len(latencies),
        seconds=took_s,
        used=used,
        latencies_ms=latencies,
        errors=len(loop.errors),
        yardstick_ms=(before_ms + yardstick.milliseconds()) / 2,
    )
    return measured, loop.errors


async def quiet(house: House) -> None:
    """Wait until what was asked before is dealt with, so that no operation pays for another."""
    until = time.monotonic() + QUIET_WITHIN_S
    before = house.usage()
    while time.monotonic() < until:
        await asyncio.sleep(QUIET_S)
        now = house.usage()
        used, before = now - before, now
        if used.server + used.database < 0.1 * QUIET_S:
            return
