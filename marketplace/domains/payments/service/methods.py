"""Cards that people keep: the provider has the card, the house its brand, last digits and expiry.

A row is committed before the provider is asked to attach the card, and the request's key comes from it: two
requests at once keep one card, and one that broke half-way is continued by the next. Of a person's cards one
is the default, as long as there is any; whoever changes that holds the lock on the person's customer.
"""

import structlog
from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import queries
from marketplace.domains.payments.errors import (
    PaymentMethodNotFound,
    PaymentMethodRefused,
    ProviderUnavailable,
)
from marketplace.domains.payments.events import PaymentMethodRemoved
from marketplace.domains.payments.models import CustomerRow, PaymentMethodRow
from marketplace.domains.payments.types import PaymentMethod
from marketplace.kernel.clock import clock
from marketplace.kernel.idempotency import resumable
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers import stripe
from marketplace.providers.payments import Method, OutcomeUnknown, Refused

CARD = "card"

log = structlog.get_logger()


@resumable()
def add_payment_method(
    *, actor: Person, reference: str, wants_default: bool = False
) -> tuple[PaymentMethod, bool]:
    """A card kept for the actor, and whether this request added it; outside any unit of work.

    `reference` is what the provider's own form gave the actor's browser. The first card is the default one.
    """
    customer_reference = _open_customer(actor)
    row = _place(actor, reference)
    method = _attach(row, customer_reference) if row.provider_reference is None else None
    with unit_of_work() as unit:
        _lock(unit, actor.id)
        known = unit.session.get(PaymentMethodRow, row.id, populate_existing=True)
        if known is not None:
            is_new = method is not None and known.provider_reference is None
            if method is not None and is_new:
                _note(known, method)
            if wants_default or not _has_default(unit, actor.id):
                _make_default(unit, known)
            unit.flush()
            return queries.to_payment_method(known), is_new
        if method is not None:
            # The provider keeps what nobody here knows any more.
            unit.record(_removed(row, method.reference))
    raise PaymentMethodRefused("This payment method was removed while it was added.")


def set_default_method(*, actor: Person, method_id: int) -> PaymentMethod:
    """Let one of the actor's cards be the default one."""
    with unit_of_work() as unit:
        row = _get_locked(unit, actor, method_id)
        _make_default(unit, row)
        unit.flush()
        return queries.to_payment_method(row)


def remove_payment_method(*, actor: Person, method_id: int) -> None:
    """Keep one of the actor's cards no longer; the newest that is left takes the default one's place."""
    with unit_of_work() as unit:
        row = _get_locked(unit, actor, method_id)
        unit.session.delete(row)
        unit.flush()
        if row.is_default:
            newest = unit.session.scalar(_kept(actor.id).order_by(PaymentMethodRow.id.desc()).limit(1))
            if newest is not None:
                newest.is_default = True
        unit.record(_removed(row, row.provider_reference or ""))


def forget_methods(*, person_id: int) -> None:
    """Keep none of somebody's cards, nor where to write to them; joins an open unit of work."""
    with unit_of_work() as unit:
        customer = unit.session.scalar(_customer_of(person_id))
        if customer is None:
            return
        customer.email = ""
        for row in unit.session.scalars(_kept(person_id).order_by(PaymentMethodRow.id)):
            unit.record(_removed(row, row.provider_reference or ""))
        unit.session.execute(delete(PaymentMethodRow).where(PaymentMethodRow.person_id == person_id))


def detach(*, method_id: int, provider_reference: str) -> None:
    """Have the provider keep a card no longer."""
    try:
        stripe.provider().detach_method(provider_reference, idempotency_key=f"detach:method:{method_id}")
    except Refused as refusal:
        # It is detached already, or gone with its customer.
        log.info("payment_method_not_detached", method_id=method_id, reason=str(refusal))


def _open_customer(actor: Person) -> str:
    """What the provider calls the actor, made known to it where it does not know them yet."""
    row = _place_customer(actor)
    if row.provider_reference is not None:
        return row.provider_reference
    try:
        reference = stripe.provider().create_customer(
            email=row.email,
            metadata={"person_id": str(actor.id)},
            idempotency_key=f"customer:payer:{row.id}",
        )
    except Refused as refusal:
        with unit_of_work() as unit:
            unknown = CustomerRow.provider_reference.is_(None)
            unit.session.execute(delete(CustomerRow).where(CustomerRow.id == row.id, unknown))
        raise PaymentMethodRefused(f"{PaymentMethodRefused.__doc__} {refusal}") from refusal
    except OutcomeUnknown as error:
        raise ProviderUnavailable from error
    with unit_of_work() as unit:
        known = _lock(unit, actor.id)
        if known.provider_reference is None:
            known.provider_reference = reference
        return known.provider_reference


