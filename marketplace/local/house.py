"""The whole house, from the first check to the last process."""

import http.client
import sys
import time
from collections import deque
from pathlib import Path

from marketplace.kernel.settings import Settings
from marketplace.local.checks import check_everything
from marketplace.local.errors import LocalError, StopRequested
from marketplace.local.instance import FolderLock, InstanceFolder
from marketplace.local.postgres import PostgresService
from marketplace.local.preparation import MARK
from marketplace.local.processes import Child, Program, end_leftover
from marketplace.local.redis import RedisService
from marketplace.local.supervisor import Supervisor

HEALTHY_WITHIN_S = 60.0
MAX_WEB_DEATHS = 3
PROBE_S = 0.05
PREPARATION_STOP_S = 3.0
LAST_LINES = 15
# Clients before the servers they use.
NAMES = ("web", "worker", "scheduler", "preparation", "redis", "postgres", "initdb")
TITLES = {"schema upgrade": "Database schema", "catalog load": "Catalogue", "demo load": "Demo world"}
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to


class House:
    """PostgreSQL, Redis, web, worker and scheduler of one instance."""

    def __init__(self, settings: Settings, environ: dict[str, str]) -> None:
        """Remember what to run; `run` runs it."""
        self._settings = settings
        self._environ = environ
        self._instance = InstanceFolder(settings.instance_path)
        self._supervisor = Supervisor()
        self._terminal = self._supervisor.terminal
        self._demo_output: list[str] = []

    def run(self) -> None:
        """Run everything until somebody asks for the end; `LocalError` says why it could not start."""
        began = time.monotonic()
        self._instance.prepare()
        lock = FolderLock(self._instance.run / "up.lock")
        try:
            with self._supervisor.signals():
                self._run_until_stopped(began)
        finally:
            lock.release()

    def _run_until_stopped(self, began: float) -> None:
        try:
            self._end_leftovers()
            check_everything(self._settings)
            self._start(began)
            self._supervisor.supervise()
        except StopRequested:
            self._terminal.line("Ending…")
        finally:
            self._supervisor.stop()
        self._terminal.line("Everything has ended; the data is kept.")

    def _end_leftovers(self) -> None:
        ended = [name for name in NAMES if end_leftover(self._instance.record(name))]
        if ended:
            self._terminal.line(f"Ended what an earlier start left running: {', '.join(ended)}")

    def _start(self, began: float) -> None:
        self._complete_environment()
        self._start_servers()
        self._prepare()
        with self._terminal.step("Web, worker, scheduler"):
            self._supervisor.run(
                self._python("web", "gunicorn", "--config", "python:marketplace.local.web", "wsgi:app")
            )
            self._supervisor.run(self._python("worker", "flask", "--app", "wsgi", "worker"))
            self._supervisor.run(self._python("scheduler", "flask", "--app", "wsgi", "scheduler"))
            self._wait_until_healthy()
        self._welcome(time.monotonic() - began)

    def _complete_environment(self) -> None:
        self._environ |= {
            "INSTANCE_PATH": str(self._instance.path),
            "PYTHONUNBUFFERED": "1",
            # without it psycopg blocks the whole process under eventlet; read when psycopg is imported
            "PSYCOPG_WAIT_FUNC": "wait_selector",
        }
        if not self._environ.get("SECRET_KEY", "").strip():
            self._environ["SECRET_KEY"] = self._instance.secret_key()

    def _start_servers(self) -> None:
        if self._settings.database_url is None:
            postgres = PostgresService(self._instance, fsync=True)
            with self._terminal.step(postgres.title):
                postgres.start(self._supervisor.pause)
            self._supervisor.watch_server(postgres)
            self._environ |= {"DATABASE_URL": postgres.url, "DATABASE_OWNER_URL": postgres.owner_url}
        if self._settings.redis_url is None:
            redis = RedisService(self._instance, fsync=True)
            with self._terminal.step(redis.title):
                redis.start(self._supervisor.pause)
            self._supervisor.watch_server(redis)
            self._environ["REDIS_URL"] = redis.url

    def _prepare(self) -> None:
        commands = ["schema upgrade", "catalog load"]
        if self._settings.demo and not self._settings.is_production:
            commands.append("demo load")
        Preparation(
            self._supervisor, self._python("preparation", "marketplace.local.preparation", *commands)
        ).run(self._demo_output)

    def _python(self, name: str, module: str, *arguments: str) -> Child:
        program = Program(
            name=name,
            arguments=(sys.executable, "-m", module, *arguments),
            environ=self._environ,
            folder=Path.cwd(),
        )
        return Child(program, self._instance.record(name))

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_WITHIN_S
        while (answer := self._ask_for_health()) != http.HTTPStatus.OK:
            if self._supervisor.deaths("web") >= MAX_WEB_DEATHS:
                raise LocalError("the web server does not start: its last lines stand above")
            if time.monotonic() > deadline:
                raise LocalError(
                    f"/healthz answers {answer or 'nothing'} after {HEALTHY_WITHIN_S:.0f} s, not 200"
                )
            self._supervisor.pause(PROBE_S)
            self._supervisor.revive_the_dead()

    def _ask_for_health(self) -> int | None:
        connection = http.client.HTTPConnection(self._reachable_host, self._settings.port, timeout=1)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    @property
    def _reachable_host(self) -> str:
        host = self._settings.host
        if host not in EVERYWHERE:
            return host
        return "::1" if host == "::" else "127.0.0.1"

    def _welcome(self, took_s: float) -> None:
        host = f"[{self._reachable_host}]" if ":" in self._reachable_host else self._reachable_host
        address = f"http://{host}:{self._settings.port}"
        say = self._terminal.line
        say("")
        say(f"The marketplace is open (after {took_s:.1f} s); Ctrl-C ends it.")
        say(f"  Address    {address}/")
        say(f"  Documents  {address}/docs/")
        if not self._settings.is_production:
            say(f"  Sandbox    {address}/sandbox/")
        say(f"  Data       {self._instance.path}")
        for line in self._demo_output:
            say(f"  {line}")
        say("")


class Preparation:
    """One run of the commands that bring the database up to date."""

    def __init__(self, supervisor: Supervisor, child: Child) -> None:
        """Remember what to run."""
        self._supervisor = supervisor
        self._child = child
        self._command = ""
        self._lines: deque[str] = deque(maxlen=LAST_LINES)
        self._demo_output: list[str] = []

    def run(self, demo_output: list[str]) -> None:
        """Run the commands; what `demo load` says is added to the list, a failure shows its last lines."""
        self._demo_output = demo_output
        self._supervisor.start(self._child, self._read)
        try:
            while self._child.is_running:
                self._supervisor.pause(PROBE_S)
            # what it wrote last
            self._supervisor.pause(PROBE_S)
        finally:
            self._child.stop(PREPARATION_STOP_S)
        if self._child.exit_code != 0:
            for line in self._lines:
                self._supervisor.terminal.line(f"  {line}")
            raise LocalError(f"`flask {self._command or 'up'}` failed: its last lines stand above")
        self._finish_step()

    def _read(self, line: str) -> None:
        if line.startswith(MARK):
            self._finish_step()
            self._command = line.removeprefix(MARK)
            self._supervisor.terminal.begin(TITLES.get(self._command, self._command))
            self._lines.clear()
            return
        self._lines.append(line)
        if self._command == "demo load":
            self._demo_output.append(line)

    def _finish_step(self) -> None:
        if self._command:
            self._supervisor.terminal.finish()
