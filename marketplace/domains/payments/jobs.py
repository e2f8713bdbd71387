"""What payments leaves to a worker."""

from marketplace.domains.payments.events import WithdrawalRequested, WithdrawalReturning
from marketplace.domains.payments.service import payouts


def send_withdrawal(fact: WithdrawalRequested) -> None:
    """Have a withdrawal paid out."""
    payouts.send(withdrawal_id=fact.withdrawal_id, asked=fact.asked)


def take_withdrawal_back(fact: WithdrawalReturning) -> None:
    """Have a failed payout's transfer reversed."""
    payouts.take_back(withdrawal_id=fact.withdrawal_id, attempt=fact.attempt, asked=fact.asked)
