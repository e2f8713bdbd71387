"""Idempotency keys below HTTP: leases, take-overs, what is kept and for how long."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from marketplace.kernel import idempotency
from marketplace.kernel.clock import clock
from marketplace.kernel.idempotency import (
    AnswerLost,
    Claim,
    IdempotencyKey,
    InFlight,
    Kept,
    Key,
    KeyReused,
)
from marketplace.kernel.unit_of_work import on_commit, unit_of_work
from tests.together import together

KEY = Key(person_id=1, key="k", request_hash="a")


@pytest.fixture(autouse=True)
def tables(app):
    """Empty tables."""


@pytest.fixture
def let_lease_run_out(owner):
    """A function after which the time of whoever has the key is over."""

    def let_lease_run_out():
        past = clock.real_now() - timedelta(seconds=1)
        with owner.connect() as connection:
            connection.execute(sa.update(IdempotencyKey).values(leased_until=past))

    return let_lease_run_out


def commit(taken):
    with on_commit(partial(idempotency.mark_committed, taken=taken)), unit_of_work():
        pass


def test_the_first_takes_the_key_and_its_twin_waits():
    taken = idempotency.claim(KEY)
    assert isinstance(taken, Claim)
    assert taken.leased_until > clock.real_now() + idempotency.LEASE - timedelta(seconds=10)
    with pytest.raises(InFlight):
        idempotency.claim(KEY)


def test_of_eight_twins_one_takes_the_key():
    results = together(*[partial(idempotency.claim, KEY)] * 8)
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert sum(isinstance(result, InFlight) for result in results) == 7


def test_the_answer_is_found_by_the_next():
    taken = idempotency.claim(KEY)
    idempotency.keep(taken, status=201, body=b"{}")
    assert idempotency.claim(KEY) == Kept(status=201, body=b"{}")


def test_another_request_may_not_have_the_key_even_in_flight():
    idempotency.claim(KEY)
    with pytest.raises(KeyReused):
        idempotency.claim(replace(KEY, request_hash="b"))


def test_the_same_key_of_somebody_else_is_another_key():
    idempotency.claim(KEY)
    assert isinstance(idempotency.claim(replace(KEY, person_id=2, request_hash="b")), Claim)


def test_a_key_whose_process_was_killed_before_its_commit_is_taken_over(let_lease_run_out):
    first = idempotency.claim(KEY)
    let_lease_run_out()
    second = idempotency.claim(KEY)
    assert isinstance(second, Claim)
    assert second != first


def test_of_eight_who_would_take_it_over_one_does(let_lease_run_out):
    idempotency.claim(KEY)
    let_lease_run_out()
    results = together(*[partial(idempotency.claim, KEY)] * 8)
    assert sum(isinstance(result, Claim) for result in results) == 1
    assert sum(isinstance(result, InFlight) for result in results) == 7


def test_a_run_that_was_taken_over_can_neither_commit_nor_keep_nor_release(let_lease_run_out):
    slow = idempotency.claim(KEY)
    let_lease_run_out()
    quick = idempotency.claim(KEY)
    with pytest.raises(InFlight):
        commit(slow)
    idempotency.keep(slow, status=500, body=b"slow")
    assert idempotency.release(slow) is False
    commit(quick)
    idempotency.keep(quick, status=201, body=b"quick")
    assert idempotency.claim(KEY) == Kept(status=201, body=b"quick")


def test_work_that_is_done_is_never_done_again(let_lease_run_out):
    taken = idempotency.claim(KEY)
    commit(taken)
    commit(taken)
    let_lease_run_out()
    with pytest.raises(AnswerLost):
        idempotency.claim(KEY)


def test_a_step_of_a_resumable_command_is_not_yet_its_work(let_lease_run_out):
    taken = idempotency.claim(KEY)
    with idempotency.resumable():
        commit(taken)
    assert idempotency.release(taken) is True
    killed = idempotency.claim(KEY)
    with idempotency.resumable():
        commit(killed)
    let_lease_run_out()
    again = idempotency.claim(KEY)
    assert isinstance(again, Claim)
    with idempotency.resumable(), pytest.raises(InFlight):
        commit(killed)
    commit(again)
    with idempotency.resumable():
        commit(again)
    assert idempotency.release(again) is False


def test_a_key_is_released_only_while_nothing_is_done():
    assert idempotency.release(idempotency.claim(KEY)) is True
    again = idempotency.claim(KEY)
    commit(again)
    assert idempotency.release(again) is False
    with pytest.raises(AnswerLost):
        idempotency.claim(KEY)


def test_a_key_is_forgotten_after_a_day():
    idempotency.keep(idempotency.claim(KEY), status=201, body=b"{}")
    clock.advance(24 * 3600 - 10)
    assert isinstance(idempotency.claim(KEY), Kept)
    assert idempotency.forget_old() == 0
    clock.advance(20)
    assert isinstance(idempotency.claim(replace(KEY, request_hash="b")), Claim)
    clock.advance(25 * 3600)
    assert idempotency.forget_old() == 1
