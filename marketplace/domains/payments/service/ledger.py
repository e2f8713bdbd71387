"""Writing into the ledger: one transaction with its entries, in one statement each.

The database checks every entry and moves the balances; here is only said what moves where.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, and_, func, insert, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from marketplace.domains.payments.errors import InsufficientFunds
from marketplace.domains.payments.models import (
    HoldRow,
    LedgerAccountRow,
    LedgerEntryRow,
    LedgerTransactionRow,
    WithdrawalRow,
)
from marketplace.domains.payments.types import Kind, Purpose
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork

_DESCRIPTIONS = {
    Kind.FUND: "Paid into escrow",
    Kind.RELEASE: "Released from escrow",
    Kind.REFUND: "Refunded from escrow",
    Kind.REFUND_FAILED: "Refund sent back by the bank",
    Kind.WITHDRAW: "Withdrawal",
    Kind.PAYOUT: "Withdrawal paid out",
    Kind.BOUNCE: "Payout sent back by the bank",
    Kind.RETURN: "Withdrawal returned",
}
_NEVER_NEGATIVE = "ck_ledger_accounts_balance"

# An account by purpose, owner and hold, at the provider where the money that moves lies.
_Name = tuple[Purpose, int | None, int | None]


def fund(unit: UnitOfWork, hold: HoldRow) -> None:
    """The payment has arrived: into the hold's account."""
    amount = hold.amount_minor
    _post_hold(unit, Kind.FUND, hold, {_house(Purpose.PROVIDER): -amount, _of_hold(hold): amount})


def release(unit: UnitOfWork, hold: HoldRow) -> None:
    """From the hold's account to the payee, less the fee."""
    net = hold.amount_minor - hold.fee_minor
    moves = {_of_hold(hold): -hold.amount_minor, _own(Purpose.AVAILABLE, hold.payee_id): net}
    if hold.fee_minor:
        moves[_house(Purpose.FEES)] = hold.fee_minor
    _post_hold(unit, Kind.RELEASE, hold, moves)


def refund(unit: UnitOfWork, hold: HoldRow) -> None:
    """From the hold's account back to the payer, through the provider."""
    amount = hold.amount_minor
    moves = {_of_hold(hold): -amount, _house(Purpose.PROVIDER): amount}
    _post_hold(unit, Kind.REFUND, hold, moves, time=_times(unit, Kind.REFUND, hold) + 1)


def refund_failed(unit: UnitOfWork, hold: HoldRow) -> None:
    """What counted as refunded is in the hold's account again."""
    amount = hold.amount_minor
    moves = {_house(Purpose.PROVIDER): -amount, _of_hold(hold): amount}
    _post_hold(unit, Kind.REFUND_FAILED, hold, moves, time=_times(unit, Kind.REFUND_FAILED, hold) + 1)


def set_aside(unit: UnitOfWork, withdrawal: WithdrawalRow) -> None:
    """From what a person may withdraw to what is on its way; refuses more than there is."""
    person, amount = withdrawal.person_id, withdrawal.amount_minor
    moves = {_own(Purpose.AVAILABLE, person): -amount, _own(Purpose.PENDING, person): amount}
    try:
        _post_withdrawal(unit, Kind.WITHDRAW, withdrawal, moves)
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) != _NEVER_NEGATIVE:
            raise
        raise InsufficientFunds from error


def pay_out(unit: UnitOfWork, withdrawal: WithdrawalRow) -> None:
    """What was on its way has arrived at the bank."""
    amount = withdrawal.amount_minor
    moves = {_own(Purpose.PENDING, withdrawal.person_id): -amount, _house(Purpose.PROVIDER): amount}
    _post_withdrawal(unit, Kind.PAYOUT, withdrawal, moves)


def bounce(unit: UnitOfWork, withdrawal: WithdrawalRow) -> None:
    """What counted as arrived is on its way again: back."""
    amount = withdrawal.amount_minor
    moves = {_house(Purpose.PROVIDER): -amount, _own(Purpose.PENDING, withdrawal.person_id): amount}
    _post_withdrawal(unit, Kind.BOUNCE, withdrawal, moves)


