"""Every stored delivery reaches its reaction, whatever is killed or away."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.domains.catalog.models import CategoryRow
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.jobs import jobs
from marketplace.kernel.reading import reading
from marketplace.kernel.settings import Settings
from marketplace.kernel.unit_of_work import unit_of_work
from tests.query_count import counted_queries
from tests.together import together

CROWD = 8


@pytest.fixture(autouse=True)
def scratch(app, owner):
    """Whatever a test adds to the catalogue is taken out again."""
    yield
    with owner.connect() as connection:
        connection.execute(sa.delete(CategoryRow).where(CategoryRow.id >= 1000))


@pytest.fixture
def heard():
    """The numbers that `hear` has heard, in order."""
    return []


@pytest.fixture
def hear(heard):
    """A reaction that keeps what it hears."""

    def hear(fact):
        heard.append(fact.number)

    return hear


@pytest.fixture
def redis_away(app):
    """Redis does not answer."""
    settings = app.config["SETTINGS"]
    jobs.configure(Settings(redis_url="redis://127.0.0.1:1/0"))
    yield
    jobs.configure(settings)


def write_row(fact):
    with unit_of_work() as unit:
        unit.session.add(CategoryRow(id=1000 + fact.number, name="x", slug=f"x{fact.number}", description=""))


def count_rows():
    with reading() as connection:
        return connection.scalar(
            sa.select(sa.func.count()).select_from(CategoryRow).where(CategoryRow.id >= 1000)
        )


def test_a_write_is_carried_out_once_by_eight_who_deliver_it_together(record, wiring, rang, deliveries):
    wiring.write(rang, write_row)
    for number in range(10):
        record(rang(number=number), due_at=clock.now())
        assert sum(together(*[relay.sweep] * CROWD)) == 1
    assert count_rows() == 10
    assert all(row.done_at and row.attempts == 1 and row.last_error is None for row in deliveries())


def test_a_write_and_its_receipt_fall_together(record, wiring, rang, deliveries):
    def write_and_fail(fact):
        write_row(fact)
        raise ZeroDivisionError

    wiring.write(rang, write_and_fail)
    record(rang(number=1))
    assert count_rows() == 0
    (row,) = deliveries()
    assert (row.done_at, row.attempts, row.last_error) == (None, 1, "ZeroDivisionError()")


def test_a_send_is_begun_once_by_eight_who_deliver_it_together(record, wiring, rang, deliveries):
    begun = []
    is_begun, all_tried = threading.Event(), threading.Event()

    def send(fact):
        begun.append(fact.number)
        is_begun.set()
        all_tried.wait(timeout=30)

    wiring.send(rang, send)
    record(rang(number=1), due_at=clock.now())
    sender = threading.Thread(target=relay.sweep)
    sender.start()
    is_begun.wait(timeout=30)
    assert together(*[relay.sweep] * CROWD) == [0] * CROWD
    all_tried.set()
    sender.join(timeout=30)
    assert begun == [1]
    (row,) = deliveries()
    assert row.done_at is not None
    assert row.claimed_until is None


def test_a_send_whose_process_was_killed_is_sent_again_after_its_lease(
    record, wiring, rang, deliveries, change_delivery
):
    sent = []

    def send(fact):
        sent.append(fact.number)

    wiring.send(rang, send)
    (delivery_id,) = record(rang(number=1), due_at=clock.now())
    now = clock.real_now()
    change_delivery(delivery_id, claimed_until=now + timedelta(seconds=30))
    assert (relay.sweep(), sent) == (0, [])
    change_delivery(delivery_id, claimed_until=now - timedelta(seconds=1))
    assert (relay.sweep(), sent) == (1, [1])
    assert deliveries()[0].done_at is not None


def test_a_failing_reaction_is_tried_again_later_and_later(record, wiring, rang, deliveries):
    tries = []

    def send(fact):
        tries.append(clock.now())
        raise ConnectionError

    wiring.send(rang, send)
    record(rang(number=1))
    waits = []
    for _ in range(12):
        (row,) = deliveries()
        waits.append(round((row.due_at - tries[-1]).total_seconds()))
        assert relay.sweep() == 0
        clock.advance((row.due_at - clock.now()).total_seconds() + 0.001)
        assert relay.sweep() == 1
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert relay.backlog()["failing"] == 1


def test_a_failing_reaction_stops_no_other(record, wiring, rang, deliveries):
    heard = []

    def fail(fact):
        raise ConnectionError("x" * 5000)

    def hear(fact):
        heard.append(fact.number)

    wiring.write(rang, fail)
    wiring.send(rang, hear)
    record(rang(number=1), rang(number=2))
    assert heard == [1, 2]
    assert [row.done_at is None for row in deliveries()] == [True, False, True, False]
    assert len(deliveries()[0].last_error) == 2000
    clock.advance(6)
    assert relay.sweep() == 2


def test_a_reaction_that_recovers_is_heard_once(record, wiring, rang, deliveries):
    heard = []

    def hear_the_second_time(fact):
        heard.append(fact.number)
        if len(heard) == 1:
            raise ConnectionError

    wiring.write(rang, hear_the_second_time)
    record(rang(number=1))
    clock.advance(6)
    relay.sweep()
    clock.advance(6)
    relay.sweep()
    assert heard == [1, 1]
    assert (deliveries()[0].attempts, relay.backlog()["waiting"]) == (2, 0)


def test_a_late_failure_does_not_disturb_what_somebody_else_has_done(
    record, wiring, rang, deliveries, change_delivery
):
    def send(fact):
        change_delivery(deliveries()[0].id, done_at=clock.now())
        raise ConnectionError

    wiring.send(rang, send)
    record(rang(number=1))
    (row,) = deliveries()
    assert row.done_at is not None
    assert row.last_error is None


def test_timers_fire_in_their_order_when_the_clock_is_moved(record, wiring, rang, deliveries, heard, hear):
    wiring.write(rang, hear)
    start = clock.now()
    for hours in (30, 10, 20, 50, 40):
        record(rang(number=hours), due_at=start + timedelta(hours=hours))
    assert (relay.sweep(), heard) == (0, [])
    clock.advance(35 * 3600)
    assert (relay.sweep(), heard) == (3, [10, 20, 30])
    clock.advance(24 * 3600)
    assert (relay.sweep(limit=1), heard) == (1, [10, 20, 30, 40])
    assert (relay.sweep(), heard) == (1, [10, 20, 30, 40, 50])


def test_a_timer_that_sets_another_is_followed_at_once_when_that_is_due_too(wiring, rang, record):
    heard = []

    def hear(fact):
        heard.append(fact.number)
        if fact.number < 5:
            with unit_of_work() as unit:
                unit.record(rang(number=fact.number + 1), due_at=clock.now())

    wiring.write(rang, hear)
    record(rang(number=1), due_at=clock.now() + timedelta(hours=1))
    clock.advance(3601)
    assert relay.sweep() == 5
    assert heard == [1, 2, 3, 4, 5]


def test_a_job_waits_for_a_worker(record, wiring, rang, heard, hear):
    wiring.job(rang, hear)
    record(rang(number=1))
    assert heard == []
    (job,) = jobs.queue.get_jobs()
    assert (job.func(), job.func()) == (1, 0)
    assert heard == [1]


def test_one_worker_is_called_for_many_jobs_and_anew_for_what_comes_after_it_began(
    record, wiring, rang, heard, hear
):
    wiring.job(rang, hear)
    record(rang(number=1), rang(number=2))
    record(rang(number=3))
    (job,) = jobs.queue.get_jobs()
    jobs.queue.empty()
    job.func()
    record(rang(number=4))
    assert heard == [1, 2, 3]
    assert len(jobs.queue.get_jobs()) == 1


def test_a_worker_with_much_to_do_calls_another(record, wiring, rang, heard, hear):
    wiring.job(rang, hear)
    record(*(rang(number=number) for number in range(relay.CALL_ANOTHER_AFTER + 1)))
    jobs.queue.empty()
    assert relay.sweep() == relay.CALL_ANOTHER_AFTER + 1
    assert len(jobs.queue.get_jobs()) == 1


def test_a_worker_that_has_worked_long_lets_another_go_on(record, wiring, rang, monkeypatch, heard, hear):
    monkeypatch.setattr(relay, "SWEEP_S", -1)
    wiring.job(rang, hear)
    record(rang(number=1), rang(number=2))
    jobs.queue.empty()
    assert (relay.sweep(), heard) == (1, [1])
    assert len(jobs.queue.get_jobs()) == 1


def test_what_a_commit_hands_over_is_carried_out_by_others_after_its_lease(
    record, wiring, rang, monkeypatch, change_delivery, heard, hear
):
    wiring.write(rang, hear)
    with monkeypatch.context() as patch:
        # as if the process had been killed right after the commit
        patch.setattr(relay, "_hand_over", lambda due, for_worker: None)
        (delivery_id,) = record(rang(number=1))
    assert (relay.sweep(), heard) == (0, [])
    change_delivery(delivery_id, claimed_until=clock.real_now())
    assert (relay.sweep(), heard) == (1, [1])


def test_what_was_sent_is_noted_with_the_rows_that_are_written_next(
    record, wiring, rang, deliveries, heard, hear
):
    wiring.send(rang, hear)
    wiring.write(rang, write_row)
    with counted_queries() as queries:
        record(rang(number=1))
    assert all(row.done_at and row.attempts == 1 for row in deliveries())
    assert sum("done_at" in query for query in queries) == 1


def test_what_was_sent_stays_so_when_the_rows_fail(record, wiring, rang, deliveries, heard, hear):
    def fail(fact):
        raise ZeroDivisionError

    wiring.send(rang, hear)
    wiring.write(rang, fail)
    record(rang(number=1))
    assert [row.done_at is None for row in deliveries()] == [False, True]


def test_a_job_is_found_by_the_sweep_when_redis_is_away(record, wiring, rang, redis_away, heard, hear):
    wiring.job(rang, hear)
    record(rang(number=1))
    assert heard == []
    assert relay.sweep() == 1
    assert heard == [1]


def test_a_commit_stands_when_not_even_the_failure_of_a_reaction_can_be_kept(
    record, wiring, rang, monkeypatch, change_delivery, heard
):
    def hear_the_second_time(fact):
        heard.append(fact.number)
        if len(heard) == 1:
            raise ConnectionError

    def unreachable(delivery_id, error):
        raise ConnectionError(error)

    wiring.write(rang, hear_the_second_time)
    with monkeypatch.context() as patch:
        patch.setattr(relay, "_postpone", unreachable)
        (delivery_id,) = record(rang(number=1))
    assert heard == [1]
    change_delivery(delivery_id, claimed_until=clock.real_now())
    assert relay.sweep() == 1
    assert heard == [1, 1]


def test_a_reaction_that_the_wiring_no_longer_has_waits_for_its_return(
    record, wiring, rang, deliveries, heard, hear
):
    wiring.write(rang, hear)
    record(rang(number=1), due_at=clock.now())
    wiring.clear()
    assert relay.sweep() == 1
    assert deliveries()[0].last_error.startswith("no such reaction: kernel.hear")
    wiring.write(rang, hear)
    clock.advance(6)
    assert relay.sweep() == 1
    assert heard == [1]


def test_a_sweep_does_not_wait_for_what_another_process_is_writing(record, wiring, rang):
    wiring.write(rang, write_row)
    (delivery_id,) = record(rang(number=1), due_at=clock.now())
    with database.engine.begin() as other:
        other.execute(
            sa.text("SELECT 1 FROM outbox_deliveries WHERE id = :id FOR UPDATE"), {"id": delivery_id}
        )
        assert relay.sweep() == 0
    assert relay.sweep() == 1
    assert count_rows() == 1


def test_a_sweep_takes_up_no_more_than_it_is_asked(record, wiring, rang, heard, hear):
    wiring.write(rang, hear)
    record(*(rang(number=number) for number in range(7)), due_at=clock.now())
    assert relay.sweep(limit=3) == 3
    assert relay.backlog()["waiting"] == 4
    assert relay.sweep() == 4
    assert heard == list(range(7))


def test_the_backlog_counts_what_waits_is_late_and_fails(record, wiring, rang):
    def fail(fact):
        raise ConnectionError

    def hear(fact):
        pass

    wiring.send(rang, fail)
    wiring.job(rang, hear)
    record(rang(number=1))
    assert relay.backlog() == {"waiting": 2, "late": 0, "failing": 1}
    clock.advance(61)
    assert relay.backlog() == {"waiting": 2, "late": 1, "failing": 1}
    clock.advance(10)
    assert relay.backlog() == {"waiting": 2, "late": 2, "failing": 1}
