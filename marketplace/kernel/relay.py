"""The relay: carries every stored delivery to its reaction, once the commit is there.

At once after the commit in the same process, or by a worker; what a killed process left undone is found by
`sweep`. Redis only makes it quick.
"""

import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog
from redis import RedisError
from sqlalchemy import Connection, func, select, text, update

from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.facts import Fact, Mode, Reaction, reactions
from marketplace.kernel.jobs import enqueue, jobs
from marketplace.kernel.kept import one_moment
from marketplace.kernel.outbox import OutboxDelivery, Planned
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import Statement
from marketplace.kernel.unit_of_work import unit_of_work

LEASE_S = 40
FIRST_RETRY_S = 5
LAST_RETRY_S = 3600
SWEEP_LIMIT = 500
SWEEP_S = 20
CALL_ANOTHER_AFTER = 20
HINTED = "outbox:hinted"
HINTED_S = 5

log = structlog.get_logger()

_DONE = Statement(
    text("""
        UPDATE outbox_deliveries SET done_at = :now, claimed_until = NULL, attempts = attempts + 1
        WHERE id = ANY (CAST(:ids AS bigint[])) AND done_at IS NULL RETURNING id
    """)
)
# The one that has been due for the longest time, which nobody else takes up until its lease is over.
_TAKE_UP = Statement(
    text(f"""
        UPDATE outbox_deliveries d SET claimed_until = clock_timestamp() + make_interval(secs => {LEASE_S})
        FROM outbox_facts f
        WHERE f.id = d.fact_id AND d.id = (
            SELECT id FROM outbox_deliveries
            WHERE done_at IS NULL AND due_at <= :now
                AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
            ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
        )
        RETURNING d.id, d.reaction, f.name, f.payload
    """)  # noqa: S608 - a constant of this page
)


def wake(planned: Sequence[Planned]) -> None:
    """Carry out what a commit has just made due: rows and sends here, jobs in a worker.

    Whatever fails here is left to the sweep: the command is committed and has succeeded.
    """
    here = [delivery for delivery in planned if delivery.is_handed_over]
    if here:
        with one_moment():
            _hand_over(here)
    if any(delivery.reaction.mode is Mode.JOB and not delivery.is_timer for delivery in planned):
        hint()


def hint() -> None:
    """Call a worker to look for what is due, unless one is on its way; without Redis it comes by itself."""
    try:
        if jobs.redis.set(HINTED, 1, nx=True, ex=HINTED_S):
            enqueue(sweep)
    except RedisError as error:
        log.warning("queue_unreachable", error=repr(error))


def sweep(limit: int = SWEEP_LIMIT) -> int:
    """Deliver what is due and not done, oldest first; answers how many were taken up.

    It ends after some time, having called a worker to go on; with much to do it calls another early.
    """
    with suppress(RedisError):
        jobs.redis.delete(HINTED)
    until = time.monotonic() + SWEEP_S
    taken = 0
    while taken < limit and (due := _TAKE_UP.first(now=clock.now())) is not None:
        delivery_id, name, fact_name, payload = due
        taken += 1
        if taken % CALL_ANOTHER_AFTER == 0 or time.monotonic() > until:
            hint()
        _carry_out(delivery_id, name, Fact.known[fact_name].load(payload))
        if time.monotonic() > until:
            break
    return taken


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


def _hand_over(planned: Sequence[Planned]) -> None:
    """Carry out deliveries in their order; what was sent is noted with the next rows that are written."""
    sent: list[int] = []
    for delivery in planned:
        if delivery.reaction.mode is Mode.SEND:
            if _try(delivery.delivery_id, delivery.reaction, delivery.fact):
                sent.append(delivery.delivery_id)
        elif _try(delivery.delivery_id, delivery.reaction, delivery.fact, with_receipts=sent):
            sent = []
    if sent:
        _note(sent)


def _carry_out(delivery_id: int, name: str, fact: Fact) -> None:
    reaction = reactions.named(name)
    if reaction is None:
        _postpone(delivery_id, f"no such reaction: {name}")
    elif _try(delivery_id, reaction, fact) and reaction.mode is not Mode.WRITE:
        _note([delivery_id])


def _try(delivery_id: int, reaction: Reaction, fact: Fact, *, with_receipts: Collection[int] = ()) -> bool:
    """Let a reaction hear a fact; a failure is kept and tried again later."""
    try:
        if reaction.mode is Mode.WRITE:
            _write(delivery_id, reaction, fact, with_receipts)
        else:
            reaction.handler(fact)
    except Exception as error:
        log.exception("reaction_failed", reaction=reaction.name, delivery_id=delivery_id)
        try:
            _postpone(delivery_id, repr(error))
        except Exception:
            log.exception("delivery_left_to_the_sweep", delivery_id=delivery_id)
        return False
    return True


def _write(delivery_id: int, reaction: Reaction, fact: Fact, with_receipts: Collection[int]) -> None:
    """Write rows and the receipt for them in one transaction, unless somebody else has."""
    with unit_of_work() as unit:
        if delivery_id in _done(unit.session.connection(), [*with_receipts, delivery_id]):
            reaction.handler(fact)


def _note(delivery_ids: Collection[int]) -> None:
    try:
        with reading() as connection:
            _done(connection, delivery_ids)
    except Exception:
        log.exception("receipts_left_to_the_sweep", delivery_ids=delivery_ids)


def _done(connection: Connection, delivery_ids: Collection[int]) -> frozenset[int]:
    """Note that deliveries are done; which of them were not before."""
    rows = _DONE.run(connection, ids=list(delivery_ids), now=clock.now())
    return frozenset(row[0] for row in rows.fetchall())


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