def give_back(unit: UnitOfWork, withdrawal: WithdrawalRow) -> None:
    """What was on its way is the person's to withdraw again."""
    person, amount = withdrawal.person_id, withdrawal.amount_minor
    moves = {_own(Purpose.PENDING, person): -amount, _own(Purpose.AVAILABLE, person): amount}
    _post_withdrawal(unit, Kind.RETURN, withdrawal, moves)


def _house(purpose: Purpose) -> _Name:
    return purpose, None, None


def _own(purpose: Purpose, person_id: int) -> _Name:
    return purpose, person_id, None


def _of_hold(hold: HoldRow) -> _Name:
    return Purpose.HOLD, None, hold.id


def _times(unit: UnitOfWork, kind: Kind, hold: HoldRow) -> int:
    """How often that has happened to a locked hold."""
    cause = LedgerTransactionRow
    query = select(func.count()).where(cause.hold_id == hold.id, cause.kind == kind)
    return unit.session.scalar(query) or 0


def _post_hold(
    unit: UnitOfWork, kind: Kind, hold: HoldRow, moves: Mapping[_Name, int], *, time: int = 1
) -> None:
    key = f"{kind}:hold:{hold.id}" + (f":{time}" if time > 1 else "")
    cause: dict[str, int | str] = {"hold_id": hold.id, "natural_key": key}
    _post(unit, kind, cause, moves, provider=hold.provider, currency=hold.currency)


def _post_withdrawal(
    unit: UnitOfWork, kind: Kind, withdrawal: WithdrawalRow, moves: Mapping[_Name, int]
) -> None:
    key = f"{kind}:{withdrawal.id}"
    cause: dict[str, int | str] = {"withdrawal_id": withdrawal.id, "natural_key": key}
    _post(unit, kind, cause, moves, provider=withdrawal.provider, currency=withdrawal.currency)


def _post(
    unit: UnitOfWork,
    kind: Kind,
    cause: Mapping[str, int | str],
    moves: Mapping[_Name, int],
    *,
    provider: str,
    currency: str,
) -> None:
    unit.session.flush()
    connection = unit.session.connection()
    ids = _accounts(connection, moves, provider, currency)
    transaction_id = connection.scalar(
        insert(LedgerTransactionRow)
        .values(kind=kind, description=_DESCRIPTIONS[kind], created_at=clock.now(), **cause)
        .returning(LedgerTransactionRow.id)
    )
    connection.execute(
        insert(LedgerEntryRow).values(
            [
                {
                    "transaction_id": transaction_id,
                    "account_id": ids[name],
                    "amount_minor": minor,
                    "currency": currency,
                }
                for name, minor in moves.items()
            ]
        )
    )


def _accounts(
    connection: Connection, moves: Mapping[_Name, int], provider: str, currency: str
) -> dict[_Name, int]:
    """The ids of the accounts, made where they are missing, in one order: two never deadlock."""
    names = sorted(moves, key=str)
    shared = {"provider": provider, "currency": currency}
    connection.execute(
        upsert(LedgerAccountRow)
        .values(
            [
                {"purpose": purpose, "owner_id": owner_id, "hold_id": hold_id, **shared}
                for purpose, owner_id, hold_id in names
            ]
        )
        .on_conflict_do_nothing()
    )
    account = LedgerAccountRow
    wanted = or_(
        *(
            and_(
                account.purpose == purpose,
                account.owner_id == owner_id,
                account.hold_id == hold_id,
            )
            for purpose, owner_id, hold_id in names
        )
    )
    query = select(account.id, account.purpose, account.owner_id, account.hold_id)
    rows = connection.execute(query.where(wanted, account.provider == provider, account.currency == currency))
    return {(Purpose(row.purpose), row.owner_id, row.hold_id): row.id for row in rows}
