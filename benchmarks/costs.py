"""What one web process, one worker and the two servers take: `python -m benchmarks costs`."""

import asyncio
import time

import sqlalchemy as sa

from benchmarks import load, operations
from benchmarks.figures import Figure, row
from benchmarks.house import House, scratch_house
from benchmarks.processes import cpu_s, memory_mb, resident_mb

SECONDS = 5.0
SETTLED_S = 3.0
WITHIN_S = 60
WAITING = sa.text("SELECT count(*) FROM outbox_deliveries WHERE done_at IS NULL AND due_at <= now()")
DATABASE_SIZE = sa.text("SELECT pg_database_size(current_database())")


def main() -> int:
    """Print two tables, memory and disk, and what a request takes, and a line on the worker."""
    with scratch_house(f"bench load --tasks {operations.TASKS}") as house:
        megabytes = {
            f"{operations.TASKS:,} tasks and what belongs to them, on disk": _ask(house, DATABASE_SIZE)
            / 1_000_000,
            "PostgreSQL, idle": memory_mb(house.postgres_pid),
        }
        with house.web(1):
            figures = asyncio.run(_load(house, megabytes))
        jobs, job_ms = _work(house, megabytes)
        megabytes["Redis, after all of it"] = memory_mb(house.redis_pid)
    print("\n".join([row(["memory", "MB"]), row(["---", "---:"])]))
    for name, size in megabytes.items():
        print(row([name, f"{size:,.0f}"]))
    heads = ["one web process", "its CPU ms", "database CPU ms", "Redis CPU ms", "a second of a core"]
    print("\n".join(["", row(heads), row(["---", *["---:"] * 4])]))
    for name, one in figures.items():
        taken = [f"{value:.2f}" for value in (one.server_ms, one.database_ms, one.redis_ms)]
        print(row([name, *taken, f"{1000 / one.server_ms:,.0f}"]))
    print(f"\nOne worker did {jobs:.0f} jobs a second, each of them {job_ms:.1f} ms of its processor time.")
    return 0


async def _load(house: House, megabytes: dict[str, float]) -> dict[str, Figure]:
    (pid,) = house.worker_pids
    await asyncio.sleep(SETTLED_S)
    megabytes["a web process, idle"] = resident_mb(pid)
    tokens = await operations.sign_in(house, operations.freelancers())
    figures = {}
    for name, requests in operations.REST.items():
        connections = operations.LOGIN_CONNECTIONS if name == "login" else operations.CONNECTIONS
        asked = requests(tokens, operations.TASKS)
        figures[name], errors = await load.measure(house, asked, connections=connections, seconds=SECONDS)
        assert not errors, errors[:3]
    megabytes["a web process, after requests of all kinds"] = resident_mb(pid)
    megabytes["PostgreSQL, serving it"] = memory_mb(house.postgres_pid)
    return figures


def _work(house: House, megabytes: dict[str, float]) -> tuple[float, float]:
    """Let one worker do what the requests left to it: jobs a second, and milliseconds of CPU a job."""
    worker = house.program("worker", "flask", "--app", "wsgi", "worker")
    before = _ask(house, WAITING)
    worker.start()
    try:
        started = time.monotonic()
        while _ask(house, WAITING) == before:
            assert time.monotonic() < started + WITHIN_S, "the worker does nothing"
            time.sleep(0.1)
        assert worker.pid is not None
        started, used, before = time.monotonic(), cpu_s(worker.pid), _ask(house, WAITING)
        while _ask(house, WAITING) and time.monotonic() < started + 2 * SECONDS:
            time.sleep(0.1)
        done, took_s = before - _ask(house, WAITING), time.monotonic() - started
        megabytes["a worker"] = resident_mb(worker.pid)
        return done / took_s, (cpu_s(worker.pid) - used) * 1000 / done
    finally:
        worker.stop(WITHIN_S)


def _ask(house: House, question: sa.TextClause) -> int:
    engine = sa.create_engine(house.owner_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        answer: int = connection.execute(question).scalar_one()
    return answer
