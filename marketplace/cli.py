"""The `flask` commands of the house."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from marketplace.domains.catalog.cli import catalog
from marketplace.kernel import schema
from marketplace.kernel.settings import Settings
from marketplace.local.up import up

schema_commands = AppGroup("schema", help="The database's tables: Alembic's migrations, run as their owner.")


def register_commands(app: Flask) -> None:
    """Add every command to `flask`."""
    app.cli.add_command(schema_commands)
    app.cli.add_command(catalog)
    app.cli.add_command(up)


def settings() -> Settings:
    """The settings of the running application."""
    given: Settings = current_app.config["SETTINGS"]
    return given


def owner_url() -> str:
    """The URL of the tables' owner: `DATABASE_OWNER_URL`, else `DATABASE_URL`."""
    url = settings().database_owner_url or settings().database_url
    if url is None:
        message = "DATABASE_URL is not set: `flask up` sets it, or name your own PostgreSQL."
        raise click.ClickException(message)
    return url


@schema_commands.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest revision."""
    schema.upgrade(owner_url())


@schema_commands.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION (`base` empties it)."""
    schema.downgrade(owner_url(), revision)


@schema_commands.command("revise")
@click.argument("message")
def revise(message: str) -> None:
    """Write a migration from the difference between the models and the database."""
    schema.revise(owner_url(), message)
