"""`flask recommendations`: what they are made of."""

import click
from flask.cli import AppGroup

from marketplace.domains.recommendations.service import refresh

recommendations = AppGroup("recommendations", help="Which tasks and freelancers go together.")


@recommendations.command("rebuild")
def rebuild() -> None:
    """Describe every open task and every freelancer anew. Safe to repeat."""
    tasks, freelancers = refresh.rebuild()
    click.echo(f"Described {tasks} open tasks and {freelancers} freelancers.")
