"""Where the twin keeps its objects."""

import re
import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.kernel.clock import clock
from marketplace.kernel.reading import reading
from marketplace.kernel.unit_of_work import UnitOfWork
from marketplace.providers.sandbox.models import SandboxObject
from marketplace.providers.sandbox.stripe.errors import no_such

PROVIDER = "stripe"
ID_LENGTH = 24
_ALPHABET = string.ascii_letters + string.digits
_PREFIXES = {
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "customer": "cus",
    "payment_method": "pm",
    "account": "acct",
    "account_link": "link",
    "transfer": "tr",
    "transfer_reversal": "trr",
    "payout": "po",
    "event": "evt",
}


def random_word(length: int = ID_LENGTH) -> str:
    """Letters and digits that nobody guesses."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def new_id(kind: str) -> str:
    """An id as Stripe makes them: `pi_` and 24 letters and digits."""
    return f"{_PREFIXES[kind]}_{random_word()}"


def timestamp() -> int:
    """The present in seconds, as Stripe writes moments."""
    return int(clock.now().timestamp())


def create(
    unit: UnitOfWork,
    kind: str,
    fields: Mapping[str, Any],
    *,
    account: str | None = None,
    hidden: Mapping[str, Any] | None = None,
    reference: str | None = None,
) -> SandboxObject:
    """Keep a new object; its id (a new one unless it has one), kind and moment are added to its fields."""
    reference = reference or new_id(kind)
    body = {"id": reference, "object": kind, "created": timestamp(), "livemode": False, **fields}
    row = SandboxObject(
        id=reference,
        provider=PROVIDER,
        kind=kind,
        account=account,
        body=body,
        hidden=dict(hidden or {}),
        created_at=clock.now(),
    )
    unit.session.add(row)
    unit.flush()
    return row


def find_locked(
    unit: UnitOfWork, kind: str, reference: str, *, account: str | None = None
) -> SandboxObject | None:
    """An object to change, or `None`; whoever comes second waits."""
    query = (
        select(SandboxObject)
        .where(*_is(kind, reference, account))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return unit.session.scalars(query).one_or_none()


def get_locked(
    unit: UnitOfWork, kind: str, reference: str, *, account: str | None = None, param: str = "id"
) -> SandboxObject:
    """An object to change; refuses as Stripe does when there is none."""
    row = find_locked(unit, kind, reference, account=account)
    if row is None:
        raise no_such(kind, reference, param)
    return row


def retrieve(kind: str, reference: str, *, account: str | None = None) -> dict[str, Any]:
    """An object as the API answers it."""
    return _read(SandboxObject.body, kind, reference, account)


def retrieve_hidden(kind: str, reference: str) -> dict[str, Any]:
    """What only the twin knows of an object."""
    return _read(SandboxObject.hidden, kind, reference)


def list_newest(kind: str, most: int) -> Sequence[dict[str, Any]]:
    """The newest objects of a kind, of every account."""
    query = (
        select(SandboxObject.body)
        .where(SandboxObject.provider == PROVIDER, SandboxObject.kind == kind)
        .order_by(SandboxObject.created_at.desc(), SandboxObject.id)
        .limit(most)
    )
    with reading() as connection:
        return connection.scalars(query).all()


def list_of_payment(kind: str, payment: str) -> Sequence[dict[str, Any]]:
    """Every object of a kind that names this payment, newest first."""
    query = (
        select(SandboxObject.body)
        .where(
            SandboxObject.provider == PROVIDER,
            SandboxObject.kind == kind,
            SandboxObject.body["payment_intent"].as_string() == payment,
        )
        .order_by(SandboxObject.created_at.desc(), SandboxObject.id)
    )
    with reading() as connection:
        return connection.scalars(query).all() if is_id(payment) else []


def change(row: SandboxObject, **fields: Any) -> None:
    """Change fields of the body; the JSON column notices a new dictionary only."""
    row.body = {**row.body, **fields}


def note(row: SandboxObject, **fields: Any) -> None:
    """Change what only the twin knows."""
    row.hidden = {**row.hidden, **fields}


def is_id(text: str) -> bool:
    """Whether the text can be an id at all; PostgreSQL takes no NUL."""
    return re.fullmatch(r"[a-z]{2,8}_\w{1,64}", text, re.ASCII) is not None


def _read(
    column: InstrumentedAttribute[dict[str, Any]], kind: str, reference: str, account: str | None = None
) -> dict[str, Any]:
    with reading() as connection:
        value: dict[str, Any] | None = connection.scalar(select(column).where(*_is(kind, reference, account)))
    if value is None:
        raise no_such(kind, reference)
    return value


def _is(kind: str, reference: str, account: str | None) -> tuple[ColumnElement[bool], ...]:
    if not all(map(is_id, filter(None, (reference, account)))):
        return (false(),)
    return (
        SandboxObject.id == reference,
        SandboxObject.kind == kind,
        SandboxObject.account.is_not_distinct_from(account),
    )
