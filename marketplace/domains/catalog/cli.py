"""`flask catalog`: the shipped categories."""

import click
from flask.cli import AppGroup

from marketplace.domains.catalog.service import load

catalog = AppGroup("catalog", help="The categories that people choose from.")


@catalog.command("load")
def load_catalogue() -> None:
    """Add the shipped catalogue, or bring the stored one up to it. Safe to repeat."""
    click.echo(f"The catalogue has {load()} categories.")
