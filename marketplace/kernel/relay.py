"""The relay: carries every stored delivery to its reaction, once the commit is there.

At once after the commit in the same process, or by a worker; what a killed process left undone is found by
`sweep`. Redis only makes it quick.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Row, Select, func, select, update

from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.facts import Fact, Mode, Reaction, reactions
from marketplace.kernel.jobs import enqueue
from marketplace.kernel.outbox import OutboxDelivery, OutboxFact, Planned
from marketplace.kernel.unit_of_work import unit_of_work

LEASE_S = 40
FIRST_RETRY_S = 5
LAST_RETRY_S = 3600
SWEEP_LIMIT = 500
BATCH = 100

log = structlog.get_logger()


def wake(planned: Sequence[Planned]) -> None:
    """Carry out what a commit has just made due: rows and sends here, jobs in a worker.

    Whatever fails here is left to the sweep: the command is committed and has succeeded.
    """
    for delivery in planned:
        if delivery.is_timer:
            continue
        if delivery.mode is Mode.JOB:
            enqueue(deliver, delivery_id=delivery.delivery_id)
            continue
        try:
            deliver(delivery_id=delivery.delivery_id)
        except Exception:
            log.exception("delivery_left_to_the_sweep", delivery_id=delivery.delivery_id)


def deliver(*, delivery_id: int) -> None:
    """Carry out one delivery if nobody has or is; a failure is kept and tried again later."""
    with database.autocommit.connect() as connection:
        name = connection.scalar(
            select(OutboxDelivery.reaction).where(
                OutboxDelivery.id == delivery_id, OutboxDelivery.done_at.is_(None)
            )
        )
    reaction = reactions.named(name) if name else None
    if reaction is None:
        if name:
            _postpone(delivery_id, f"no such reaction: {name}")
        return
    try:
        if reaction.mode is Mode.WRITE:
            _write(delivery_id, reaction)
        else:
            _send(delivery_id, reaction)
    except Exception as error:
        log.exception("reaction_failed", reaction=reaction.name, delivery_id=delivery_id)
        _postpone(delivery_id, repr(error))


def sweep(limit: int = SWEEP_LIMIT) -> int:
    """Deliver what is due and not done, oldest first; answers how many were taken up."""
    taken: list[int] = []
    while len(taken) < limit:
        # what was taken up and is still due is being carried out by another process
        untouched = _due(clock.now()).where(OutboxDelivery.id.not_in(taken))
        with database.autocommit.connect() as connection:
            due = connection.scalars(untouched.limit(min(BATCH, limit - len(taken)))).all()
        if not due:
            break
        for delivery_id in due:
            deliver(delivery_id=delivery_id)
        taken += due
    return len(taken)


def backlog() -> dict[str, int]:
    """How many deliveries wait, are late by over a minute, and have failed at least once."""
    open_ones = OutboxDelivery.done_at.is_(None)
    now = clock.now()
    query = select(
        func.count().filter(open_ones),
        func.count().filter(open_ones, OutboxDelivery.due_at < now - timedelta(minutes=1)),
        func.count().filter(open_ones, OutboxDelivery.attempts > 0),
    ).select_from(OutboxDelivery)
    with database.autocommit.connect() as connection:
        waiting, late, failing = connection.execute(query).one()
    return {"waiting": waiting, "late": late, "failing": failing}


def _due(now: datetime) -> Select[Any]:
    unclaimed = OutboxDelivery.claimed_until.is_(None) | (OutboxDelivery.claimed_until < func.now())
    return (
        select(OutboxDelivery.id)
        .where(OutboxDelivery.done_at.is_(None), OutboxDelivery.due_at <= now, unclaimed)
        .order_by(OutboxDelivery.due_at, OutboxDelivery.id)
    )


def _write(delivery_id: int, reaction: Reaction) -> None:
    with unit_of_work() as unit:
        connection = unit.session.connection()
        row = connection.execute(
            _with_fact()
            .where(OutboxDelivery.id == delivery_id, OutboxDelivery.done_at.is_(None))
            .with_for_update(of=OutboxDelivery, skip_locked=True)
        ).one_or_none()
        if row is None:
            return
        reaction.handler(_fact(row))
        _mark_done(unit.session.connection(), delivery_id)


def _send(delivery_id: int, reaction: Reaction) -> None:
    claim = (
        update(OutboxDelivery)
        .where(
            OutboxDelivery.id == delivery_id,
            OutboxDelivery.done_at.is_(None),
            OutboxDelivery.claimed_until.is_(None) | (OutboxDelivery.claimed_until < func.now()),
        )
        .values(claimed_until=func.now() + timedelta(seconds=LEASE_S))
    )
    with database.autocommit.connect() as connection:
        if connection.execute(claim).rowcount == 0:
            return
        row = connection.execute(_with_fact().where(OutboxDelivery.id == delivery_id)).one()
    reaction.handler(_fact(row))
    with database.autocommit.connect() as connection:
        _mark_done(connection, delivery_id)


def _with_fact() -> Select[Any]:
    return select(OutboxFact.name, OutboxFact.payload).join(
        OutboxDelivery, OutboxDelivery.fact_id == OutboxFact.id
    )


def _fact(row: Row[Any]) -> Fact:
    return Fact.known[row.name].load(row.payload)


def _mark_done(connection: Connection, delivery_id: int) -> None:
    connection.execute(
        update(OutboxDelivery)
        .where(OutboxDelivery.id == delivery_id)
        .values(done_at=clock.now(), claimed_until=None, attempts=OutboxDelivery.attempts + 1)
    )


def _postpone(delivery_id: int, error: str) -> None:
    wait_s = func.least(FIRST_RETRY_S * func.power(2, OutboxDelivery.attempts), LAST_RETRY_S)
    with database.autocommit.connect() as connection:
        connection.execute(
            update(OutboxDelivery)
            .where(OutboxDelivery.id == delivery_id, OutboxDelivery.done_at.is_(None))
            .values(
                attempts=OutboxDelivery.attempts + 1,
                due_at=clock.now() + func.make_interval(0, 0, 0, 0, 0, 0, wait_s),
                claimed_until=None,
                last_error=error[:2000],
            )
        )
