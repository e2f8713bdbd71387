"""`flask outbox`, `flask worker` and `flask scheduler`."""

from datetime import timedelta

import pytest

from marketplace.cli import processes
from marketplace.domains.accounts.events import EmailVerified
from marketplace.domains.files import public as files
from marketplace.domains.recommendations import public as recommendations
from marketplace.kernel import housekeeping, relay
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.facts import reactions
from marketplace.kernel.jobs import enqueue, jobs
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.wiring import wire

# from Python 3.12 on, a fork beside other threads is warned of; a worker of its own has none
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.fixture
def wiring(app):
    reactions.clear()
    yield reactions
    wire(reactions)


def record(due_at=None):
    with unit_of_work() as unit:
        unit.record(EmailVerified(person_id=1), due_at=due_at)


def test_the_outbox_says_what_waits_and_relays_it(flask, wiring):
    heard = []

    def hear(fact):
        heard.append(fact.person_id)

    def fail(fact):
        raise ConnectionError

    wiring.job(EmailVerified, hear)
    wiring.send(EmailVerified, fail)
    record()
    assert flask("outbox", "status").output == "waiting: 2\nlate: 0\nfailing: 1\n"
    assert flask("outbox", "relay").output == "1 deliveries taken up.\n"
    assert heard == [1]
    assert flask("outbox", "status").output == "waiting: 1\nlate: 0\nfailing: 1\n"


def test_a_timer_is_relayed_when_it_is_due(flask, wiring):
    heard = []

    def hear(fact):
        heard.append(fact.person_id)

    wiring.write(EmailVerified, hear)
    record(due_at=clock.now() + timedelta(hours=1))
    assert flask("outbox", "relay").output == "0 deliveries taken up.\n"
    clock.advance(3601)
    assert flask("outbox", "relay").output == "1 deliveries taken up.\n"


def test_a_worker_does_what_is_queued_in_children_that_share_no_connection(flask, wiring):
    def hear(fact):
        database.engine.connect().close()

    wiring.job(EmailVerified, hear)
    for _ in range(3):
        record()
    # one worker is called, however many deliveries there are
    assert len(jobs.queue) == 1
    assert flask("worker", "--burst").exit_code == 0
    assert len(jobs.queue) == 0
    assert relay.backlog() == {"waiting": 0, "late": 0, "failing": 0}


def test_a_job_that_dies_takes_nothing_with_it(flask, wiring, monkeypatch):
    def hear(fact):
        raise SystemExit(3)

    wiring.job(EmailVerified, hear)
    record()
    enqueue(housekeeping.tidy)
    assert flask("worker", "--burst").exit_code == 0
    assert len(jobs.queue) == 0
    assert relay.backlog()["waiting"] == 1


def test_the_scheduler_asks_for_sweeps_and_tidying(flask, monkeypatch):
    started = []

    def start(cron):
        started.append(cron)

    monkeypatch.setattr(processes.CronScheduler, "start", start)
    assert flask("scheduler").exit_code == 0
    (cron,) = started
    regular = {
        relay.sweep: 5,
        housekeeping.tidy: 3600,
        files.sweep_orphans: 21_600,
        recommendations.refresh: 3600,
    }
    assert {job.func: job.interval for job in cron.get_jobs()} == regular
    cron.enqueue_jobs()
    assert {job.func for job in jobs.queue.get_jobs()} == set(regular)
    assert flask("worker", "--burst").exit_code == 0
    assert len(jobs.queue) == 0
