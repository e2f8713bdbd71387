"""`flask schema`: the database's tables."""

import click
from flask.cli import AppGroup

from marketplace.cli.owner import owner_url
from marketplace.kernel import schema as migrations

schema = AppGroup("schema", help="The database's tables: Alembic's migrations, run as their owner.")


@schema.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest revision. Safe to repeat."""
    migrations.upgrade(owner_url())


@schema.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Take the database back to REVISION; `base` drops every table with its data."""
    migrations.downgrade(owner_url(), revision)


@schema.command("revise")
@click.argument("message")
def revise(message: str) -> None:
    """Write a migration from the difference between the models and the database, named by MESSAGE."""
    migrations.revise(owner_url(), message)
