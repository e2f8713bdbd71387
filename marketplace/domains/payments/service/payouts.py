"""Paying withdrawals out: a transfer to the payout account, a payout from there to the bank, or the way back.

Every step asks the provider with a key made of the withdrawal's id and notes the answer before the next one:
a job that died, or ran twice, is simply run again.
"""

from datetime import datetime

import structlog

from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.errors import NotAtProvider, ProviderUnavailable, WithdrawalNotFound
from marketplace.domains.payments.events import (
    ProviderReferenceLearned,
    WithdrawalCompleted,
    WithdrawalFailed,
    WithdrawalRequested,
    WithdrawalReturning,
)
from marketplace.domains.payments.models import WithdrawalRow
from marketplace.domains.payments.service import ledger, rows
from marketplace.domains.payments.types import Withdrawal
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers import stripe
from marketplace.providers.payments import OutcomeUnknown, Payout, Refused, Transfer

log = structlog.get_logger()


def send(*, withdrawal_id: int, asked: int, even_late: bool = False) -> None:
    """Ask the provider to pay a withdrawal out, or ask again about what became of it.

    Not once the provider may have forgotten the keys of the first time: then money could leave twice. With
    `even_late` an operator says that they have looked and it has not left.
    """
    withdrawal = _begin(withdrawal_id, even_late=even_late)
    if withdrawal is None:
        return
    try:
        _pay_out(_transfer(withdrawal))
    except OutcomeUnknown as error:
        log.warning("withdrawal_outcome_unknown", withdrawal_id=withdrawal_id, asked=asked, error=str(error))
        _ask_again(withdrawal_id, asked)


def take_back(*, withdrawal_id: int, attempt: int, asked: int) -> None:
    """Reverse the transfer of a withdrawal whose payout failed, and give the money back.

    A refusal is followed by another try, for ever; of an unknown outcome is asked for days, and then the row
    says that somebody has to look.
    """
    withdrawal = queries.find_withdrawal(withdrawal_id)
    if withdrawal is None or not _is_coming_back(withdrawal, attempt):
        return
    try:
        _reverse(withdrawal, attempt)
    except Refused as refusal:
        log.warning("transfer_not_reversed", withdrawal_id=withdrawal_id, reason=str(refusal))
        due_at = rules.retry_at(clock.now(), rules.RETURN_WAITS, attempt)
        _take_back_again(withdrawal_id, attempt + 1, asked=1, due_at=due_at)
    except OutcomeUnknown as error:
        log.warning("reversal_outcome_unknown", withdrawal_id=withdrawal_id, asked=asked, error=str(error))
        later = rules.ask_again_at(clock.now(), rules.RETURN_WAITS, asked)
        _take_back_again(withdrawal_id, attempt, asked=asked + 1, due_at=later)
    else:
        note_returned(withdrawal_id=withdrawal_id)


def note_returned(*, withdrawal_id: int) -> None:
    """The transfer is back: the money is available again."""
    with unit_of_work() as unit:
        give_back(unit, rows.lock_withdrawal(unit, withdrawal_id))


def look(*, withdrawal_id: int) -> None:
    """Ask the provider how a payout stands, for news that was lost."""
    withdrawal = queries.find_withdrawal(withdrawal_id)
    if withdrawal is None or withdrawal.payout_reference is None:
        return
    try:
        payout = stripe.provider().get_payout(
            withdrawal.payout_reference, account_reference=withdrawal.account_reference
        )
    except (Refused, OutcomeUnknown) as error:
        log.warning("payout_not_seen", withdrawal_id=withdrawal_id, error=str(error))
        return
    with unit_of_work() as unit:
        _take_over(unit, rows.lock_withdrawal(unit, withdrawal.id), payout)


def get_withdrawal(withdrawal_id: int) -> Withdrawal:
    """A withdrawal by id; refuses an unknown one."""
    withdrawal = queries.find_withdrawal(withdrawal_id)
    if withdrawal is None:
        raise WithdrawalNotFound
    return withdrawal


