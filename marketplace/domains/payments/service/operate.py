"""What the operator does from the command line."""

from sqlalchemy import update

from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.models import ProviderEventRow
from marketplace.domains.payments.service import payouts, refund
from marketplace.domains.payments.types import Outcome
from marketplace.kernel.unit_of_work import unit_of_work


def run_payouts() -> int:
    """Take every withdrawal and refund that has not ended a step further; answers how many there were.

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
        refund.carry_out(hold_id=hold.id, attempt=hold.refund_attempt, asked=1)
    return len(withdrawals) + len(refunds)


def resend_withdrawal(withdrawal_id: int) -> None:
    """Pay a withdrawal out though its first attempt is long ago: the operator has seen that it never left."""
    payouts.send(withdrawal_id=withdrawal_id, asked=1, even_late=True)


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
