"""The relay: carries every stored delivery to its reaction, once the commit is there.

At once after the commit in the same process, or by a worker; what a killed process left undone is found by
`sweep`. Redis only makes it quick.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Select, Update, bindparam, func, select, update

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

# Built once: every reaction to every fact runs them.
_this = OutboxDelivery.id == bindparam("delivery_id")
_undone = OutboxDelivery.done_at.is_(None)
_unclaimed = OutboxDelivery.claimed_until.is_(None) | (OutboxDelivery.claimed_until < func.now())
_taken_up = select(OutboxDelivery.id).where(_this, _undone).with_for_update(skip_locked=True)
_done = update(OutboxDelivery).values(
    done_at=bindparam("now"), claimed_until=None, attempts=OutboxDelivery.attempts + 1
)
_claim = update(OutboxDelivery).values(claimed_until=func.now() + timedelta(seconds=LEASE_S))


def _telling(take: Update) -> Update:
    return take.where(OutboxFact.id == OutboxDelivery.fact_id).returning(OutboxFact.name, OutboxFact.payload)


# Done with the rows it calls for, in one transaction: who comes while another is at it passes it by.
WRITE = _telling(_done.where(OutboxDelivery.id == _taken_up.scalar_subquery()))
SEND = _telling(_claim.where(_this, _undone, _unclaimed))
SENT = _done.where(_this)


def wake(planned: Sequence[Planned]) -> None:
    """Carry out what a commit has just made due: rows and sends here, jobs in a worker.

    Whatever fails here is left to the sweep: the command is committed and has succeeded.
    """
    for delivery in planned:
        if delivery.is_timer:
            continue
        if delivery.reaction.mode is Mode.JOB:
            enqueue(deliver, delivery_id=delivery.delivery_id)
            continue
        try:
            _carry_out(delivery.delivery_id, delivery.reaction)
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
    if name is not None:
        _find_and_carry_out(delivery_id, name)


def sweep(limit: int = SWEEP_LIMIT) -> int:
    """Deliver what is due and not done, oldest first; answers how many were taken up."""
    taken: list[int] = []
    while len(taken) < limit:
        # what was taken up and is still due is being carried out by another process
        untouched = _due(clock.now()).where(OutboxDelivery.id.not_in(taken))
        with database.autocommit.connect() as connection:
            due = connection.execute(untouched.limit(min(BATCH, limit - len(taken)))).all()
        if not due:
            break
        for row in due:
            _find_and_carry_out(row.id, row.reaction)
            taken.append(row.id)
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


def _due(now: datetime) -> Select[int, str]:
    return (
        select(OutboxDelivery.id, OutboxDelivery.reaction)
        .where(_undone, OutboxDelivery.due_at <= now, _unclaimed)
        .order_by(OutboxDelivery.due_at, OutboxDelivery.id)
    )


def _find_and_carry_out(delivery_id: int, name: str) -> None:
    reaction = reactions.named(name)
    if reaction is None:
        _postpone(delivery_id, f"no such reaction: {name}")
    else:
        _carry_out(delivery_id, reaction)


def _carry_out(delivery_id: int, reaction: Reaction) -> None:
    try:
        if reaction.mode is Mode.WRITE:
            _write(delivery_id, reaction)
        else:
            _send(delivery_id, reaction)
    except Exception as error:
        log.exception("reaction_failed", reaction=reaction.name, delivery_id=delivery_id)
        _postpone(delivery_id, repr(error))


def _write(delivery_id: int, reaction: Reaction) -> None:
    with unit_of_work() as unit:
        fact = _take(unit.session.connection(), WRITE, delivery_id=delivery_id, now=clock.now())
        if fact is not None:
            reaction.handler(fact)


def _send(delivery_id: int, reaction: Reaction) -> None:
    with database.autocommit.connect() as connection:
        fact = _take(connection, SEND, delivery_id=delivery_id)
    if fact is None:
        return
    reaction.handler(fact)
    with database.autocommit.connect() as connection:
        connection.execute(SENT, {"delivery_id": delivery_id, "now": clock.now()})


def _take(connection: Connection, statement: Update, **values: Any) -> Fact | None:
    """The fact of a delivery, unless somebody else has taken it up."""
    row = connection.execute(statement, values).one_or_none()
    return None if row is None else Fact.known[row.name].load(row.payload)


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
