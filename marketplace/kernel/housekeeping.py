"""Forgetting what nobody asks for any more."""

from datetime import timedelta

from sqlalchemy import delete, exists, select

from marketplace.kernel import idempotency
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.outbox import OutboxDelivery, OutboxFact

FACTS_KEPT_FOR = timedelta(days=90)
DELIVERIES_KEPT_FOR = timedelta(days=30)


def tidy() -> None:
    """Delete idempotency keys of a day ago, done deliveries of a month ago, and facts of a season ago."""
    idempotency.forget_old()
    now = clock.now()
    with database.autocommit.connect() as connection:
        connection.execute(delete(OutboxDelivery).where(OutboxDelivery.done_at < now - DELIVERIES_KEPT_FOR))
        awaited = exists(select(OutboxDelivery.id).where(OutboxDelivery.fact_id == OutboxFact.id))
        connection.execute(delete(OutboxFact).where(OutboxFact.recorded_at < now - FACTS_KEPT_FOR, ~awaited))
