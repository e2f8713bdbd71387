"""Facts of the tests' own, and reactions to them."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from marketplace.kernel.database import database
from marketplace.kernel.facts import Fact, reactions
from marketplace.kernel.outbox import OutboxDelivery
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.wiring import wire


@dataclass(frozen=True, kw_only=True)
class Rang(Fact):
    """A bell rang."""

    number: int


@pytest.fixture
def rang():
    """The fact that a bell rang."""
    return Rang


@pytest.fixture
def wiring(app):
    """The reactions, with none of the house's own; those come back at the end."""
    reactions.clear()
    yield reactions
    wire(reactions)


@pytest.fixture
def record(wiring):
    """A function that records facts in a unit of work of their own."""

    def record(*facts, due_at=None):
        with unit_of_work() as unit:
            for fact in facts:
                unit.record(fact, due_at=due_at)
        return [planned.delivery_id for planned in unit.planned]

    return record


@pytest.fixture
def deliveries(app):
    """A function that answers every stored delivery, in order."""

    def deliveries():
        with database.autocommit.connect() as connection:
            table = OutboxDelivery.__table__
            return connection.execute(sa.select(table).order_by(table.c.id)).all()

    return deliveries


@pytest.fixture
def change_delivery(owner):
    """A function that rewrites columns of a delivery, as a killed process would have left them."""

    def change_delivery(delivery_id, **values):
        with owner.connect() as connection:
            connection.execute(
                sa.update(OutboxDelivery).where(OutboxDelivery.id == delivery_id).values(**values)
            )

    return change_delivery
