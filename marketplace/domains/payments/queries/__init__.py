"""What payments reads: holds, withdrawals, payout accounts, cards; beside it wallets and requests."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Row, Select, func, select

from marketplace.domains.payments import rules
from marketplace.domains.payments.models import (
    CustomerRow,
    HoldRow,
    PaymentMethodRow,
    PayoutAccountRow,
    WithdrawalRow,
)
from marketplace.domains.payments.models import (
    LedgerAccountRow as LedgerAccountRow,
)
from marketplace.domains.payments.models import (
    LedgerEntryRow as LedgerEntryRow,
)
from marketplace.domains.payments.models import (
    LedgerTransactionRow as LedgerTransactionRow,
)
from marketplace.domains.payments.types import (
    Hold,
    HoldStatus,
    PaymentMethod,
    PayoutAccount,
    Provider,
    Withdrawal,
    WithdrawalStatus,
)
from marketplace.domains.payments.types import (
    Kind as Kind,
)
from marketplace.domains.payments.types import (
    Line as Line,
)
from marketplace.domains.payments.types import (
    LineKind as LineKind,
)
from marketplace.domains.payments.types import (
    LineStatus as LineStatus,
)
from marketplace.domains.payments.types import (
    Purpose as Purpose,
)
from marketplace.domains.payments.types import (
    Wallet as Wallet,
)
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading

_IS_LIVE = HoldRow.status.in_(rules.LIVE) & HoldRow.called_off.is_(False)


def to_hold(row: HoldRow | Row[Any]) -> Hold:
    """A stored hold as the domain speaks of it."""
    return Hold(
        id=row.id,
        provider=Provider(row.provider),
        reference=row.reference,
        subject=row.subject,
        payer_id=row.payer_id,
        payee_id=row.payee_id,
        amount=Money(row.amount_minor, row.currency),
        agreed=Money(row.agreed_minor, row.currency),
        fee=Money(row.fee_minor, row.currency),
        status=HoldStatus(row.status),
        is_called_off=row.called_off,
        provider_reference=row.provider_reference,
        refund_requested_at=row.refund_requested_at,
        refund_attempt=row.refund_attempt,
        refund_reference=row.refund_reference,
        failure=row.failure,
        unanswered_at=row.unanswered_at,
        created_at=row.created_at,
        funded_at=row.funded_at,
        released_at=row.released_at,
        refunded_at=row.refunded_at,
    )


def to_withdrawal(row: WithdrawalRow | Row[Any]) -> Withdrawal:
    """A stored withdrawal as the domain speaks of it."""
    return Withdrawal(
        id=row.id,
        person_id=row.person_id,
        amount=Money(row.amount_minor, row.currency),
        status=WithdrawalStatus(row.status),
        failure_reason=row.failure_reason,
        account_reference=row.account_reference,
        transfer_reference=row.transfer_reference,
        payout_reference=row.payout_reference,
        return_attempt=row.return_attempt,
        status_since=row.status_since,
        unanswered_at=row.unanswered_at,
        created_at=row.created_at,
        asked_at=row.asked_at,
        completed_at=row.completed_at,
    )


def find_hold(hold_id: int) -> Hold | None:
    """A hold by id."""
    return _one_hold(_holds().where(HoldRow.id == hold_id))


def find_latest_hold(reference: str) -> Hold | None:
    """The newest hold of a reference, whatever became of it."""
    return _one_hold(_holds().where(HoldRow.reference == reference).order_by(HoldRow.id.desc()).limit(1))


def list_latest_holds(references: Collection[str]) -> Mapping[str, Hold]:
    """The newest hold of each of these references, in one query."""
    if not references:
        return {}
    named = HoldRow.reference.in_(set(references))
    newest = select(func.max(HoldRow.id)).where(named).group_by(HoldRow.reference)
    query = _holds().where(HoldRow.id.in_(newest))
    with reading() as connection:
        return {row.reference: to_hold(row) for row in connection.execute(query)}


def is_taken(reference: str, *, but_hold_id: int) -> bool:
    """Whether another live hold takes up a reference."""
    query = select(HoldRow.id).where(HoldRow.reference == reference, _IS_LIVE, HoldRow.id != but_hold_id)
    with reading() as connection:
        return connection.scalar(query.limit(1)) is not None


def find_withdrawal(withdrawal_id: int) -> Withdrawal | None:
    """A withdrawal by id."""
    with reading() as connection:
        row = connection.execute(_withdrawals().where(WithdrawalRow.id == withdrawal_id)).one_or_none()
    return None if row is None else to_withdrawal(row)


def list_withdrawals(*, person_id: int, page: PageRequest) -> Page[Withdrawal]:
    """A person's withdrawals, newest first, in two queries."""
    mine = WithdrawalRow.person_id == person_id
    query = _withdrawals().where(mine).order_by(WithdrawalRow.id.desc())
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(WithdrawalRow).where(mine)) or 0
        rows = connection.execute(query.limit(page.size).offset(page.offset)).all()
    return Page(items=[to_withdrawal(row) for row in rows], total=total, request=page)


