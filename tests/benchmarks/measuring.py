"""What an operation costs, counted and timed, in this process."""

import sys
import time
from contextlib import contextmanager

from benchmarks import yardstick
from tests.query_count import counted_commands, counted_queries

COUNTED = 3
ROUNDS = 25


def counts_of(operation):
    """The statements, the commands of Redis, and the calls of functions, in Python and in C."""
    operation()
    with counted_queries() as statements, counted_commands() as commands:
        operation()
    calls = min(_calls_of(operation) for _ in range(COUNTED))
    return {"statements": len(statements), "commands": len(commands), "calls": calls}


def costs_of(*operations):
    """The processor time of each in yardsticks: the least that was seen of all, which were measured in turn.

    What else the machine does only adds to it, and the yardstick leaves the processor's caches to nobody.
    """
    yardstick.work()
    sticks, times = [], [[] for _ in operations]
    with _untraced():
        for _ in range(ROUNDS):
            for taken, operation in zip(times, operations, strict=True):
                sticks.append(_time_ms(yardstick.work))
                taken.append(_time_ms(operation))
    return [min(taken) / min(sticks) for taken in times]


def _time_ms(operation):
    started = time.process_time()
    operation()
    return (time.process_time() - started) * 1000


def _calls_of(operation):
    calls = 0

    def note(frame, event, argument):
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        operation()
    finally:
        sys.setprofile(None)
    return calls


@contextmanager
def _untraced():
    """Without what watches the suite run, which would be measured as well."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)
