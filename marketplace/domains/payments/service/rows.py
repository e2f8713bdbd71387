"""Rows under a lock, what facts tell of them, and what people see of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Brief, Person
from marketplace.domains.payments import policy, queries, rules
from marketplace.domains.payments.errors import HoldNotFound, PaymentRequestNotFound, WithdrawalNotFound
from marketplace.domains.payments.models import HoldRow, PaymentRequestRow, WithdrawalRow
from marketplace.domains.payments.queries.requests import to_request
from marketplace.domains.payments.types import Hold
from marketplace.kernel.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class HoldView:
    """A hold with the two people it is between."""

    hold: Hold
    payer: Brief
    payee: Brief


def lock_hold(unit: UnitOfWork, hold_id: int) -> HoldRow:
    """A hold that nobody else moves until this unit ends; refuses an unknown one."""
    row = unit.session.get(HoldRow, hold_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise HoldNotFound
    return row


def lock_hold_for(unit: UnitOfWork, *, actor: Person, hold_id: int) -> tuple[HoldRow, frozenset[str]]:
    """A locked hold and what the actor is to it; to a stranger there is none."""
    row = lock_hold(unit, hold_id)
    standing = policy.standing(actor, queries.to_hold(row))
    if not standing:
        raise HoldNotFound
    return row, standing


def lock_holds_of(unit: UnitOfWork, reference: str) -> list[HoldRow]:
    """Every hold of a reference, locked, oldest first."""
    query = (
        select(HoldRow)
        .where(HoldRow.reference == reference)
        .order_by(HoldRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(unit.session.scalars(query))


def lock_unfinished_of(unit: UnitOfWork, person_id: int) -> list[HoldRow]:
    """Every hold from or for somebody to which something may still happen, locked, oldest first."""
    query = (
        select(HoldRow)
        .where(
            or_(HoldRow.payer_id == person_id, HoldRow.payee_id == person_id),
            HoldRow.status.not_in(rules.HOLD.final),
        )
        .order_by(HoldRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(unit.session.scalars(query))


def find_hold_at_provider(unit: UnitOfWork, provider_reference: str) -> HoldRow | None:
    """The locked hold of a payment, `None` for one that is not ours."""
    query = select(HoldRow).where(HoldRow.provider_reference == provider_reference).with_for_update()
    return unit.session.scalar(query.execution_options(populate_existing=True))


def lock_withdrawal(unit: UnitOfWork, withdrawal_id: int) -> WithdrawalRow:
    """A withdrawal that nobody else moves until this unit ends; refuses an unknown one."""
    row = unit.session.get(WithdrawalRow, withdrawal_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise WithdrawalNotFound
    return row


def find_withdrawal_at_provider(unit: UnitOfWork, payout_reference: str) -> WithdrawalRow | None:
    """The locked withdrawal of a payout, `None` for one that is not ours."""
    query = select(WithdrawalRow).where(WithdrawalRow.payout_reference == payout_reference).with_for_update()
    return unit.session.scalar(query.execution_options(populate_existing=True))


def find_withdrawal_of_transfer(unit: UnitOfWork, transfer_reference: str) -> WithdrawalRow | None:
    """The locked withdrawal of a transfer, `None` for one that is not ours."""
    query = select(WithdrawalRow).where(WithdrawalRow.transfer_reference == transfer_reference)
    return unit.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def lock_request(unit: UnitOfWork, request_id: int) -> PaymentRequestRow:
    """A payment request that nobody else moves until this unit ends; refuses an unknown one."""
    row = unit.session.get(PaymentRequestRow, request_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise PaymentRequestNotFound
    return row


def lock_request_for(
    unit: UnitOfWork, *, actor: Person, request_id: int
) -> tuple[PaymentRequestRow, frozenset[str]]:
    """A locked payment request and what the actor is to it; to a stranger there is none."""
    row = lock_request(unit, request_id)
    standing = policy.request_standing(actor, to_request(row))
    if not standing:
        raise PaymentRequestNotFound
    return row, standing


def lock_pending_requests_of(unit: UnitOfWork, person_id: int) -> list[PaymentRequestRow]:
    """Every unpaid request from or to somebody, locked, oldest first."""
    query = (
        select(PaymentRequestRow)
        .where(
            or_(PaymentRequestRow.payer_id == person_id, PaymentRequestRow.payee_id == person_id),
            PaymentRequestRow.status.not_in(rules.REQUEST.final),
        )
        .order_by(PaymentRequestRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(unit.session.scalars(query))


def find_request_of_order(unit: UnitOfWork, order_reference: str) -> PaymentRequestRow | None:
    """The locked payment request of an order, `None` for one that is not ours."""
    query = select(PaymentRequestRow).where(PaymentRequestRow.order_reference == order_reference)
    return unit.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def take_turn(unit: UnitOfWork, name: str) -> None:
    """Wait until nobody else who named the same has a unit of work open: there is no row to lock yet."""
    unit.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def told_of_hold(row: HoldRow) -> dict[str, Any]:
    """What every fact about a hold tells."""
    return {
        "hold_id": row.id,
        "reference": row.reference,
        "subject": row.subject,
        "payer_id": row.payer_id,
        "payee_id": row.payee_id,
        "amount_minor": row.amount_minor,
        "fee_minor": row.fee_minor,
        "currency": row.currency,
    }


def told_of_request(row: PaymentRequestRow) -> dict[str, Any]:
    """What every fact about a payment request tells."""
    return {
        "request_id": row.id,
        "reference": row.reference,
        "about": row.about,
        "payer_id": row.payer_id,
        "payee_id": row.payee_id,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
    }


def told_of_withdrawal(row: WithdrawalRow) -> dict[str, Any]:
    """What every fact about a withdrawal tells."""
    return {
        "withdrawal_id": row.id,
        "person_id": row.person_id,
        "amount_minor": row.amount_minor,
        "currency": row.currency,
    }


def view_hold(hold: Hold) -> HoldView:
    """A hold with the two people it is between."""
    people = accounts.briefs({hold.payer_id, hold.payee_id})
    return HoldView(hold=hold, payer=people[hold.payer_id], payee=people[hold.payee_id])


def get_hold(*, actor: Person, hold_id: int, kind: str) -> HoldView:
    """A hold as its payer, its payee and the staff see it; to a stranger there is none.

    `kind` is that of its reference, `application` of `application:12`: one for something else is not found.
    """
    hold = queries.find_hold(hold_id)
    if hold is None or hold.kind != kind or not policy.standing(actor, hold):
        raise HoldNotFound
    return view_hold(hold)
