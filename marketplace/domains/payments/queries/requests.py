"""What payments reads of payment requests."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, or_, select

from marketplace.domains.payments.models import PaymentRequestRow
from marketplace.domains.payments.types import PaymentRequest, RequestStatus
from marketplace.kernel.money import Money
from marketplace.kernel.reading import reading

_NAMED = "payment_request:"


def to_request(row: PaymentRequestRow | Row[Any]) -> PaymentRequest:
    """A stored payment request as the domain speaks of it."""
    return PaymentRequest(
        id=row.id,
        reference=row.reference,
        about=row.about,
        payer_id=row.payer_id,
        payee_id=row.payee_id,
        amount=Money(row.amount_minor, row.currency),
        description=row.description,
        status=RequestStatus(row.status),
        asked_at=row.asked_at,
        order_reference=row.order_reference,
        hold_id=row.hold_id,
        created_at=row.created_at,
        paid_at=row.paid_at,
    )


def list_payment_requests(*, person_id: int) -> list[PaymentRequest]:
    """What a person has asked for or is asked for, newest first."""
    is_payer, is_payee = PaymentRequestRow.payer_id == person_id, PaymentRequestRow.payee_id == person_id
    return _list(or_(is_payer, is_payee))[::-1]


def find_payment_requests(names: Collection[str]) -> Mapping[str, PaymentRequest]:
    """What of these is the name of a payment request, such as `payment_request:21`, in one query."""
    ids = {int(name.removeprefix(_NAMED)) for name in names if name.startswith(_NAMED)}
    if not ids:
        return {}
    return {request.name: request for request in _list(PaymentRequestRow.id.in_(ids))}


def is_paid_for(about: str) -> bool:
    """Whether money was paid for something: for a contract, such as `contract:9`."""
    is_paid = (PaymentRequestRow.about == about) & (PaymentRequestRow.status == RequestStatus.PAID)
    with reading() as connection:
        return bool(connection.scalar(select(exists().where(is_paid))))


def list_payable_requests() -> list[PaymentRequest]:
    """Every unpaid request that the provider has an order for, oldest first."""
    is_pending = PaymentRequestRow.status == RequestStatus.PENDING
    return _list(is_pending & PaymentRequestRow.order_reference.is_not(None))


def _list(condition: ColumnElement[bool]) -> list[PaymentRequest]:
    query = select(*PaymentRequestRow.__table__.columns).where(condition).order_by(PaymentRequestRow.id)
    with reading() as connection:
        return [to_request(row) for row in connection.execute(query)]
