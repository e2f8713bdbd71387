"""Jobs: hints to the workers."""

import pytest
from redis import RedisError

from marketplace.kernel.jobs import QUEUE, Jobs, enqueue, jobs
from marketplace.kernel.settings import Settings


def work(*, number):
    return number


@pytest.fixture
def redis_away(app):
    jobs.configure(Settings(redis_url="redis://127.0.0.1:1/0"))
    yield
    jobs.configure(app.config["SETTINGS"])


def test_a_job_carries_its_ids_by_name_and_does_not_stay_for_ever(app):
    enqueue(work, number=7)
    (job,) = jobs.queue.get_jobs()
    assert (job.func(**job.kwargs), job.origin) == (7, QUEUE)
    assert 0 < job.timeout < 60
    assert 0 < job.result_ttl < 3600
    assert 0 < job.failure_ttl < 3600


def test_a_hint_that_cannot_be_given_is_no_failure(redis_away):
    with pytest.raises(RedisError):
        jobs.redis.ping()
    enqueue(work, number=7)


def test_without_an_address_there_is_no_queue():
    with pytest.raises(RuntimeError, match="REDIS_URL is not set"):
        Jobs().configure(Settings())
    with pytest.raises(RuntimeError, match="not configured"):
        _ = Jobs().queue
