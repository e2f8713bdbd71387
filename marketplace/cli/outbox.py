"""`flask outbox`: facts that wait to be heard."""

import click
from flask.cli import AppGroup

from marketplace.kernel import relay

outbox = AppGroup("outbox", help="Facts on their way to whoever reacts to them.")


@outbox.command("status")
def status() -> None:
    """Say how many deliveries wait, are late by over a minute, or have failed at least once."""
    for name, count in relay.backlog().items():
        click.echo(f"{name}: {count}")


@outbox.command("relay")
def relay_due() -> None:
    """Deliver here and now what is due; what workers do by themselves every few seconds."""
    click.echo(f"{relay.sweep()} deliveries taken up.")
