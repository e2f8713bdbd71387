"""The house as `make run` starts it: a process of its own, on its own port, with its own data."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from marketplace.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
OPEN_WITHIN_S = 90
END_WITHIN_S = 30
INHERITED = ("PATH", "HOME", "TMPDIR", "VIRTUAL_ENV")
# a measured run measures the processes of the house too
MEASURED = "COVERAGE_"


@contextmanager
def folder_of_its_own():
    """A folder that nobody closes: pytest's own are closed to others, PostgreSQL's user among them."""
    with tempfile.TemporaryDirectory(prefix="marketplace-house-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextmanager
def running(**settings):
    """Run `python -m marketplace.local` until the block ends; yields its base URL."""
    with folder_of_its_own() as folder, running_in(folder, **settings) as url:
        yield url


@contextmanager
def running_in(folder, **settings):
    """The same with its data below a folder that the caller looks into."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    environ = environment(PORT=str(port), INSTANCE_PATH=str(folder / "instance"), **settings)
    said = folder / "house.log"
    with said.open("wb") as log:
        house = subprocess.Popen(
            [sys.executable, "-m", "marketplace.local"],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_open(house, url, said)
        yield url
    finally:
        house.send_signal(signal.SIGTERM)
        try:
            house.wait(END_WITHIN_S)
        finally:
            house.kill()
            house.wait()


def environment(**settings):
    """What a process of the house is told: these settings, and of ours only what any program needs."""
    kept = (name for name in os.environ if name in INHERITED or name.startswith(MEASURED))
    # a name that is set, if to nothing, is not looked up in a developer's .env
    unset = {field.name.upper(): "" for field in fields(Settings)}
    return {name: os.environ[name] for name in kept} | unset | settings


def free_port():
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_open(house, url, said):
    until = time.monotonic() + OPEN_WITHIN_S
    while not _answers(f"{url}/healthz"):
        last = said.read_text(errors="replace")[-4000:]
        assert house.poll() is None, f"the house ended with {house.returncode}:\n{last}"
        assert time.monotonic() < until, f"the house is not open after {OPEN_WITHIN_S} s:\n{last}"
        time.sleep(0.1)


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False
