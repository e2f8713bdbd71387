"""`flask doctor`: every invariant of the house, on live data."""

from collections.abc import Callable, Iterable, Mapping

import click

from marketplace.domains.deals import public as deals
from marketplace.domains.files import public as files
from marketplace.domains.messaging import public as messaging
from marketplace.domains.payments import public as payments
from marketplace.kernel import relay, schema


@click.command("doctor")
@click.option("--offline", is_flag=True, help="Leave the payment provider out.")
def doctor(*, offline: bool) -> None:
    """Check what must always hold; ends with 1 and a line for each thing that is wrong."""
    checks: Mapping[str, Callable[[], Iterable[str]]] = {
        "schema": _schema,
        "outbox": _outbox,
        "books": lambda: _books(ask_provider=not offline),
        "deals": deals.find_contradictions,
        "messages": messaging.find_gaps,
        "files": files.find_lost,
    }
    is_well = True
    for name, check in checks.items():
        findings = list(check())
        is_well = is_well and not findings
        click.echo(f"{name}: {'well' if not findings else f'{len(findings)} wrong'}")
        for finding in findings:
            click.echo(f"  {finding}")
    if not is_well:
        raise SystemExit(1)


def _schema() -> Iterable[str]:
    return () if schema.is_current() else ("not at the newest revision: flask schema upgrade",)


def _books(*, ask_provider: bool) -> Iterable[str]:
    return (f"{found.check}: {found.sentence}" for found in payments.verify(ask_provider=ask_provider))


def _outbox() -> Iterable[str]:
    late = relay.backlog()["late"]
    return (f"{late} deliveries are late by over a minute: is a worker running?",) if late else ()