def list_open_withdrawals() -> list[Withdrawal]:
    """Every withdrawal that has not ended, oldest first."""
    query = _withdrawals().where(WithdrawalRow.status.in_(rules.OPEN)).order_by(WithdrawalRow.id)
    with reading() as connection:
        return [to_withdrawal(row) for row in connection.execute(query)]


def list_refunds_under_way() -> list[Hold]:
    """Every hold whose refund the provider has yet to confirm, oldest first."""
    return _all_holds(HoldRow.status == HoldStatus.REFUNDING)


def list_unopened_holds() -> list[Hold]:
    """Every unpaid hold of which nobody knows whether the provider has an intent for it, oldest first."""
    return _all_holds((HoldRow.status == HoldStatus.PENDING) & HoldRow.provider_reference.is_(None))


def list_holds_at_stripe() -> list[Hold]:
    """Every hold whose payment Stripe knows and that is pending or full, oldest first."""
    may_move = HoldRow.status.in_({*rules.FULL, HoldStatus.PENDING}) & (HoldRow.provider == Provider.STRIPE)
    return _all_holds(HoldRow.provider_reference.is_not(None) & may_move)


def find_payout_account(*, person_id: int) -> PayoutAccount | None:
    """Where a person is paid out to, once it has been asked for."""
    query = select(
        PayoutAccountRow.person_id,
        PayoutAccountRow.provider_reference.label("reference"),
        PayoutAccountRow.charges_enabled,
        PayoutAccountRow.payouts_enabled,
        PayoutAccountRow.details_submitted,
    ).where(PayoutAccountRow.person_id == person_id)
    with reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else PayoutAccount(**row)


def find_customer(*, person_id: int) -> str | None:
    """What the provider calls a person for whom it keeps cards."""
    with reading() as connection:
        return connection.scalar(
            select(CustomerRow.provider_reference).where(CustomerRow.person_id == person_id)
        )


def to_payment_method(row: PaymentMethodRow | Row[Any]) -> PaymentMethod:
    """A stored card as the domain speaks of it."""
    return PaymentMethod(
        id=row.id,
        person_id=row.person_id,
        reference=row.provider_reference or "",
        brand=row.brand,
        last4=row.last4,
        exp_month=row.exp_month,
        exp_year=row.exp_year,
        is_default=row.is_default,
        created_at=row.created_at,
    )


def list_payment_methods(*, person_id: int, page: PageRequest) -> Page[PaymentMethod]:
    """A person's cards, newest first, in two queries."""
    kept = (PaymentMethodRow.person_id == person_id) & PaymentMethodRow.provider_reference.is_not(None)
    query = select(*PaymentMethodRow.__table__.columns).where(kept).order_by(PaymentMethodRow.id.desc())
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(PaymentMethodRow).where(kept)) or 0
        rows = connection.execute(query.limit(page.size).offset(page.offset)).all()
    return Page(items=[to_payment_method(row) for row in rows], total=total, request=page)


def _holds() -> Select[*tuple[Any, ...]]:
    return select(
        *(
            getattr(HoldRow, name)
            for name in HoldRow.__table__.columns.keys()  # noqa: SIM118 - a collection of columns, by name
            if name not in {"asked_minors", "client_secret", "intent_status"}
        )
    )


def _all_holds(condition: Any) -> list[Hold]:
    with reading() as connection:
        return [to_hold(row) for row in connection.execute(_holds().where(condition).order_by(HoldRow.id))]


def _withdrawals() -> Select[*tuple[Any, ...]]:
    return select(*WithdrawalRow.__table__.columns)


def _one_hold(query: Select[*tuple[Any, ...]]) -> Hold | None:
    with reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else to_hold(row)
