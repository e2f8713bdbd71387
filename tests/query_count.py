"""Counting what a piece of code sends to PostgreSQL and to Redis."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from redis.connection import AbstractConnection
from sqlalchemy import event

from marketplace.kernel.database import database

# What a connection says of itself, when it is new or was silent for long.
_GREETINGS = {"HELLO", "AUTH", "SELECT", "CLIENT", "PING"}


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


@contextmanager
def counted_commands() -> Iterator[list[str]]:
    """The commands that this thread sends to Redis inside, alone or in pipelines, in order."""
    commands: list[str] = []
    caller = threading.get_ident()
    send, pack = AbstractConnection.send_command, AbstractConnection.pack_commands

    def note(*words: Any) -> None:
        name = str(words[0]).upper()
        if threading.get_ident() == caller and name not in _GREETINGS:
            commands.append(name)

    def noted_send(self: AbstractConnection, *words: Any, **options: Any) -> Any:
        note(*words)
        return send(self, *words, **options)

    def noted_pack(self: AbstractConnection, packed: Any) -> Any:
        packed = list(packed)
        for words in packed:
            note(*words)
        return pack(self, packed)

    with (
        patch.object(AbstractConnection, "send_command", noted_send),
        patch.object(AbstractConnection, "pack_commands", noted_pack),
    ):
        yield commands
