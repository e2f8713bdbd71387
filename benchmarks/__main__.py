"""How fast the house is: `python -m benchmarks [run|growth|memory|costs]`.

`run`, which is meant where nothing is said, measures requests and conversations on two web processes and
compares them with the figures that were saved last. Each starts a house of its own, in a temporary folder.
"""

import argparse
import asyncio
import itertools
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial

from benchmarks import costs, figures, growth, load, memory, operations, rooms
from benchmarks.figures import Figure
from benchmarks.house import House, scratch_house

WORKERS = 2

Measured = Awaitable[tuple[Figure, list[str]]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.split("\n")[0])
    parser.add_argument("what", nargs="?", default="run", choices=["run", "growth", "memory", "costs"])
    of_run = parser.add_argument_group("of run")
    of_run.add_argument("--only", default="", help="the operations whose names have this in them")
    of_run.add_argument("--tasks", type=int, default=operations.TASKS, help="the size of the world")
    of_run.add_argument("--seconds", type=float, default=3.0, help="how long each operation is measured")
    of_run.add_argument("--save", action="store_true", help="keep the figures, to compare later ones with")
    of_growth = parser.add_argument_group("of growth")
    of_growth.add_argument("--sizes", type=int, nargs="+", default=growth.SIZES, help="how many tasks")
    asked = parser.parse_args()
    if asked.what == "growth":
        sys.exit(growth.main(asked.sizes))
    if asked.what == "run":
        sys.exit(run(asked))
    sys.exit({"memory": memory.main, "costs": costs.main}[asked.what]())


def run(asked: argparse.Namespace) -> int:
    """Measure, print, compare; answers whether anything went wrong."""
    with scratch_house(f"bench load --tasks {asked.tasks}") as house, house.web(WORKERS):
        measured, wrong = asyncio.run(_measure_all(house, asked))
    for line in figures.table(measured, figures.load()):
        print(line)
    drivers = max(one.driver_ms for one in measured.values())
    print(
        f"\n{WORKERS} web processes, {asked.tasks:,} tasks, no worker, everything on this machine;"
        f" the driver takes {drivers:.2f} ms of processor time at most."
    )
    for line, times in Counter(wrong).items():
        print(f"WRONG {line}, {times} times")
    if asked.save and not wrong:
        figures.save(measured)
    return 1 if wrong else 0


async def _measure_all(house: House, asked: argparse.Namespace) -> tuple[dict[str, Figure], list[str]]:
    tokens = await operations.sign_in(house, operations.freelancers())
    measured, wrong = {}, []
    for name, measure in _all(house, tokens, asked).items():
        if asked.only in name:
            measured[name], errors = await measure()
            wrong += [f"{name}: {error}" for error in errors]
            print(f"{name}: {measured[name].rate:,.0f} a second", file=sys.stderr, flush=True)
    return measured, wrong


def _all(house: House, tokens: list[str], asked: argparse.Namespace) -> dict[str, Callable[[], Measured]]:
    def rest(name: str) -> Measured:
        few = operations.LOGIN_CONNECTIONS if name == "login" else operations.CONNECTIONS
        requests = operations.REST[name](tokens, asked.tasks)
        return load.measure(house, requests, connections=few, seconds=asked.seconds)

    def talk(shape: str, transport: str) -> Measured:
        kind = rooms.TRANSPORTS[transport]
        return rooms.measure(house, rooms.SHAPES[shape], kind, tokens=tokens, seconds=asked.seconds)

    talks = itertools.product(rooms.SHAPES, rooms.TRANSPORTS)
    return {
        **{name: partial(rest, name) for name in operations.REST},
        **{f"{shape}, {transport}": partial(talk, shape, transport) for shape, transport in talks},
    }


if __name__ == "__main__":
    main()
