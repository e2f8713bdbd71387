"""What processes take: processor time and memory, of a program with everything that it started."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import psutil


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Seconds of processor time: of web processes, PostgreSQL, Redis, this driver, and all there is."""

    server: float
    database: float
    redis: float
    driver: float
    everything: float

    def __sub__(self, before: Self) -> "Usage":
        return Usage(
            server=self.server - before.server,
            database=self.database - before.database,
            redis=self.redis - before.redis,
            driver=self.driver - before.driver,
            everything=self.everything - before.everything,
        )

    @property
    def others(self) -> float:
        """What somebody else took of the machine."""
        return max(0.0, self.everything - self.server - self.database - self.redis - self.driver)


def cpu_s(pid: int) -> float:
    """The processor time of a process and of its descendants, those that have ended among them."""
    total = 0.0
    for process in _family(pid):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def machine_cpu_s() -> float:
    """The processor time of everything on this machine."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def own_cpu_s() -> float:
    """The processor time of this process alone."""
    times = os.times()
    return times.user + times.system


def memory_mb(pid: int) -> float:
    """The memory of a process and its descendants, what several share counted once (PSS), in MB."""
    total = 0
    for process in _family(pid):
        with suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total / 1_000_000


def resident_mb(pid: int) -> float:
    """What a process alone has in memory (RSS), in MB."""
    return float(psutil.Process(pid).memory_info().rss) / 1_000_000


def _family(pid: int) -> Iterator[psutil.Process]:
    process = psutil.Process(pid)
    yield process
    yield from process.children(recursive=True)
