"""Asking for one's money."""

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.errors import InsufficientFunds, PayoutsNotEnabled
from marketplace.domains.payments.events import WithdrawalRequested
from marketplace.domains.payments.models import WithdrawalRow
from marketplace.domains.payments.queries import wallet
from marketplace.domains.payments.service import ledger, rows
from marketplace.domains.payments.types import Provider, Withdrawal
from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import unit_of_work


def withdraw(*, actor: Person, amount: Money) -> Withdrawal:
    """Set an amount aside and have Stripe pay it out; refuses more than of the actor's money lies there."""
    rules.check_payable(amount)
    account = queries.find_payout_account(person_id=actor.id)
    if account is None or account.reference is None or not account.payouts_enabled:
        raise PayoutsNotEnabled
    lies_there = wallet.available(person_id=actor.id, provider=Provider.STRIPE, currency=amount.currency)
    if amount > lies_there:
        raise InsufficientFunds
    now = clock.now()
    with unit_of_work() as unit:
        accounts.keep(actor)
        row = WithdrawalRow(
            provider=Provider.STRIPE,
            person_id=actor.id,
            amount_minor=amount.minor,
            currency=amount.currency,
            status=rules.WITHDRAWAL.initial,
            account_reference=account.reference,
            failure_reason="",
            return_attempt=0,
            status_since=now,
            created_at=now,
        )
        unit.session.add(row)
        unit.session.flush()
        # Somebody may have taken the money since it was looked at: the ledger decides.
        ledger.set_aside(unit, row)
        unit.record(WithdrawalRequested(**rows.told_of_withdrawal(row), asked=1))
        return queries.to_withdrawal(row)
