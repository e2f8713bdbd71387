"""The relay: carries every stored delivery to its reaction, once the commit is there.

At once after the commit in the same process, or by a worker; what a killed process left undone is found by
`sweep`. Redis only makes it quick.
"""

import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from redis import RedisError
from sqlalchemy import Connection, func, select, text, update

from marketplace.kernel.clock import clock
from marketplace.kernel.combining import Combined
from marketplace.kernel.database import database
from marketplace.kernel.facts import Fact, Mode, reactions
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


@dataclass(frozen=True)
class _HandOver:
    """Of what is being handed over: the receipts that are yet to be noted, and what is for a worker."""

    sent: list[int] = field(default_factory=list)
    for_worker: list[Planned] = field(default_factory=list)


# What is being handed over here, with all that follows: that waits for nobody.
_at_hand: ContextVar[_HandOver | None] = ContextVar("at_hand", default=None)
# What one hand-over has left to do to the next, which waited already.
_left_over: list[_HandOver] = []

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
    due = [delivery for delivery in planned if not delivery.is_timer]
    at_hand = _at_hand.get()
    if at_hand is not None:
        _hand_over(due, at_hand)
        return
    # What may wait for somebody outside holds up its own command alone.
    own = [delivery for delivery in due if not delivery.is_quick]
    quick = [delivery for delivery in due if delivery.is_quick]
    if own:
        _finish(_hand_over_together([own], _HandOver()))
    if quick:
        _handed_over.then(quick)


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
        reaction = reactions.named(name)
        if reaction is None:
            _postpone(delivery_id, f"no such reaction: {name}")
        else:
            fact = Fact.known[fact_name].load(payload)
            _carry_out(Planned(delivery_id=delivery_id, reaction=reaction, fact=fact, is_timer=False))
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


def _hand_over_in_turn(commits: Sequence[Sequence[Planned]]) -> list[None]:
    """Hand over what several commits have made due at the same time, and what follows from that."""
    at_hand = _hand_over_together(commits, _left_over.pop() if _left_over else _HandOver())
    if _handed_over.is_awaited:
        _left_over.append(at_hand)
    else:
        _finish(at_hand)
    return [None for _ in commits]


_handed_over = Combined(_hand_over_in_turn)


def _hand_over_together(commits: Sequence[Sequence[Planned]], at_hand: _HandOver) -> _HandOver:
    token = _at_hand.set(at_hand)
    try:
        with one_moment():
            _hand_over([delivery for planned in commits for delivery in planned], at_hand)
    finally:
        _at_hand.reset(token)
    return at_hand


def _finish(at_hand: _HandOver) -> None:
    if at_hand.sent:
        _note(at_hand.sent)
    if at_hand.for_worker:
        hint()


def _hand_over(due: Sequence[Planned], at_hand: _HandOver) -> None:
    """Carry out deliveries, by reaction in the order of the wiring; a worker's are left to it."""
    by_reaction: dict[str, list[Planned]] = {}
    for delivery in due:
        if delivery.reaction.mode is Mode.JOB:
            at_hand.for_worker.append(delivery)
        else:
            by_reaction.setdefault(delivery.reaction.name, []).append(delivery)
    for same in by_reaction.values():
        for group in [same] if same[0].reaction.hears_all else [[each] for each in same]:
            _try(group, at_hand)


def _carry_out(delivery: Planned) -> None:
    at_hand = _HandOver()
    _try([delivery], at_hand)
    _finish(at_hand)


def _try(group: Sequence[Planned], at_hand: _HandOver) -> None:
    """Let a reaction hear facts; what was sent is noted with the next rows that are written.

    What fails for several is tried for each of them; what fails for one is kept, and tried again later.
    """
    reaction, ids = group[0].reaction, [delivery.delivery_id for delivery in group]
    receipts = at_hand.sent.copy()
    try:
        if reaction.mode is Mode.WRITE:
            at_hand.sent.clear()
            _write(group, receipts)
        else:
            reaction.hear([delivery.fact for delivery in group])
            at_hand.sent.extend(ids)
    except Exception as error:
        log.exception("reaction_failed", reaction=reaction.name, delivery_ids=ids)
        if reaction.mode is Mode.WRITE:
            at_hand.sent[:0] = receipts
        if len(group) == 1:
            _put_off(ids[0], repr(error))
            return
        for delivery in group:
            _try([delivery], at_hand)


def _write(group: Sequence[Planned], receipts: Sequence[int]) -> None:
    """Write rows and the receipts for them in one transaction, but for what somebody else has written."""
    with unit_of_work(plans_once=group[0].reaction.hears_all) as unit:
        ids = [*receipts, *(delivery.delivery_id for delivery in group)]
        done = _done(unit.session.connection(), ids)
        facts = [delivery.fact for delivery in group if delivery.delivery_id in done]
        if facts:
            group[0].reaction.hear(facts)


def _note(delivery_ids: Collection[int]) -> None:
    try:
        with reading(plans_once=True) as connection:
            _done(connection, delivery_ids)
    except Exception:
        log.exception("receipts_left_to_the_sweep", delivery_ids=delivery_ids)


def _done(connection: Connection, delivery_ids: Collection[int]) -> frozenset[int]:
    """Note that deliveries are done; which of them were not before."""
    rows = _DONE.run(connection, ids=list(delivery_ids), now=clock.now())
    return frozenset(row[0] for row in rows.fetchall())


def _put_off(delivery_id: int, error: str) -> None:
    try:
        _postpone(delivery_id, error)
    except Exception:
        log.exception("delivery_left_to_the_sweep", delivery_id=delivery_id)


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
