"""The outbox: facts stored with the rows they tell of, and the deliveries they call for.

PostgreSQL is the truth: a fact and one delivery per reaction are written in the transaction of the command.
`kernel.relay` carries them out.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.clock import clock
from marketplace.kernel.database import Base
from marketplace.kernel.facts import Fact, Reaction, reactions
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
    reaction: Reaction
    is_timer: bool


_fact = insert(OutboxFact).values(
    id=bindparam("fact_id"),
    name=bindparam("fact_name"),
    payload=bindparam("fact_payload"),
    recorded_at=bindparam("now"),
)
_reaction = func.unnest(bindparam("wired", type_=ARRAY(Text))).column_valued("wired_reaction")
# in one statement, as each fact that is recorded costs one
_fact_with_deliveries = (
    insert(OutboxDelivery)
    .from_select(
        ["fact_id", "reaction", "due_at"],
        select(bindparam("fact_id", type_=Uuid), _reaction, bindparam("due", type_=DateTime(timezone=True))),
    )
    .add_cte(_fact.cte("fact"))
    .returning(OutboxDelivery.id, OutboxDelivery.reaction)
)


def store(connection: Connection, fact: Fact, *, due_at: datetime | None) -> list[Planned]:
    """Write a fact and its deliveries into the open transaction."""
    wired = reactions.of(fact.name)
    now = clock.now()
    values = {
        "fact_id": new_public_id(),
        "fact_name": fact.name,
        "fact_payload": fact.payload(),
        "now": now,
    }
    if not wired:
        connection.execute(_fact, values)
        return []
    values |= {"wired": [reaction.name for reaction in wired], "due": due_at or now}
    ids = {row.reaction: row.id for row in connection.execute(_fact_with_deliveries, values)}
    return [
        Planned(delivery_id=ids[reaction.name], reaction=reaction, is_timer=due_at is not None)
        for reaction in wired
    ]
