"""What the outbox has kept."""

from typing import TypeVar

import sqlalchemy as sa

from marketplace.kernel.database import database
from marketplace.kernel.facts import Fact
from marketplace.kernel.outbox import OutboxFact

F = TypeVar("F", bound=Fact)


def facts_of(kind: type[F]) -> list[F]:
    """Every fact of a kind that was ever recorded, in its order."""
    query = sa.select(OutboxFact.payload).where(OutboxFact.name == kind.name).order_by(OutboxFact.id)
    with database.autocommit.connect() as connection:
        return [kind.load(payload) for payload in connection.scalars(query)]
