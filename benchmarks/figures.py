"""What was measured: one figure for each operation, as a table, as a file, and beside an earlier one."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from benchmarks.processes import Usage
from benchmarks.recommendations.metrics import percentile

LATEST = Path(__file__).with_name("results") / "latest.json"
COLUMNS = (
    "operation",
    "a second",
    "p50 ms",
    "p99 ms",
    "errors",
    "server CPU ms",
    "database CPU ms",
    "CPU in yardsticks",
    "rate new/old",
    "CPU new/old",
    "others' cores",
)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One operation; processor times are of one request, or of one delivery, in milliseconds."""

    rate: float
    p50_ms: float
    p99_ms: float
    errors: int
    server_ms: float
    database_ms: float
    redis_ms: float
    driver_ms: float
    others_cores: float
    yardstick_ms: float

    @property
    def cost(self) -> float:
        """The processor time of server and database in yardsticks: the same on a machine twice as quick."""
        return (self.server_ms + self.database_ms) / self.yardstick_ms

    @property
    def pace(self) -> float:
        """How many are done in the time of a yardstick."""
        return self.rate * self.yardstick_ms / 1000


def figure(
    *, done: int, seconds: float, used: Usage, latencies_ms: Sequence[float], errors: int, yardstick_ms: float
) -> Figure:
    """Put together what a window of time has shown; an operation that was never done has no figure."""
    assert done > 0, f"nothing was done in {seconds:.1f} s, with {errors} errors"
    return Figure(
        rate=done / seconds,
        p50_ms=percentile(latencies_ms, 0.5),
        p99_ms=percentile(latencies_ms, 0.99),
        errors=errors,
        server_ms=used.server * 1000 / done,
        database_ms=used.database * 1000 / done,
        redis_ms=used.redis * 1000 / done,
        driver_ms=used.driver * 1000 / done,
        others_cores=used.others / seconds,
        yardstick_ms=yardstick_ms,
    )


def table(figures: Mapping[str, Figure], before: Mapping[str, Figure]) -> Iterator[str]:
    """The lines of the table, each operation beside what it was before."""
    yield row(COLUMNS)
    yield row(["---", *["---:"] * (len(COLUMNS) - 1)])
    for name, now in figures.items():
        cells = [f"{now.rate:,.0f}", f"{now.p50_ms:.1f}", f"{now.p99_ms:.1f}", str(now.errors)]
        cells += [f"{now.server_ms:.3f}", f"{now.database_ms:.3f}", f"{now.cost:.3f}"]
        cells += [*_compared(now, before.get(name)), f"{now.others_cores:.1f}"]
        yield row([name, *cells])


def row(cells: Iterable[str]) -> str:
    """One line of a table."""
    return f"| {' | '.join(cells)} |"


def load(path: Path = LATEST) -> dict[str, Figure]:
    """The figures that were saved last; none where none were."""
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Figure]) if path.exists() else {}


def save(figures: Mapping[str, Figure], path: Path = LATEST) -> None:
    """Keep figures for later; operations that were not measured this time keep theirs."""
    path.parent.mkdir(exist_ok=True)
    kept = msgspec.to_builtins({**load(path), **figures})
    rounded = {name: {key: round(value, 4) for key, value in one.items()} for name, one in kept.items()}
    path.write_text(json.dumps(rounded, indent=2) + "\n")


def _compared(now: Figure, before: Figure | None) -> tuple[str, str]:
    if before is None:
        return "", ""
    return f"{now.pace / before.pace:.2f}", f"{now.cost / before.cost:.2f}"
