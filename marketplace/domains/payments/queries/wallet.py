"""What a person's wallet shows: balances, and every movement of their money."""

from typing import Any

from sqlalchemy import Row, Select, Subquery, case, exists, func, literal, null, or_, select, true, union_all

from marketplace.domains.payments import rules
from marketplace.domains.payments.models import (
    HoldRow,
    LedgerAccountRow,
    LedgerEntryRow,
    LedgerTransactionRow,
    WithdrawalRow,
)
from marketplace.domains.payments.types import (
    HoldStatus,
    Kind,
    Line,
    LineKind,
    LineStatus,
    Provider,
    Purpose,
    Wallet,
    WithdrawalStatus,
)
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading


def available(*, person_id: int, provider: Provider, currency: str) -> Money:
    """What of a person's money lies at a provider, to be withdrawn from there."""
    query = select(LedgerAccountRow.balance_minor).where(
        LedgerAccountRow.owner_id == person_id,
        LedgerAccountRow.provider == provider,
        LedgerAccountRow.purpose == Purpose.AVAILABLE,
        LedgerAccountRow.currency == currency,
    )
    with reading() as connection:
        return Money(connection.scalar(query) or 0, currency)


def has_money(*, person_id: int) -> bool:
    """Whether somebody has anything, available or on its way to their bank, in any currency."""
    mine = (LedgerAccountRow.owner_id == person_id) & (LedgerAccountRow.balance_minor > 0)
    with reading() as connection:
        return bool(connection.scalar(select(exists().where(mine))))


def get_wallet(*, person_id: int, currency: str) -> Wallet:
    """A person's balances at all providers together, zeros for a newcomer, in one query."""
    is_payer, is_payee = HoldRow.payer_id == person_id, HoldRow.payee_id == person_id
    is_full, is_released = HoldRow.status.in_(rules.FULL), HoldRow.status == HoldStatus.RELEASED
    amount, net = HoldRow.amount_minor, HoldRow.amount_minor - HoldRow.fee_minor
    holds = (
        select(
            _sum(amount, is_payer & is_full).label("escrowed_outgoing"),
            _sum(amount, is_payee & is_full).label("escrowed_incoming"),
            _sum(net, is_payee & is_released).label("lifetime_earnings"),
            _sum(amount, is_payer & is_released).label("lifetime_spent"),
        )
        .where(or_(is_payer, is_payee), HoldRow.currency == currency)
        .subquery()
    )
    accounts = (
        select(
            _sum(LedgerAccountRow.balance_minor, LedgerAccountRow.purpose == Purpose.AVAILABLE).label(
                "available"
            ),
            _sum(LedgerAccountRow.balance_minor, LedgerAccountRow.purpose == Purpose.PENDING).label(
                "pending"
            ),
        )
        .where(LedgerAccountRow.owner_id == person_id, LedgerAccountRow.currency == currency)
        .subquery()
    )
    with reading() as connection:
        # Each side is one row.
        row = connection.execute(select(holds, accounts).join_from(holds, accounts, true())).mappings().one()
    return Wallet(**{name: Money(int(minor), currency) for name, minor in row.items()})


def list_lines(*, person_id: int, currency: str, page: PageRequest) -> Page[Line]:
    """The movements of a person's money, newest first, in two queries."""
    lines = _lines(person_id, currency)
    query = select(lines).order_by(lines.c.id.desc()).limit(page.size).offset(page.offset)
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(lines)) or 0
        rows = connection.execute(query).all()
    return Page(items=[_line(row, currency) for row in rows], total=total, request=page)


def _lines(person_id: int, currency: str) -> Subquery:
    """The ledger as one person sees it, a row an entry."""
    return union_all(
        _lines_of_holds(person_id, currency), _lines_of_withdrawals(person_id, currency)
    ).subquery()


def _lines_of_holds(person_id: int, currency: str) -> Select[*tuple[Any, ...]]:
    """A payer's money never touches an account of their own: they see the hold's account, mirrored."""
    entry, cause, account = LedgerEntryRow, LedgerTransactionRow, LedgerAccountRow
    is_hold = account.purpose == Purpose.HOLD
    as_payer = (HoldRow.payer_id == person_id) & cause.kind.in_(_SEEN_BY_PAYERS) & is_hold
    as_payee = (
        (HoldRow.payee_id == person_id)
        & (cause.kind == Kind.RELEASE)
        & account.purpose.in_({Purpose.HOLD, Purpose.FEES})
    )
    return (
        select(
            entry.id,
            case((is_hold, cause.kind), else_=literal("fee")).label("kind"),
            (-entry.amount_minor).label("minor"),
            cause.description,
            cause.created_at,
            HoldRow.id.label("hold_id"),
            HoldRow.subject,
            null().label("withdrawal_id"),
            null().label("status"),
        )
        .select_from(HoldRow)
        .join(cause, cause.hold_id == HoldRow.id)
        .join(entry, entry.transaction_id == cause.id)
        .join(account, account.id == entry.account_id)
        .where(
            or_(HoldRow.payer_id == person_id, HoldRow.payee_id == person_id),
            as_payer | as_payee,
            entry.currency == currency,
        )
    )


def _lines_of_withdrawals(person_id: int, currency: str) -> Select[*tuple[Any, ...]]:
    entry, cause, account = LedgerEntryRow, LedgerTransactionRow, LedgerAccountRow
    return (
        select(
            entry.id,
            cause.kind,
            entry.amount_minor,
            cause.description,
            cause.created_at,
            null(),
            null(),
            WithdrawalRow.id,
            WithdrawalRow.status,
        )
        .select_from(WithdrawalRow)
        .join(cause, cause.withdrawal_id == WithdrawalRow.id)
        .join(entry, entry.transaction_id == cause.id)
        .join(account, account.id == entry.account_id)
        .where(
            WithdrawalRow.person_id == person_id,
            account.purpose == Purpose.AVAILABLE,
            entry.currency == currency,
        )
    )


_SEEN_BY_PAYERS = frozenset({Kind.FUND, Kind.REFUND, Kind.REFUND_FAILED})
_LINE_KINDS = {
    Kind.FUND: LineKind.FUNDING,
    Kind.REFUND_FAILED: LineKind.FUNDING,
    Kind.RELEASE: LineKind.RELEASE,
    Kind.REFUND: LineKind.REFUND,
    Kind.WITHDRAW: LineKind.WITHDRAWAL,
    Kind.RETURN: LineKind.RETURN,
    "fee": LineKind.FEE,
}


def _line(row: Row[Any], currency: str) -> Line:
    kind = _LINE_KINDS[row.kind]
    is_withdrawal = kind is LineKind.WITHDRAWAL
    return Line(
        id=row.id,
        kind=kind,
        amount=Money(row.minor, currency),
        status=rules.line_status(WithdrawalStatus(row.status)) if is_withdrawal else LineStatus.COMPLETED,
        description="Platform fee" if kind is LineKind.FEE else row.description,
        hold_id=row.hold_id,
        subject=row.subject,
        withdrawal_id=row.withdrawal_id,
        created_at=row.created_at,
    )


def _sum(minor: Any, condition: Any) -> Any:
    return func.coalesce(func.sum(minor).filter(condition), 0)
