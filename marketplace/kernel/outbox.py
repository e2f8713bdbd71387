"""The outbox: facts stored with the rows they tell of, and the deliveries they call for.

PostgreSQL is the truth: a fact and one delivery per reaction are written in the transaction of the command.
`kernel.relay` carries them out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.clock import clock
from marketplace.kernel.database import Base
from marketplace.kernel.facts import Fact, Mode, Reaction, reactions
from marketplace.kernel.ids import new_public_id
from marketplace.kernel.statements import Statement, as_rows

# How long the process that commits a delivery may take to carry it out before others do.
HANDOVER_LEASE_S = 15


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
    fact: Fact
    is_timer: bool

    @property
    def is_quick(self) -> bool:
        """Whether it is for a worker, or heard together with others: then it waits for nobody outside."""
        return self.reaction.mode is Mode.JOB or self.reaction.hears_all


# In one statement, whatever the number of facts. Who commits what is to be carried out at once has taken it
# up already.
_STORE = Statement(
    text(f"""
        WITH fact AS (
            INSERT INTO outbox_facts (id, name, payload, recorded_at)
            SELECT id, name, payload, :now
            FROM json_to_recordset(CAST(:facts AS json)) AS told (id uuid, name text, payload jsonb)
        )
        INSERT INTO outbox_deliveries (fact_id, reaction, due_at, claimed_until)
        SELECT wired.fact_id, wired.reaction, :due_at,
            CASE WHEN wired.is_claimed THEN clock_timestamp() + make_interval(secs => {HANDOVER_LEASE_S}) END
        FROM json_to_recordset(CAST(:deliveries AS json))
            AS wired (fact_id uuid, reaction text, is_claimed boolean)
        RETURNING id, fact_id, reaction
    """)  # noqa: S608 - a constant of this page
)


def store(connection: Connection, facts: Sequence[Fact], *, due_at: datetime | None) -> list[Planned]:
    """Write facts and their deliveries into the open transaction."""
    now = clock.now()
    told = [(new_public_id(), fact) for fact in facts]
    wired = [(fact_id, fact, reaction) for fact_id, fact in told for reaction in reactions.of(fact.name)]
    rows = _STORE.run(
        connection,
        facts=as_rows([{"id": fact_id, "name": fact.name, "payload": fact} for fact_id, fact in told]),
        now=now,
        due_at=due_at or now,
        deliveries=as_rows(
            [
                {
                    "fact_id": fact_id,
                    "reaction": reaction.name,
                    "is_claimed": due_at is None and reaction.mode is not Mode.JOB,
                }
                for fact_id, _, reaction in wired
            ]
        ),
    )
    ids = {(fact_id, name): delivery_id for delivery_id, fact_id, name in rows.fetchall()}
    return [
        Planned(
            delivery_id=ids[fact_id, reaction.name],
            reaction=reaction,
            fact=fact,
            is_timer=due_at is not None,
        )
        for fact_id, fact, reaction in wired
    ]
