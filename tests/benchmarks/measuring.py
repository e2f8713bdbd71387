"""What an operation costs, counted and timed, in this process."""

import sys
import time
from contextlib import contextmanager

from benchmarks import yardstick
from tests.query_count import counted_commands, counted_queries

COUNTED = 3
ROUNDS = 15


def counts_of(operation):
    """The statements, the commands of Redis, and the instructions of Python's own machine.

    These are the same on every machine, whatever else it does; time that is spent in C is not among them.
    """
    operation()
    with counted_queries() as statements, counted_commands() as commands:
        operation()
    instructions = min(_instructions_of(operation) for _ in range(COUNTED))
    return {"statements": len(statements), "commands": len(commands), "instructions": instructions}


def costs_of(*operations):
    """The processor time of each in yardsticks: the least that was seen of all, which were measured in turn.

    What else the machine does only adds to it, by half and more; the yardstick feels some of that as well.
    """
    yardstick.work()
    sticks, times = [], [[] for _ in operations]
    with _traced(None):
        for _ in range(ROUNDS):
            for taken, operation in zip(times, operations, strict=True):
                sticks.append(_time_ms(yardstick.work))
                taken.append(_time_ms(operation))
    return [min(taken) / min(sticks) for taken in times]


def _time_ms(operation):
    started = time.process_time()
    operation()
    return (time.process_time() - started) * 1000


def _instructions_of(operation):
    count = 0

    def note(frame, event, argument):
        nonlocal count
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return note

    with _traced(note):
        operation()
    return count


@contextmanager
def _traced(tracer):
    """With another tracer, or none, instead of what watches the suite run and would be measured as well."""
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        yield
    finally:
        sys.settrace(before)
