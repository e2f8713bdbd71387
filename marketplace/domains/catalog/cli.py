"""`flask catalog`: the shipped catalogue."""

import click
from flask.cli import AppGroup

from marketplace.domains.catalog.service.load import load

catalog = AppGroup("catalog", help="What people choose from: categories, skills, services, cities.")


@catalog.command("load")
def load_catalogue() -> None:
    """Add the shipped catalogue, or bring the stored one up to it. Safe to repeat."""
    held = load()
    click.echo(
        f"The catalogue has {held.categories} categories, {held.skills} skills, "
        f"{held.service_offerings} kinds of service and {held.cities} cities."
    )
