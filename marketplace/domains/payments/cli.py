"""`flask ledger` and `flask payouts`: the books, and money on its way out."""

import click
from flask.cli import AppGroup

from marketplace.domains.payments.service import operate
from marketplace.domains.payments.service.verify import verify
from marketplace.domains.payments.types import Purpose
from marketplace.kernel.errors import DomainError

_BALANCES = {
    Purpose.HOLD: "in escrow",
    Purpose.AVAILABLE: "in people's wallets",
    Purpose.PENDING: "on its way to people's banks",
    Purpose.FEES: "earned by the house, in all",
}

ledger = AppGroup("ledger", help="The books: every movement of money, in double entry.")
payouts = AppGroup("payouts", help="Money on its way to banks, and back to payers.")


@ledger.command("verify")
@click.option("--offline", is_flag=True, help="Leave the payment provider out.")
def verify_ledger(*, offline: bool) -> None:
    """Prove the books; ends with 1 and a line for each thing that is wrong."""
    findings = list(verify(ask_provider=not offline))
    for finding in findings:
        click.echo(f"{finding.check}: {finding.sentence}")
    if findings:
        raise SystemExit(1)
    click.echo("The books are right.")


@ledger.command("balances")
def show_balances() -> None:
    """Whose the money at the providers is: what is not people's may leave them for the house's bank."""
    for provider, purpose, amount in operate.list_balances():
        click.echo(f"{provider}: {amount.currency} {amount} {_BALANCES[purpose]}")


@ledger.command("settle-event")
@click.argument("event_id")
@click.argument("note")
def settle_event(event_id: str, note: str) -> None:
    """Take the provider's flagged event EVENT_ID off the list; NOTE says what was done about it."""
    if not operate.settle_event(event_id, note=note):
        raise click.ClickException(f"No flagged event {event_id}.")


@payouts.command("run")
def run_payouts() -> None:
    """Take every withdrawal, refund and unpaid payment a step further. Safe to repeat."""
    click.echo(f"Looked after {operate.run_payouts()}.")


@payouts.command("resend")
@click.argument("withdrawal_id", type=int)
@click.option("--transfer", metavar="tr_...", help="The transfer that the provider shows for it.")
@click.option("--payout", metavar="po_...", help="The payout that the provider shows for it.")
def resend_withdrawal(withdrawal_id: int, transfer: str | None, payout: str | None) -> None:
    """Carry WITHDRAWAL_ID on, whose first attempt is over a day old. Look at the provider first.

    Its transfer and payout have the withdrawal_id in their metadata. Name what is there; the rest is made.
    """
    if payout and not transfer:
        raise click.UsageError("A payout goes with a transfer: name both.")
    try:
        withdrawal = operate.resend_withdrawal(withdrawal_id, transfer=transfer, payout=payout)
    except DomainError as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(f"Withdrawal {withdrawal.id} is {withdrawal.status}.")
