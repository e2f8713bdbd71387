"""Where the twin keeps its objects."""

import re
import secrets
import string
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from marketplace.kernel.clock import clock
from marketplace.kernel.reading import reading
from marketplace.kernel.unit_of_work import UnitOfWork
from marketplace.providers.sandbox.models import SandboxObject
from marketplace.providers.sandbox.razorpay.errors import no_such

PROVIDER = "razorpay"
ID_LENGTH = 14
_ALPHABET = string.ascii_letters + string.digits
_PREFIXES = {"order": "order", "payment": "pay", "event": "evt"}


def timestamp() -> int:
    """The present in seconds, as Razorpay writes moments."""
    return int(clock.now().timestamp())


def create(
    unit: UnitOfWork, kind: str, fields: Mapping[str, Any], *, hidden: Mapping[str, Any] | None = None
) -> SandboxObject:
    """Keep a new object; its kind is added to its fields, and to all but events their id and moment."""
    reference = f"{_PREFIXES[kind]}_{''.join(secrets.choice(_ALPHABET) for _ in range(ID_LENGTH))}"
    own = {} if kind == "event" else {"id": reference, "created_at": timestamp()}
    row = SandboxObject(
        id=reference,
        provider=PROVIDER,
        kind=kind,
        account=None,
        body={"entity": kind, **own, **fields},
        hidden=dict(hidden or {}),
        created_at=clock.now(),
    )
    unit.session.add(row)
    unit.flush()
    return row


def find_locked(unit: UnitOfWork, kind: str, reference: str) -> SandboxObject | None:
    """An object to change, or `None`; whoever comes second waits."""
    query = select(SandboxObject).where(_is(kind), SandboxObject.id == _id(reference)).with_for_update()
    return unit.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def retrieve(kind: str, reference: str) -> dict[str, Any]:
    """An object as the API answers it; refuses as Razorpay does when there is none."""
    found = _list(_is(kind) & (SandboxObject.id == _id(reference)))
    if not found:
        raise no_such()
    return found[0]


def retrieve_status(event: str) -> int | None:
    """What the receiver answered to an event; `None` until it was told."""
    query = select(SandboxObject.hidden).where(_is("event"), SandboxObject.id == event)
    with reading() as connection:
        hidden: dict[str, int | None] = connection.scalars(query).one()
    return hidden["status"]


def list_newest(kind: str, most: int, **having: str) -> Sequence[dict[str, Any]]:
    """The newest objects of a kind that have these fields, newest first."""
    conditions = [SandboxObject.body[name].as_string() == _text(value) for name, value in having.items()]
    return _list(_is(kind), *conditions)[:most]


def _is(kind: str) -> ColumnElement[bool]:
    return (SandboxObject.provider == PROVIDER) & (SandboxObject.kind == kind)


def _id(reference: str) -> str:
    return reference if re.fullmatch(r"[a-z]{2,8}_\w{1,64}", reference, re.ASCII) else ""


def _text(value: str) -> str:
    return value.replace("\0", "")  # PostgreSQL takes no NUL, so nothing has one


def _list(*conditions: ColumnElement[bool]) -> Sequence[dict[str, Any]]:
    query = select(SandboxObject.body).where(*conditions)
    with reading() as connection:
        return connection.scalars(query.order_by(SandboxObject.created_at.desc(), SandboxObject.id)).all()
