"""Travelling in time: the clock is moved, and whatever fell due on the way is carried out."""

import time
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select

from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.errors import Invalid
from marketplace.kernel.outbox import OutboxDelivery
from marketplace.kernel.reading import reading
from marketplace.kernel.unit_of_work import unit_of_work

FARTHEST = timedelta(days=100 * 366)
PATIENCE_S = 60
PAUSE_S = 0.05
_LOCK = 7_301_915  # any number that nobody else locks

log = structlog.get_logger()


class TooFar(Invalid):
    """The clock does not go that far: at most 100 years from now."""

    code = "clock_too_far"


def advance(seconds: float) -> datetime:
    """Move the clock forward, run every timer that fell due, oldest first, and answer the new present."""
    with unit_of_work() as unit:
        # Two travellers at once: each moves the clock by its own distance, from where the other left it.
        unit.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        if clock.offset() + timedelta(seconds=seconds) > FARTHEST:
            raise TooFar
        clock.advance(seconds)
    catch_up()
    return clock.now()


def catch_up() -> None:
    """Carry out what is due until nothing is, whichever process has it in hand."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        # One at a time: what a timer sets for an earlier moment than the next one's comes first.
        if relay.sweep(limit=1):
            continue
        if not _in_hand():
            return
        time.sleep(PAUSE_S)
    log.warning("clock_left_work_behind", patience_s=PATIENCE_S)


def _in_hand() -> int:
    """How many deliveries are due and being carried out by another process."""
    query = select(func.count()).where(OutboxDelivery.done_at.is_(None), OutboxDelivery.due_at <= clock.now())
    with reading() as connection:
        return connection.scalar(query) or 0
