"""What one web process, one worker and the two servers take: `python -m benchmarks costs`."""

import asyncio
import time

import redis
import sqlalchemy as sa

from benchmarks import load, operations
from benchmarks.figures import row
from benchmarks.house import House, scratch_house
from benchmarks.processes import cpu_s, memory_mb, resident_mb

SECONDS = 5.0
IDLE_S = 3.0
JOBS_WITHIN_S = 120
MIXED = ("list", "search", "detail", "apply", "send")
DATABASE_SIZE = sa.text("SELECT pg_database_size(current_database())")


def main() -> int:
    """Print two tables: memory and disk, then what one of each does a second."""
    with scratch_house(f"bench load --tasks {operations.TASKS}") as house:
        memory = {"PostgreSQL, nobody connected": memory_mb(house.postgres_pid)}
        with house.web(1):
            rates = asyncio.run(_load(house, memory))
        jobs, jobs_ms = _work(house, memory)
        memory["Redis"] = memory_mb(house.redis_pid)
        memory[f"the data of {operations.TASKS:,} tasks, on disk"] = _database_mb(house)
    for heads, rows in ((("memory", "MB"), memory), (("of one process", "a second"), rates)):
        print("\n".join([row(heads), row(["---", "---:"])]))
        print("\n".join(row([name, f"{value:,.0f}"]) for name, value in rows.items()), end="\n\n")
    print(f"One worker does {jobs:.0f} jobs a second, {jobs_ms:.1f} ms of its processor time each.")
    return 0


async def _load(house: House, memory: dict[str, float]) -> dict[str, float]:
    (pid,) = house.worker_pids
    await asyncio.sleep(IDLE_S)
    memory["a web process, started (PSS with its master)"] = memory_mb(house.web_pid)
    tokens = await operations.sign_in(house, operations.freelancers())
    rates = {}
    for name in MIXED:
        requests = operations.REST[name](tokens, operations.TASKS)
        measured, errors = await load.measure(
            house, requests, connections=operations.CONNECTIONS, seconds=SECONDS
        )
        assert not errors, errors[:3]
        rates[name] = measured.rate
    memory["a web process, after requests of all kinds (RSS)"] = resident_mb(pid)
    memory["PostgreSQL under them"] = memory_mb(house.postgres_pid)
    return rates


def _work(house: House, memory: dict[str, float]) -> tuple[float, float]:
    """Let one worker carry out what the requests left to it; answers jobs a second and milliseconds a job."""
    queue = redis.Redis.from_url(house.redis_url)
    waiting = queue.llen("rq:queue:default")
    worker = house.program("worker", "flask", "--app", "wsgi", "worker")
    worker.start()
    try:
        while queue.llen("rq:queue:default") == waiting:
            time.sleep(0.05)
        assert worker.pid is not None
        memory["a worker (RSS)"] = resident_mb(worker.pid)
        started, used, before = time.monotonic(), cpu_s(worker.pid), queue.llen("rq:queue:default")
        while queue.llen("rq:queue:default") > 0 and time.monotonic() < started + SECONDS * 2:
            time.sleep(0.05)
        done = before - queue.llen("rq:queue:default")
        assert done > 0, "the worker does nothing"
        return done / (time.monotonic() - started), (cpu_s(worker.pid) - used) * 1000 / done
    finally:
        worker.stop(JOBS_WITHIN_S)
        queue.close()


def _database_mb(house: House) -> float:
    engine = sa.create_engine(house.owner_url)
    with engine.connect() as connection:
        size: int = connection.execute(DATABASE_SIZE).scalar_one()
    engine.dispose()
    return size / 1_000_000