def _place_customer(actor: Person) -> CustomerRow:
    with unit_of_work() as unit:
        accounts.keep(actor)
        account = accounts.get_account(person_id=actor.id)
        new = insert(CustomerRow).values(person_id=actor.id, email=account.email, created_at=clock.now())
        unit.session.execute(new.on_conflict_do_nothing())
        return unit.session.scalars(select(CustomerRow).where(CustomerRow.person_id == actor.id)).one()


def _place(actor: Person, reference: str) -> PaymentMethodRow:
    names = (PaymentMethodRow.asked_reference, PaymentMethodRow.provider_reference)
    mine = select(PaymentMethodRow).where(
        PaymentMethodRow.person_id == actor.id, or_(*(name == reference for name in names))
    )
    with unit_of_work() as unit:
        accounts.keep(actor)
        _lock(unit, actor.id)
        row = unit.session.scalars(mine).first()
        if row is None:
            row = PaymentMethodRow(person_id=actor.id, asked_reference=reference, created_at=clock.now())
            unit.session.add(row)
            unit.flush()
        return row


def _attach(row: PaymentMethodRow, customer_reference: str) -> Method:
    try:
        method = stripe.provider().attach_method(
            row.asked_reference,
            customer_reference=customer_reference,
            idempotency_key=f"attach:method:{row.id}",
        )
    except Refused as refusal:
        _forget(row)
        raise PaymentMethodRefused(f"{PaymentMethodRefused.__doc__} {refusal}") from refusal
    except OutcomeUnknown as error:
        raise ProviderUnavailable from error
    if method.kind != CARD:
        _forget(row, method)
        raise PaymentMethodRefused("Only cards are kept.")
    return method


def _forget(row: PaymentMethodRow, method: Method | None = None) -> None:
    """Remove a row whose card is not kept, so that the next try is a new request with a new key."""
    with unit_of_work() as unit:
        unit.session.execute(
            delete(PaymentMethodRow).where(
                PaymentMethodRow.id == row.id, PaymentMethodRow.provider_reference.is_(None)
            )
        )
        if method is not None:
            unit.record(_removed(row, method.reference))


def _note(row: PaymentMethodRow, method: Method) -> None:
    row.provider_reference = method.reference
    row.brand, row.last4 = method.brand, method.last4
    row.exp_month, row.exp_year = method.exp_month, method.exp_year


def _removed(row: PaymentMethodRow, reference: str) -> PaymentMethodRemoved:
    return PaymentMethodRemoved(method_id=row.id, person_id=row.person_id, provider_reference=reference)


def _lock(unit: UnitOfWork, person_id: int) -> CustomerRow:
    """The customer of a person whose cards nobody else changes until this unit ends."""
    row = unit.session.scalar(_customer_of(person_id))
    if row is None:
        raise PaymentMethodNotFound
    return row


def _customer_of(person_id: int) -> Select[CustomerRow]:
    query = select(CustomerRow).where(CustomerRow.person_id == person_id).with_for_update()
    return query.execution_options(populate_existing=True)


def _get_locked(unit: UnitOfWork, actor: Person, method_id: int) -> PaymentMethodRow:
    _lock(unit, actor.id)
    row = unit.session.scalar(_kept(actor.id).where(PaymentMethodRow.id == method_id))
    if row is None:
        raise PaymentMethodNotFound
    return row


def _kept(person_id: int) -> Select[PaymentMethodRow]:
    return select(PaymentMethodRow).where(
        PaymentMethodRow.person_id == person_id, PaymentMethodRow.provider_reference.is_not(None)
    )


def _has_default(unit: UnitOfWork, person_id: int) -> bool:
    return unit.session.scalar(_kept(person_id).where(PaymentMethodRow.is_default)) is not None


def _make_default(unit: UnitOfWork, row: PaymentMethodRow) -> None:
    unit.session.execute(
        update(PaymentMethodRow)
        .where(PaymentMethodRow.person_id == row.person_id, PaymentMethodRow.id != row.id)
        .values(is_default=False)
    )
    row.is_default = True
