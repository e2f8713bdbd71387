"""The statements that a piece of code sends to PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from marketplace.local.postgres import LOGIN_ROLE


@contextmanager
def sent_statements() -> Iterator[list[tuple[str, Any]]]:
    """What the application sends inside, in order, each with its parameters."""
    sent: list[tuple[str, Any]] = []
    execute = psycopg.Cursor.execute

    def note(cursor, query, params=None, **options):
        if cursor.connection.info.user == LOGIN_ROLE:
            sent.append((query, params))
        return execute(cursor, query, params, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", note)
        yield sent


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements sent inside, in order: `len` of them is the count."""
    counted: list[str] = []
    with sent_statements() as sent:
        try:
            yield counted
        finally:
            counted += [query for query, _ in sent]
