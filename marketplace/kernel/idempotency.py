"""Idempotency keys: the first answer to a keyed request is kept a day and given again."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.dml import ReturningUpdate

from marketplace.kernel.clock import clock
from marketplace.kernel.database import Base, database
from marketplace.kernel.errors import Conflict, Kind, Mismatch

KEPT_FOR = timedelta(hours=24)
# How long a killed process keeps a key from its next try. A slower run that was overtaken cannot commit.
LEASE = timedelta(seconds=15)


_is_resumable: ContextVar[bool] = ContextVar("is_resumable", default=False)


class InFlight(Conflict):
    """A request with this Idempotency-Key is being carried out."""

    code = "idempotency_in_flight"
    kind = Kind.IN_FLIGHT


class AnswerLost(Conflict):
    """The request with this Idempotency-Key was carried out, but its answer was lost; look the result up."""

    code = "idempotency_answer_lost"
    kind = Kind.IN_FLIGHT


class KeyReused(Mismatch):
    """This Idempotency-Key was used before with another request."""

    code = "idempotency_key_reused"


class IdempotencyKey(Base):
    """A key, the request it came with, and the answer once there is one."""

    __tablename__ = "idempotency_keys"

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    leased_until: Mapped[datetime]
    committed: Mapped[bool] = mapped_column(default=False)
    status: Mapped[int | None]
    body: Mapped[bytes | None]


@dataclass(frozen=True, kw_only=True)
class Key:
    """Whose key it is, and which request came with it."""

    person_id: int
    key: str
    request_hash: str


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A key taken for one run of its request, until another run takes it over."""

    key: Key
    leased_until: datetime


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An answer that was given before."""

    status: int
    body: bytes


@contextmanager
def resumable() -> Iterator[None]:
    """A command that goes on where a broken run of it stopped: what it commits is not yet the work done.

    It may commit several times. Run again, it finds what it has begun and does nothing twice, so a run that
    broke or was told to come back later leaves its key free.
    """
    token = _is_resumable.set(True)
    try:
        yield
    finally:
        _is_resumable.reset(token)


def claim(key: Key) -> Claim | Kept:
    """Take a key for this request, or find the answer it had; refuses reuse and twins in flight."""
    now = clock.now()
    new = (
        insert(IdempotencyKey)
        .values(
            person_id=key.person_id,
            key=key.key,
            request_hash=key.request_hash,
            created_at=now,
            leased_until=func.now() + LEASE,
            committed=False,
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.leased_until)
    )
    with database.autocommit.connect() as connection:
        connection.execute(delete(IdempotencyKey).where(_is(key), IdempotencyKey.created_at < now - KEPT_FOR))
        leased_until = connection.scalar(new)
        if leased_until is None:
            is_run = (IdempotencyKey.leased_until > func.now()).label("is_run")
            found = select(IdempotencyKey.__table__, is_run).where(_is(key))
            row = connection.execute(found).one_or_none()
            if row is None:
                raise InFlight
            if row.request_hash != key.request_hash:
                raise KeyReused
            if row.status is not None:
                return Kept(status=row.status, body=row.body)
            if row.committed:
                # its answer is on its way, unless whoever ran it is gone
                raise InFlight if row.is_run else AnswerLost
            leased_until = connection.scalar(_take_over(key))
    if leased_until is None:
        raise InFlight
    return Claim(key=key, leased_until=leased_until)


def mark_committed(session: Session, taken: Claim) -> None:
    """Note, in the transaction that does the work, that it is done; refuses a run that was taken over.

    A step of a resumable command is not yet the work.
    """
    is_done = not _is_resumable.get()
    noted = update(IdempotencyKey).where(_is_ours(taken))
    noted = noted.values(committed=IdempotencyKey.committed | is_done)
    if session.execute(noted.returning(IdempotencyKey.key)).one_or_none() is None:
        raise InFlight


def keep(taken: Claim, *, status: int, body: bytes) -> None:
    """Keep the answer for the next time."""
    with database.autocommit.connect() as connection:
        connection.execute(update(IdempotencyKey).where(_is_ours(taken)).values(status=status, body=body))


def release(taken: Claim) -> bool:
    """End the run without an answer: the key may be used again, unless its work is done; whether it may."""
    unfinished = _is_ours(taken) & IdempotencyKey.committed.is_(False)
    with database.autocommit.connect() as connection:
        if connection.execute(delete(IdempotencyKey).where(unfinished)).rowcount > 0:
            return True
        connection.execute(update(IdempotencyKey).where(_is_ours(taken)).values(leased_until=func.now()))
        return False


def forget_answers(session: Session, *, person_id: int) -> None:
    """Delete what somebody was answered, who will not ask again."""
    answered = IdempotencyKey.status.is_not(None)
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.person_id == person_id, answered))


def forget_old() -> int:
    """Delete keys older than a day; answers how many."""
    with database.autocommit.connect() as connection:
        return connection.execute(
            delete(IdempotencyKey).where(IdempotencyKey.created_at < clock.now() - KEPT_FOR)
        ).rowcount


def _is(key: Key) -> ColumnElement[bool]:
    return (IdempotencyKey.person_id == key.person_id) & (IdempotencyKey.key == key.key)


def _is_ours(taken: Claim) -> ColumnElement[bool]:
    return _is(taken.key) & (IdempotencyKey.leased_until == taken.leased_until)


def _take_over(key: Key) -> ReturningUpdate[datetime]:
    expired = (IdempotencyKey.leased_until < func.now()) & IdempotencyKey.committed.is_(False)
    return (
        update(IdempotencyKey)
        .where(_is(key), expired)
        .values(leased_until=func.now() + LEASE)
        .returning(IdempotencyKey.leased_until)
    )
