"""The outbox: facts stored with the rows they tell of, and the deliveries they call for.

PostgreSQL is the truth: a fact and one delivery per reaction are written in the transaction of the command.
`kernel.relay` carries them out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, ForeignKey, Index, insert, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.clock import clock
from marketplace.kernel.database import Base
from marketplace.kernel.facts import Fact, Mode, reactions
from marketplace.kernel.ids import new_public_id


class OutboxFact(Base):
    """A fact as it was recorded."""

    __tablename__ = "outbox_facts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    recorded_at: Mapped[datetime]


class OutboxDelivery(Base):
    """What one reaction owes one fact."""

    __tablename__ = "outbox_deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[UUID] = mapped_column(ForeignKey("outbox_facts.id"))
    reaction: Mapped[str]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    claimed_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

    __table_args__ = (
        Index("uq_outbox_deliveries_fact_reaction", "fact_id", "reaction", unique=True),
        Index("ix_outbox_deliveries_due", "due_at", "id", postgresql_where=text("done_at IS NULL")),
    )


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A delivery that was stored in the transaction at hand."""

    delivery_id: int
    mode: Mode
    is_timer: bool


def store(connection: Connection, fact: Fact, *, due_at: datetime | None) -> list[Planned]:
    """Write a fact and its deliveries into the open transaction."""
    wired = reactions.of(fact.name)
    now = clock.now()
    fact_id = new_public_id()
    connection.execute(
        insert(OutboxFact).values(id=fact_id, name=fact.name, payload=fact.payload(), recorded_at=now)
    )
    if not wired:
        return []
    rows = [{"fact_id": fact_id, "reaction": reaction.name, "due_at": due_at or now} for reaction in wired]
    ids = connection.scalars(
        insert(OutboxDelivery).returning(OutboxDelivery.id, sort_by_parameter_order=True), rows
    ).all()
    return [
        Planned(delivery_id=delivery_id, mode=reaction.mode, is_timer=due_at is not None)
        for delivery_id, reaction in zip(ids, wired, strict=True)
    ]
