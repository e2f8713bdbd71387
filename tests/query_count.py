"""What a piece of code sends to PostgreSQL and to Redis."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from redis.connection import AbstractConnection

from marketplace.local.postgres import LOGIN_ROLE

# What a connection to Redis says of itself when it is new or was silent for long.
GREETINGS = {"HELLO", "AUTH", "SELECT", "CLIENT", "PING"}


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


@contextmanager
def counted_commands() -> Iterator[list[str]]:
    """The commands that this thread sends to Redis inside, alone or in pipelines, in order."""
    commands: list[str] = []
    caller = threading.get_ident()
    send, pack = AbstractConnection.send_command, AbstractConnection.pack_commands

    def note(name: str) -> None:
        if threading.get_ident() == caller and name not in GREETINGS:
            commands.append(name)

    def noted_send(connection, *words, **options):
        note(words[0])
        return send(connection, *words, **options)

    def noted_pack(connection, packed):
        for words in (packed := list(packed)):
            note(words[0])
        return pack(connection, packed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(AbstractConnection, "send_command", noted_send)
        patch.setattr(AbstractConnection, "pack_commands", noted_pack)
        yield commands