def note_left(*, withdrawal_id: int, transfer_reference: str, payout_reference: str | None) -> None:
    """Note what an operator has found at the provider of a withdrawal whose answers were lost."""
    withdrawal = get_withdrawal(withdrawal_id)
    try:
        transfer = stripe.provider().get_transfer(transfer_reference)
        payout = payout_reference and stripe.provider().get_payout(
            payout_reference, account_reference=withdrawal.account_reference
        )
    except Refused as refusal:
        raise NotAtProvider(f"The provider does not know it: {refusal}") from refusal
    except OutcomeUnknown as error:
        raise ProviderUnavailable from error
    _note_transfer(withdrawal_id, transfer)
    if payout:
        _note_payout(withdrawal_id, payout)


def give_back(unit: UnitOfWork, row: WithdrawalRow) -> bool:
    """Book that a locked withdrawal's money is back, unless it is booked; answers whether it was to be."""
    if not rules.can(rules.WITHDRAWAL, "give_back", row.status):
        return False
    _fail(unit, row, "give_back")
    return True


def complete(unit: UnitOfWork, row: WithdrawalRow) -> bool:
    """Book that a locked withdrawal arrived, unless it is booked; answers whether it was to be booked."""
    if not rules.can(rules.WITHDRAWAL, "complete", row.status):
        return False
    _move(row, "complete")
    row.completed_at = clock.now()
    ledger.pay_out(unit, row)
    unit.record(WithdrawalCompleted(**rows.told_of_withdrawal(row)))
    return True


def bounce(unit: UnitOfWork, row: WithdrawalRow, reason: str) -> bool:
    """Note that a locked withdrawal's payout failed and have its transfer taken back, unless it is known."""
    if not rules.can(rules.WITHDRAWAL, "bounce", row.status):
        return False
    had_arrived = rules.is_completed(row.status)
    _move(row, "bounce")
    row.failure_reason = reason
    row.completed_at = None
    row.return_attempt = 1
    if had_arrived:
        ledger.bounce(unit, row)
    unit.record(WithdrawalReturning(**rows.told_of_withdrawal(row), attempt=1, asked=1))
    return True


def _begin(withdrawal_id: int, *, even_late: bool) -> Withdrawal | None:
    with unit_of_work() as unit:
        row = rows.lock_withdrawal(unit, withdrawal_id)
        if not rules.is_to_be_sent(row.status):
            return None
        now = clock.now()
        if row.asked_at is not None and now - row.asked_at > rules.KEY_LIFE and not even_late:
            log.error("withdrawal_needs_a_look", withdrawal_id=withdrawal_id)
            return None
        if row.asked_at is None or even_late:
            row.asked_at = now
        return queries.to_withdrawal(row)


def _transfer(withdrawal: Withdrawal) -> Withdrawal | None:
    """The withdrawal with its transfer made; `None` once the provider has refused it."""
    if withdrawal.transfer_reference is not None:
        return withdrawal
    try:
        transfer = stripe.provider().transfer(
            withdrawal.amount,
            account_reference=withdrawal.account_reference,
            metadata={"withdrawal_id": str(withdrawal.id)},
            idempotency_key=f"transfer:withdrawal:{withdrawal.id}",
        )
    except Refused as refusal:
        with unit_of_work() as unit:
            row = rows.lock_withdrawal(unit, withdrawal.id)
            if row.transfer_reference is None and rules.can(rules.WITHDRAWAL, "refuse", row.status):
                row.failure_reason = str(refusal)
                _fail(unit, row, "refuse")
        return None
    return _note_transfer(withdrawal.id, transfer)


