"""A house to measure: PostgreSQL, Redis and web processes of its own in a temporary folder."""

import asyncio
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.processes import Usage, cpu_s, machine_cpu_s, own_cpu_s
from marketplace.local.postgres import PostgresService
from marketplace.local.processes import Child, Program
from marketplace.local.redis import RedisService
from marketplace.local.services import start_postgres, start_redis
from tests.house import ROOT, environment, folder_of_its_own, free_port

OPEN_WITHIN_S = 60
END_WITHIN_S = 10.0
ACCEPTED_WITHIN_S = 5.0
PREPARATION = ("schema upgrade", "catalog load")


class House:
    """The servers of one world, and the web processes that run on them at the moment."""

    def __init__(self, folder: Path, postgres: PostgresService, redis: RedisService) -> None:
        """Stand on servers that run."""
        self.port = free_port()
        self._folder = folder
        self._postgres = postgres
        self._redis = redis
        self._web: Child | None = None
        self._environ = environment(
            PORT=str(self.port),
            INSTANCE_PATH=str(folder / "instance"),
            DATABASE_URL=postgres.url,
            DATABASE_OWNER_URL=postgres.owner_url,
            REDIS_URL=redis.url,
            RATE_LIMITS="off",
            DEMO="off",
            ACCESS_TOKEN_MINUTES="1440",  # noqa: S106 - how long a token lasts
        )

    @property
    def web_pid(self) -> int:
        """The master of the web processes."""
        pid = None if self._web is None else self._web.pid
        assert pid is not None, "no web process runs"
        return pid

    @property
    def worker_pids(self) -> list[int]:
        """The web processes that answer."""
        return [child.pid for child in psutil.Process(self.web_pid).children()]

    @property
    def postgres_pid(self) -> int:
        """PostgreSQL's first process."""
        assert self._postgres.child.pid is not None
        return self._postgres.child.pid

    @property
    def redis_pid(self) -> int:
        """Redis."""
        assert self._redis.child.pid is not None
        return self._redis.child.pid

    @property
    def owner_url(self) -> str:
        """The database as its owner sees it."""
        return self._postgres.owner_url

    def flask(self, *commands: str) -> None:
        """Run `flask` commands one after another in one process."""
        subprocess.run(  # noqa: S603 - our own commands, and no shell is between
            [sys.executable, "-m", "marketplace.local.preparation", *commands],
            cwd=ROOT,
            env=self._environ,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def program(self, name: str, *arguments: str) -> Child:
        """A program of the house beside the web processes; whoever starts it stops it."""
        program = Program(
            name=name,
            arguments=(sys.executable, "-m", *arguments),
            environ=self._environ,
            folder=ROOT,
            log=self._folder / f"{name}.log",
        )
        return Child(program, self._folder / f"{name}.json")

    @contextmanager
    def web(self, workers: int) -> Iterator[None]:
        """Answer requests with so many web processes until the block ends."""
        options = ("--config", "python:marketplace.local.web", "--workers", str(workers))
        # nobody reads the access log of a measured house
        self._web = self.program("web", "gunicorn", *options, "--access-logfile", os.devnull, "wsgi:app")
        self._web.start()
        try:
            self._wait_until_open(self._web, workers)
            yield
        finally:
            self._web.stop(END_WITHIN_S)
            self._web = None

    def usage(self) -> Usage:
        """The processor time that everybody has taken until now."""
        return Usage(
            server=cpu_s(self.web_pid),
            database=cpu_s(self.postgres_pid),
            redis=cpu_s(self.redis_pid),
            driver=own_cpu_s(),
            everything=machine_cpu_s(),
        )

    async def holder_of(self, local_port: int) -> int:
        """Which web process has accepted the connection from a port of ours."""
        pids = self.worker_pids
        if len(pids) == 1:
            return pids[0]
        until = time.monotonic() + ACCEPTED_WITHIN_S
        while time.monotonic() < until:
            for pid in pids:
                held = psutil.Process(pid).net_connections("tcp")
                if any(one.raddr and one.raddr.port == local_port for one in held):
                    return pid
            await asyncio.sleep(0.01)
        raise TimeoutError("no web process accepts connections")

    def _wait_until_open(self, web: Child, workers: int) -> None:
        until = time.monotonic() + OPEN_WITHIN_S
        while not (self._answers() and len(self.worker_pids) == workers):
            log = (self._folder / "web.log").read_text(errors="replace")[-4000:]
            assert web.is_running, f"the web server ended:\n{log}"
            assert time.monotonic() < until, f"the web server is not open after {OPEN_WITHIN_S} s:\n{log}"
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def scratch_house(*commands: str) -> Iterator[House]:
    """Servers as `make run` starts them, filled by `flask` commands, until the block ends."""
    with folder_of_its_own() as folder:
        postgres = start_postgres(folder / "instance")
        try:
            redis = start_redis(folder / "instance")
            try:
                house = House(folder, postgres, redis)
                house.flask(*PREPARATION, *commands)
                yield house
            finally:
                redis.stop()
        finally:
            postgres.stop()
