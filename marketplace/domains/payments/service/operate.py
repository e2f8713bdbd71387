"""What the operator does from the command line."""

from sqlalchemy import func, select, update

from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.models import LedgerAccountRow, ProviderEventRow
from marketplace.domains.payments.queries import requests
from marketplace.domains.payments.service import open_hold, open_order, payouts, receive, refund
from marketplace.domains.payments.types import Outcome, Provider, Purpose, Withdrawal
from marketplace.kernel.money import Money
from marketplace.kernel.reading import reading
from marketplace.kernel.unit_of_work import unit_of_work


def run_payouts() -> int:
    """Take everything that has not ended a step further; answers how many there were.

    The provider is asked with the keys of the first time, so nothing moves twice.
    """
    withdrawals = queries.list_open_withdrawals()
    for withdrawal in withdrawals:
        if rules.is_to_be_sent(withdrawal.status):
            payouts.send(withdrawal_id=withdrawal.id, asked=1)
        elif rules.is_returning(withdrawal.status):
            payouts.take_back(withdrawal_id=withdrawal.id, attempt=withdrawal.return_attempt, asked=1)
        else:
            payouts.look(withdrawal_id=withdrawal.id)
    refunds = queries.list_refunds_under_way()
    for hold in refunds:
        refund.carry_out(hold_id=hold.id, attempt=hold.refund_attempt, asked=refund.ASKED_BEFORE)
    unopened = queries.list_unopened_holds()
    for hold in unopened:
        open_hold.open_again(hold_id=hold.id, asked=1)
    unpaid = [hold for hold in queries.list_holds_at_stripe() if rules.is_pending(hold.status)]
    for hold in unpaid:
        receive.look(provider_reference=hold.provider_reference or "")
    asked = requests.list_payable_requests()
    for request in asked:
        open_order.look_after(request)
    return len(withdrawals) + len(refunds) + len(unopened) + len(unpaid) + len(asked)


def list_balances() -> list[tuple[Provider, Purpose, Money]]:
    """What the books say there is at each provider for each purpose, in each currency."""
    account = LedgerAccountRow
    place = (account.provider, account.currency, account.purpose)
    query = (
        select(*place, func.sum(account.balance_minor))
        .where(account.purpose != Purpose.PROVIDER)
        .group_by(*place)
        .order_by(*place)
    )
    with reading() as connection:
        found = connection.execute(query).all()
    return [
        (Provider(provider), Purpose(purpose), Money(int(minor), currency))
        for provider, currency, purpose, minor in found
    ]


def resend_withdrawal(
    withdrawal_id: int, *, transfer: str | None = None, payout: str | None = None
) -> Withdrawal:
    """Carry a withdrawal on though its first attempt is long ago; answers how it stands then.

    The operator has looked at the provider: `transfer` and `payout` are what has left, and what is not named
    has not.
    """
    if transfer is not None:
        payouts.note_left(withdrawal_id=withdrawal_id, transfer_reference=transfer, payout_reference=payout)
    payouts.send(withdrawal_id=withdrawal_id, asked=1, even_late=True)
    return payouts.get_withdrawal(withdrawal_id)


def settle_event(event_id: str, *, note: str) -> bool:
    """Take a flagged event off the list, with what was done about it; answers whether it was on it."""
    with unit_of_work() as unit:
        settled = unit.session.execute(
            update(ProviderEventRow)
            .where(ProviderEventRow.event_id == event_id, ProviderEventRow.outcome == Outcome.FLAGGED)
            .values(outcome=Outcome.IGNORED, note=ProviderEventRow.note + f" Settled: {note}")
            .returning(ProviderEventRow.id)
        )
        return settled.first() is not None
