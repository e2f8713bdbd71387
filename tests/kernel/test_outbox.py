"""Facts stored with their rows, and the deliveries they call for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.domains.deals import events as deals
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.facts import Fact, reactions
from marketplace.kernel.outbox import OutboxFact
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.wiring import UNHEARD, wire
from tests.facts import facts_of


@dataclass(frozen=True, kw_only=True)
class Everything(Fact):
    """A fact with a value of every kind."""

    number: int
    text: str
    day: date
    moment: datetime
    numbers: tuple[int, ...]
    nothing: int | None = None


EVERYTHING = Everything(
    number=2**62,
    text='مرحبا 🙂 "quoted" \\ back',
    day=date(2026, 2, 10),
    moment=datetime(2026, 2, 10, 16, 32, 0, 123456, tzinfo=UTC),
    numbers=(1, 2),
)


def test_a_fact_is_named_by_its_domain_and_class():
    assert deals.DealOpened.name == "deals.DealOpened"
    assert Fact.known["deals.DealOpened"] is deals.DealOpened


def test_a_fact_goes_through_the_database_unchanged(record):
    record(EVERYTHING)
    with database.autocommit.connect() as connection:
        payload = connection.scalar(sa.select(OutboxFact.payload).where(OutboxFact.name == Everything.name))
    assert Everything.load(payload) == EVERYTHING


def test_a_fact_that_nobody_hears_is_kept_without_a_delivery(record, rang, deliveries):
    record(rang(number=1))
    assert len(facts_of(rang)) == 1
    assert deliveries() == []


def test_each_reaction_is_owed_one_delivery_in_the_order_of_the_wiring(record, wiring, rang, deliveries):
    heard = []

    def first(fact):
        heard.append("first")

    def second(fact):
        heard.append("second")

    wiring.write(rang, first)
    wiring.send(rang, second)
    record(rang(number=1))
    assert heard == ["first", "second"]
    assert [row.reaction.split(":")[0] for row in deliveries()] == ["kernel.first", "kernel.second"]
    assert all(row.done_at is not None and row.attempts == 1 for row in deliveries())


def test_a_timer_is_stored_for_its_moment_and_not_heard_before(record, wiring, rang, deliveries):
    heard = []

    def hear(fact):
        heard.append(fact)

    wiring.send(rang, hear)
    due_at = clock.now() + timedelta(days=1)
    record(rang(number=1), due_at=due_at)
    (row,) = deliveries()
    assert (row.due_at, row.done_at, heard) == (due_at, None, [])


def test_the_facts_of_an_inner_unit_wait_for_the_outer_commit(wiring, rang):
    heard = []

    def hear(fact):
        heard.append(fact.number)

    wiring.write(rang, hear)
    with unit_of_work() as outer:
        with unit_of_work() as inner:
            inner.record(rang(number=1))
        outer.record(rang(number=2))
        assert heard == []
    assert heard == [1, 2]


def test_a_reaction_that_is_wired_twice_is_refused(wiring, rang):
    def hear(fact):
        pass

    wiring.write(rang, hear)
    with pytest.raises(ValueError, match="wired twice"):
        wiring.send(rang, hear)


def test_the_wiring_is_the_same_however_often_it_is_made(app):
    before = [(fact, reaction.name, reaction.mode) for fact, reaction in reactions]
    wire(reactions)
    assert [(fact, reaction.name, reaction.mode) for fact, reaction in reactions] == before
    assert not {fact for fact, _ in reactions} & {fact.name for fact in UNHEARD}
