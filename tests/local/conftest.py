"""A small stand-in for the application, and `flask up` run on it as a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from marketplace.local.services import start_postgres

ROOT = Path(__file__).resolve().parents[2]
WITHIN_S = 30.0
INHERITED = ("PATH", "HOME", "TMPDIR", "VIRTUAL_ENV")

WSGI = """
import os
import signal
import sys
import time

import click
import flask

app = flask.Flask(__name__)


@app.get("/healthz")
def healthz():
    return {"pid": os.getpid(), "database": os.environ["DATABASE_URL"], "redis": os.environ["REDIS_URL"]}


def work_until_told(name):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    click.echo(f"{name} at work")
    while True:
        time.sleep(0.05)


@app.cli.command("worker")
def worker():
    work_until_told("worker")


@app.cli.command("scheduler")
def scheduler():
    work_until_told("scheduler")


schema, catalog, demo = click.Group("schema"), click.Group("catalog"), click.Group("demo")
for group in (schema, catalog, demo):
    app.cli.add_command(group)


@schema.command("upgrade")
def upgrade():
    if os.environ.get("BROKEN_MIGRATION"):
        raise RuntimeError("column price already exists")


@catalog.command("load")
def load_catalogue():
    click.echo("3 categories")


@demo.command("load")
def load_demo():
    click.echo("asha@example.com / demo-password")
"""


class Up:
    """One run of `python -m marketplace.local` in a project folder."""

    def __init__(self, folder, instance, **settings):
        environ = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environ |= {
            "PYTHONPATH": str(ROOT),
            "INSTANCE_PATH": str(instance),
            "SOCKETIO_ASYNC_MODE": "threading",
        }
        self.instance = instance
        self.port = settings["PORT"]
        self.lines = []
        self._terminal_is_gone = False
        self.process = subprocess.Popen(
            [sys.executable, "-m", "marketplace.local"],
            cwd=folder,
            env=environ | {name: str(value) for name, value in settings.items()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if self._terminal_is_gone:
                break

    def close_terminal(self):
        """Stop reading at the next line, as `| head` does."""
        self._terminal_is_gone = True
        self._reader.join(WITHIN_S)
        self.process.stdout.close()

    @property
    def text(self):
        return "\n".join(self.lines)

    def wait_for(self, pattern, *, times=1):
        deadline = time.monotonic() + WITHIN_S
        while len(re.findall(pattern, self.text)) < times:
            running = self.process.poll() is None
            assert running, f"ended with {self.process.returncode}:\n{self.text}"
            assert time.monotonic() < deadline, f"no {pattern!r} in:\n{self.text}"
            time.sleep(0.02)
        return self

    def wait_until_open(self):
        return self.wait_for("marketplace is open")

    def child(self, name):
        record = (self.instance / "run" / f"{name}.json").read_text()
        return psutil.Process(int(re.search(r'"pid": (\d+)', record)[1]))

    def everything(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def ended(self):
        self.process.wait(WITHIN_S)
        self._reader.join(WITHIN_S)
        self.process.stdout.close()
        return self.process.returncode

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.ended()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "wsgi.py").write_text(WSGI)
    return folder


@pytest.fixture(scope="session")
def pristine_instance(tmp_path_factory):
    """An instance folder whose database exists, so that not every test has to make one."""
    path = tmp_path_factory.mktemp("pristine") / "instance"
    start_postgres(path, fsync=False).stop()
    return path


@pytest.fixture
def instance(tmp_path, pristine_instance):
    path = tmp_path / "instance"
    # keeps the owner, which copytree does not
    subprocess.run(["cp", "-a", str(pristine_instance), str(path)], check=True)
    return path


@pytest.fixture
def up(project, instance):
    """Start `flask up` on the project; whatever still runs at the end of the test is ended."""
    runs = []

    def start(instance=instance, **settings):
        runs.append(Up(project, instance, **{"PORT": _free_port()} | settings))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.stop()
        elif not run.process.stdout.closed:
            run.ended()
