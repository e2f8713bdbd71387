"""`flask profiles`: what only the house can say of people."""

import click
from flask.cli import AppGroup

from marketplace.domains.profiles.service.verify import verify
from marketplace.domains.profiles.types import Proof
from marketplace.kernel.errors import DomainError

profiles = AppGroup("profiles", help="What the house says of people.")


@profiles.command("verify")
@click.argument("who")
@click.option("--phone/--no-phone", default=None, help="Whether the number was called.")
@click.option("--id/--no-id", default=None, help="Whether a document was seen.")
@click.option("--video/--no-video", default=None, help="Whether they were seen to be its holder.")
def verify_person(who: str, **found: bool | None) -> None:
    """Say what was found out about WHO (a username or an address); what is not named stays as it is."""
    said = {Proof(name): is_good for name, is_good in found.items() if is_good is not None}
    try:
        known = verify(who, said)
    except DomainError as error:
        message = f"{who}: {error.sentence}"
        raise click.ClickException(message) from error
    click.echo("  ".join(f"{proof}: {'yes' if is_good else 'no'}" for proof, is_good in known.items()))
