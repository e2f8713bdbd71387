"""PostgreSQL: the declarative base, the engine and its connections."""

import os
import time
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from click import ClickException
from psycopg import Error
from psycopg.errors import IdleInTransactionSessionTimeout
from sqlalchemy import BigInteger, DateTime, Engine, MetaData, Text, create_engine, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

from marketplace.kernel.settings import Settings

CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 15_000
PING_AFTER_S = 30
# No transaction waits for anything but the database: one that idles is of a process that hangs.
IDLE_TIMEOUT_MS = 15_000
SESSION = {
    "timezone": "UTC",
    "lock_timeout": LOCK_TIMEOUT_MS,
    "statement_timeout": STATEMENT_TIMEOUT_MS,
    "idle_in_transaction_session_timeout": IDLE_TIMEOUT_MS,
}


class DatabaseMissing(ClickException):
    """There is no database to ask; a command says so in one line."""

    def __init__(self) -> None:
        """Say how one is named."""
        super().__init__("DATABASE_URL is not set: `flask up` sets it, or name your own PostgreSQL.")


class Base(DeclarativeBase):
    """The base of every table: bigint ids, `timestamptz`, text, `jsonb`, and named constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
    }


# A prepared statement is planned once a connection, whatever its values are.
PLANS_ONCE = {"plan_cache_mode": "force_generic_plan"}


class Pool:
    """Connections with the same settings, and a view of them on which each statement commits by itself."""

    def __init__(self, url: str, *, size: int, session: Mapping[str, object]) -> None:
        """Connect lazily, at most `size` times, and half as many times more at a rush."""
        self.engine = create_engine(
            url,
            pool_size=size,
            # at least one: whoever holds a connection may need another for a moment
            max_overflow=(size + 1) // 2,
            pool_timeout=20,
            # the connection used last: its statements are prepared, its server process is warm
            pool_use_lifo=True,
            # an error is logged without the values it was about
            hide_parameters=True,
            connect_args={
                "connect_timeout": CONNECT_TIMEOUT_S,
                "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
            },
        )
        event.listen(self.engine, "checkin", _note_when)
        event.listen(self.engine, "checkout", partial(_refuse_the_dead, self.engine))
        self.autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")


class Database:
    """The pools of a process: one for whatever it asks, one for statements whose plan is always the same."""

    def __init__(self) -> None:
        """Start unconfigured."""
        self._pool: Pool | None = None
        self._pool_that_plans_once: Pool | None = None

    def configure(self, settings: Settings) -> None:
        """Connect lazily to `DATABASE_URL`; an earlier engine is let go."""
        if settings.database_url is None:
            raise DatabaseMissing
        self.dispose()
        url, size = settings.database_url, settings.database_pool_size
        self._pool = Pool(url, size=size - size // 2, session=SESSION)
        self._pool_that_plans_once = Pool(url, size=size // 2, session=SESSION | PLANS_ONCE)

    def pool(self, *, plans_once: bool = False) -> Pool:
        """The connections for whatever is asked, or those on which prepared statements are planned once."""
        pool = self._pool_that_plans_once if plans_once else self._pool
        if pool is None:
            raise DatabaseMissing
        return pool

    @property
    def engine(self) -> Engine:
        """The engine for whatever is asked."""
        return self.pool().engine

    @property
    def autocommit(self) -> Engine:
        """The same pool in autocommit: a read costs one round trip, not three."""
        return self.pool().autocommit

    def dispose(self) -> None:
        """Close the pooled connections."""
        for pool in self._pools:
            pool.engine.dispose()

    def forget(self) -> None:
        """Drop the pools in a forked child without touching the parent's sockets."""
        for pool in self._pools:
            pool.engine.dispose(close=False)

    @property
    def _pools(self) -> list[Pool]:
        return [pool for pool in (self._pool, self._pool_that_plans_once) if pool is not None]


def is_passing(error: Exception) -> bool:
    """Whether the database was away, full or too slow: the same may well work in a moment."""
    has_idled = isinstance(getattr(error, "orig", None), IdleInTransactionSessionTimeout)
    return has_idled or isinstance(error, OperationalError | InterfaceError | PoolTimeout)


def _note_when(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["rests_since"] = time.monotonic()


def _refuse_the_dead(
    engine: Engine, connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object
) -> None:
    """Let the pool replace a connection that has ended.

    That the server has hung up is already here to be read; only after a long rest, when a network in between
    may have forgotten the connection, is a question worth its round trip.
    """
    now = time.monotonic()
    try:
        # its last words, and then the end
        connection.pgconn.consume_input()
        connection.pgconn.consume_input()
        if now - entry.info.get("rests_since", now) > PING_AFTER_S:
            engine.dialect.do_ping(connection)
    except Error as error:
        raise InvalidatePoolError from error


database = Database()
os.register_at_fork(after_in_child=database.forget)
