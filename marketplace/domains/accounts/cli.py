"""`flask users`: people, for the operator; the only place that gives staff roles."""

import secrets
from collections.abc import Callable

import click
from flask.cli import AppGroup

from marketplace.domains.accounts import queries
from marketplace.domains.accounts.service import administer
from marketplace.domains.accounts.types import Account, Registration, Role, Status
from marketplace.kernel.errors import DomainError

users = AppGroup("users", help="People and their roles.")


@users.command("create")
@click.option("--email", required=True, help="Where mail reaches them; also a name to sign in with.")
@click.option("--password", help="Left out, one is made and shown.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be repeated.",
)
@click.option("--name", help="The username; left out, the first part of the address.")
def create(email: str, password: str | None, roles: tuple[str, ...], name: str | None) -> None:
    """Create a person, staff included, with a proven address.

    flask users create --email boss@example.com --password 'Correct-Horse-9' --role admin
    """
    made = password or secrets.token_urlsafe(15)
    registration = Registration(
        username=name or email.partition("@")[0],
        email=email,
        password=made,
        roles=frozenset(Role(role) for role in roles),
    )
    try:
        account = administer.create_person(registration)
    except DomainError as error:
        raise click.ClickException(error.sentence) from error
    click.echo(_line(account))
    if password is None:
        click.echo(f"password: {made}")


@users.command("suspend")
@click.argument("who")
def suspend(who: str) -> None:
    """Bar WHO (a username or an address) from signing in, and end their sessions."""
    _say(administer.suspend, who)


@users.command("activate")
@click.argument("who")
def activate(who: str) -> None:
    """Let WHO (a username or an address) sign in again."""
    _say(administer.activate, who)


@users.command("list")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Only those who hold it.")
@click.option(
    "--status", type=click.Choice([status.value for status in Status]), help="Only those who have it."
)
def list_users(role: str | None, status: str | None) -> None:
    """List people: id, username, address, status, roles."""
    found = queries.list_accounts(
        role=Role(role) if role else None, status=Status(status) if status else None
    )
    for account in found:
        click.echo(_line(account))


def _say(command: Callable[[str], Account], who: str) -> None:
    try:
        click.echo(_line(command(who)))
    except DomainError as error:
        message = f"{who}: {error.sentence}"
        raise click.ClickException(message) from error


def _line(account: Account) -> str:
    roles = ",".join(sorted(account.roles))
    return f"{account.id}  {account.username}  {account.email}  {account.status}  {roles}"
