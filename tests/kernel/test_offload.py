"""The event loop of production: nothing may hold it up."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.kernel.offload import offload, on_event_loop

ROOT = Path(__file__).resolve().parents[2]
SLEEPERS = 20
HASHES = 8
# What the web server does first: patch, then wait for PostgreSQL in Python.
SERVER = """
import eventlet

eventlet.monkey_patch()

import json
import os
import sys
import time

import sqlalchemy as sa

from marketplace.app import configure
from marketplace.kernel.database import database
from marketplace.kernel.offload import on_event_loop
from marketplace.kernel.passwords import hash_password
from marketplace.kernel.settings import load_settings

configure(load_settings(os.environ))
"""
SLEEP = """
def sleep():
    with database.engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_sleep(1)"))

sleep()
start = time.monotonic()
pool = eventlet.GreenPool()
for _ in range(SLEEPERS):
    pool.spawn(sleep)
pool.waitall()
print(json.dumps({"took_s": time.monotonic() - start, "on_event_loop": on_event_loop()}))
"""
HASH = """
gaps = []

def neighbour():
    last = time.monotonic()
    while True:
        eventlet.sleep(0.005)
        gaps.append(time.monotonic() - last)
        last = time.monotonic()

hash_password("warm up")
beating = eventlet.spawn(neighbour)
eventlet.sleep(0.05)
pool = eventlet.GreenPool()
for number in range(HASHES):
    pool.spawn(hash_password, f"password {number}")
pool.waitall()
beating.kill()
print(json.dumps({"longest_gap_s": max(gaps), "beats": len(gaps)}))
"""


@pytest.fixture
def serve(app):
    """A function that runs a script in a process of its own, on eventlet, with this worker's database."""
    settings = app.config["SETTINGS"]

    def serve(script):
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", f"{SERVER}{SLEEPERS=}\n{HASHES=}\n{script}"],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "PSYCOPG_WAIT_FUNC": "wait_selector",
                "DATABASE_URL": settings.database_url,
                "DATABASE_POOL_SIZE": str(SLEEPERS),
            },
            capture_output=True,
            check=False,
            text=True,
            timeout=90,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout.splitlines()[-1])

    return serve


def test_twenty_queries_of_a_second_take_about_a_second_together(serve):
    measured = serve(SLEEP)
    assert measured["on_event_loop"]
    assert 1 <= measured["took_s"] < 4


def test_eight_password_hashes_do_not_hold_a_neighbour_up(serve):
    measured = serve(HASH)
    assert measured["beats"] > 5
    assert measured["longest_gap_s"] < 0.3


def test_without_an_event_loop_work_is_done_right_here():
    assert not on_event_loop()
    assert offload(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        offload(divmod, 7, 0)
