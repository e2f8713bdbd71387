"""`flask schema`: the database's tables."""

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.kernel import schema as migrations
from marketplace.kernel.settings import Settings

schema = AppGroup("schema", help="The database's tables: Alembic's migrations, run as their owner.")


@schema.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest revision. Safe to repeat."""
    migrations.upgrade(_owner_url())


@schema.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION; `base` drops every table with its data."""
    migrations.downgrade(_owner_url(), revision)


@schema.command("revise")
@click.argument("message")
def revise(message: str) -> None:
    """Write a migration from the difference between the models and the database, named by MESSAGE."""
    migrations.revise(_owner_url(), message)


def _owner_url() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    url = settings.database_owner_url or settings.database_url
    if url is None:
        message = "DATABASE_URL is not set: `flask up` sets it, or name your own PostgreSQL."
        raise click.ClickException(message)
    return url
