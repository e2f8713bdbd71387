"""Counting the statements that a piece of code sends to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from marketplace.kernel.database import database


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements sent inside, in order: `len` of them is the count."""
    statements: list[str] = []

    def note(connection, cursor, statement, parameters, context, executemany):
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
