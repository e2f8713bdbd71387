"""Connections for reads: the open unit of work's own, or one on which each statement commits by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from marketplace.kernel.database import database

# The session of the open unit of work, which `kernel.unit_of_work` sets.
open_session: ContextVar[Session | None] = ContextVar("open_session", default=None)
_reading: ContextVar[Connection | None] = ContextVar("reading", default=None)


def is_open() -> bool:
    """Whether a transaction is open here, in which nothing outside the database may be waited for."""
    return open_session.get() is not None


@contextmanager
def reading(*, plans_once: bool = False) -> Iterator[Connection]:
    """A connection for reads: the open unit's own, which sees its writes, else one in autocommit.

    A reading inside a reading shares its connection: whoever asks for much at once takes one out of the pool,
    which may be one on which prepared statements are planned once.
    """
    session = open_session.get()
    if session is not None:
        session.flush()
        yield session.connection()
        return
    shared = _reading.get()
    if shared is not None:
        yield shared
        return
    with database.pool(plans_once=plans_once).autocommit.connect() as connection:
        token = _reading.set(connection)
        try:
            yield connection
        finally:
            _reading.reset(token)
