"""What nobody asks for any more is forgotten; what is still owed never is."""

from datetime import timedelta

import pytest

from marketplace.kernel import housekeeping, idempotency
from marketplace.kernel.clock import clock
from marketplace.kernel.idempotency import Claim, Key
from tests.facts import facts_of

KEY = Key(person_id=1, key="k", request_hash="a")


@pytest.fixture
def one_heard_one_not(record, wiring, rang):
    """A fact that one reaction has heard and another has not."""

    def hear(fact):
        pass

    def fail(fact):
        raise ConnectionError

    wiring.write(rang, hear)
    wiring.write(rang, fail)
    return record(rang(number=1))


def test_young_things_are_left_alone(one_heard_one_not, rang, deliveries):
    clock.advance(timedelta(days=29).total_seconds())
    housekeeping.tidy()
    assert (len(deliveries()), len(facts_of(rang))) == (2, 1)


def test_done_deliveries_go_after_a_month(one_heard_one_not, rang, deliveries):
    clock.advance(timedelta(days=31).total_seconds())
    housekeeping.tidy()
    assert [row.done_at for row in deliveries()] == [None]
    assert len(facts_of(rang)) == 1


def test_facts_go_after_a_season_unless_they_are_still_owed(one_heard_one_not, record, rang, deliveries):
    clock.advance(timedelta(days=100).total_seconds())
    housekeeping.tidy()
    assert (len(deliveries()), len(facts_of(rang))) == (1, 1)


def test_facts_that_nobody_hears_go_after_a_season(record, rang):
    record(rang(number=1))
    clock.advance(timedelta(days=100).total_seconds())
    record(rang(number=2))
    housekeeping.tidy()
    assert len(facts_of(rang)) == 1


def test_idempotency_keys_go_after_a_day(app):
    idempotency.claim(KEY)
    clock.advance(25 * 3600)
    housekeeping.tidy()
    clock.reset()
    assert isinstance(idempotency.claim(KEY), Claim)
