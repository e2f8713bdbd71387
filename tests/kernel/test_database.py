"""The engine: limits on everything, and nothing shared over a fork."""

import os
import time

import psycopg
import pytest
import sqlalchemy as sa

from marketplace.kernel.database import (
    IDLE_TIMEOUT_MS,
    LOCK_TIMEOUT_MS,
    PING_AFTER_S,
    STATEMENT_TIMEOUT_MS,
    Database,
    DatabaseMissing,
    database,
    is_passing,
)
from marketplace.kernel.settings import Settings


def test_every_connection_has_its_limits_and_utc(app):
    for engine in (database.engine, database.autocommit):
        with engine.connect() as connection:
            shown = {
                name: connection.scalar(sa.text(f"SHOW {name}"))
                for name in (
                    "timezone",
                    "lock_timeout",
                    "statement_timeout",
                    "idle_in_transaction_session_timeout",
                )
            }
        assert shown == {
            "timezone": "UTC",
            "lock_timeout": f"{LOCK_TIMEOUT_MS // 1000}s",
            "statement_timeout": f"{STATEMENT_TIMEOUT_MS // 1000}s",
            "idle_in_transaction_session_timeout": f"{IDLE_TIMEOUT_MS // 1000}s",
        }


def test_a_transaction_that_idles_is_ended_and_holds_nothing(app):
    connection = database.engine.connect()
    connection.execute(sa.text("SET idle_in_transaction_session_timeout = 50"))
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(7)"))
    time.sleep(0.5)
    with database.engine.connect() as other:
        assert other.scalar(sa.text("SELECT pg_try_advisory_xact_lock(7)"))
    with pytest.raises(sa.exc.DBAPIError) as ended:
        connection.execute(sa.text("SELECT 1"))
    connection.invalidate()
    connection.close()
    assert is_passing(ended.value)


def test_a_connection_that_the_server_has_closed_is_replaced(app, owner):
    before = backend()
    with owner.connect() as connection:
        connection.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": before})
    assert backend() != before


@pytest.mark.parametrize(("rested_s", "is_replaced"), [(PING_AFTER_S - 1, False), (PING_AFTER_S + 1, True)])
def test_only_after_a_long_rest_a_connection_is_asked_whether_it_works(
    app, monkeypatch, rested_s, is_replaced
):
    def forgotten(_connection):
        raise psycopg.OperationalError

    before = backend()
    now = time.monotonic()
    monkeypatch.setattr(database.engine.dialect, "do_ping", forgotten)
    monkeypatch.setattr(time, "monotonic", lambda: now + rested_s)
    assert (backend() != before) == is_replaced


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_uses_no_connection_of_its_parent(app):
    parents = backend()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(backend()).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        childs = int(pipe.read())
    assert os.waitpid(child, 0)[1] == 0
    assert childs != parents
    assert backend() == parents


def test_without_an_address_there_is_no_database():
    unconfigured = Database()
    with pytest.raises(DatabaseMissing, match="DATABASE_URL is not set"):
        unconfigured.configure(Settings())
    for use in ("engine", "autocommit"):
        with pytest.raises(DatabaseMissing):
            getattr(unconfigured, use)
    unconfigured.dispose()
    unconfigured.forget()


def backend():
    """The number of the server process that answers."""
    with database.autocommit.connect() as connection:
        return connection.scalar(sa.text("SELECT pg_backend_pid()"))