def _note_transfer(withdrawal_id: int, transfer: Transfer) -> Withdrawal:
    with unit_of_work() as unit:
        rows.take_turn(unit, transfer.reference)
        row = rows.lock_withdrawal(unit, withdrawal_id)
        if row.transfer_reference is None:
            row.transfer_reference = transfer.reference
            unit.record(ProviderReferenceLearned(provider_reference=transfer.reference))
        return queries.to_withdrawal(row)


def _pay_out(withdrawal: Withdrawal | None) -> None:
    if withdrawal is None:
        return
    try:
        payout = stripe.provider().pay_out(
            withdrawal.amount,
            account_reference=withdrawal.account_reference,
            metadata={"withdrawal_id": str(withdrawal.id)},
            idempotency_key=f"payout:withdrawal:{withdrawal.id}",
        )
    except Refused as refusal:
        with unit_of_work() as unit:
            row = rows.lock_withdrawal(unit, withdrawal.id)
            if row.payout_reference is None:
                bounce(unit, row, str(refusal))
        return
    _note_payout(withdrawal.id, payout)


def _note_payout(withdrawal_id: int, payout: Payout) -> None:
    with unit_of_work() as unit:
        rows.take_turn(unit, payout.reference)
        row = rows.lock_withdrawal(unit, withdrawal_id)
        if row.payout_reference is None:
            row.payout_reference = payout.reference
            unit.record(ProviderReferenceLearned(provider_reference=payout.reference))
        if rules.can(rules.WITHDRAWAL, "send", row.status):
            _move(row, "send")
        _take_over(unit, row, payout)


def _take_over(unit: UnitOfWork, row: WithdrawalRow, payout: Payout) -> None:
    if rules.payout_is_paid(payout.status):
        complete(unit, row)
    elif rules.payout_is_broken(payout.status):
        bounce(unit, row, payout.failure_reason or "The bank did not take the payout.")


def _move(row: WithdrawalRow, action: str) -> None:
    row.status = rules.WITHDRAWAL.decide(action, state=row.status, actors={rules.PROVIDER})
    row.status_since = clock.now()
    row.unanswered_at = None


def _fail(unit: UnitOfWork, row: WithdrawalRow, action: str) -> None:
    _move(row, action)
    ledger.give_back(unit, row)
    unit.record(WithdrawalFailed(**rows.told_of_withdrawal(row), reason=row.failure_reason))


def _ask_again(withdrawal_id: int, asked: int) -> None:
    due_at = rules.ask_again_at(clock.now(), rules.SEND_WAITS, asked)
    with unit_of_work() as unit:
        row = rows.lock_withdrawal(unit, withdrawal_id)
        if not rules.is_to_be_sent(row.status):
            return
        row.unanswered_at = None if due_at else clock.now()
        if due_at is not None:
            told = rows.told_of_withdrawal(row)
            unit.record(WithdrawalRequested(**told, asked=asked + 1), due_at=due_at)


def _is_coming_back(withdrawal: Withdrawal, attempt: int) -> bool:
    return rules.is_returning(withdrawal.status) and withdrawal.return_attempt == attempt


def _reverse(withdrawal: Withdrawal, attempt: int) -> None:
    """Have the transfer reversed, unless it is: whoever did it, and whatever became of the answer."""
    reference = withdrawal.transfer_reference or ""
    try:
        stripe.provider().reverse_transfer(
            reference, idempotency_key=f"reverse:withdrawal:{withdrawal.id}:{attempt}"
        )
    except Refused:
        if not stripe.provider().get_transfer(reference).is_reversed:
            raise


def _take_back_again(withdrawal_id: int, attempt: int, *, asked: int, due_at: datetime | None) -> None:
    with unit_of_work() as unit:
        row = rows.lock_withdrawal(unit, withdrawal_id)
        if not rules.is_returning(row.status):
            return
        row.return_attempt = attempt
        row.unanswered_at = None if due_at else clock.now()
        if due_at is not None:
            told = rows.told_of_withdrawal(row)
            unit.record(WithdrawalReturning(**told, attempt=attempt, asked=asked), due_at=due_at)
