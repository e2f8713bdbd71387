"""`flask bench`: a world large enough to measure."""

import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Connection, NullPool, create_engine, text

from marketplace.cli.owner import owner_url
from marketplace.kernel.passwords import hash_password
from marketplace.kernel.settings import Settings

PASSWORD = "bench-pass-1"  # noqa: S105 - of people who are made up; refused in production
TASKS = 100_000
MOST_TASKS = 10_000_000
FILLED = ("users", "listings", "deals", "rooms", "memberships", "messages")
_WORLD = Path(__file__).with_name("bench.sql")
# Filling a table and then its indexes takes a fraction of the time of keeping them meanwhile.
_INDEXES = text(
    """
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
    WHERE indrelid = ANY (CAST(CAST(:tables AS text[]) AS regclass[]))
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1
    """
)
_IS_OWNER = text("SELECT pg_has_role(tableowner, 'USAGE') FROM pg_tables WHERE tablename = 'users'")

bench = AppGroup("bench", help="A large world to measure, for development.")


@bench.command("load")
@click.option(
    "--tasks",
    type=click.IntRange(1_000, MOST_TASKS),
    default=TASKS,
    show_default=True,
    help="How many tasks; there are three times as many applications.",
)
def load(tasks: int) -> None:
    """Fill an empty instance (DEMO=0) with 5,000 people, their tasks and 2,001 rooms, the same every time."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.is_production:
        message = "The world to measure is not for production."
        raise click.ClickException(message)
    since = time.monotonic()
    # nothing that is refused leaves a connection behind
    engine = create_engine(owner_url(), poolclass=NullPool)
    with engine.begin() as connection:
        if not connection.scalar(_IS_OWNER):
            message = "This is for the owner of the tables: name them in DATABASE_OWNER_URL."
            raise click.ClickException(message)
        if connection.scalar(text("SELECT EXISTS (SELECT FROM users)")):
            message = "Somebody lives here already: this fills an empty instance alone."
            raise click.ClickException(message)
        _fill(connection, tasks)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    took_s = time.monotonic() - since
    click.echo(f"{tasks:,} tasks, {3 * tasks:,} applications, 2,001 rooms in {took_s:.0f} s.")
    click.echo(f"user1 to user5000 sign in with {PASSWORD}; from user2001 on they are freelancers.")


def _fill(connection: Connection, tasks: int) -> None:
    values = {"tasks": tasks, "password_hash": hash_password(PASSWORD)}
    indexes = connection.execute(_INDEXES, {"tables": list(FILLED)}).all()
    for index in indexes:
        connection.execute(text(f"DROP INDEX {index.name}"))
    for statement in _WORLD.read_text().split(";\n"):
        needed = {name: value for name, value in values.items() if f":{name}" in statement}
        connection.execute(text(statement), needed)
    for index in indexes:
        connection.exec_driver_sql(index.definition)
