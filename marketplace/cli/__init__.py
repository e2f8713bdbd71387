"""The `flask` commands of the house."""

from flask import Flask

from marketplace.cli.bench import bench
from marketplace.cli.demo import demo
from marketplace.cli.doctor import doctor
from marketplace.cli.documents import openapi
from marketplace.cli.outbox import outbox
from marketplace.cli.processes import scheduler, worker
from marketplace.cli.schema import schema
from marketplace.domains.accounts.cli import users
from marketplace.domains.catalog.cli import catalog
from marketplace.domains.payments.cli import ledger, payouts
from marketplace.domains.profiles.cli import profiles
from marketplace.domains.recommendations.cli import recommendations
from marketplace.local.up import up


def register_commands(app: Flask) -> None:
    """Add every command to `flask`."""
    ours = (
        up,
        doctor,
        schema,
        catalog,
        demo,
        bench,
        users,
        profiles,
        ledger,
        payouts,
        recommendations,
        outbox,
    )
    for command in (*ours, openapi, worker, scheduler):
        app.cli.add_command(command)
