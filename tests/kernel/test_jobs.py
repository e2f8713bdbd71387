"""Jobs: hints to the workers."""

import pytest

from marketplace.kernel.jobs import QUEUE, Jobs, enqueue, jobs
from marketplace.kernel.settings import Settings


def work():
    return 7


def test_a_job_does_not_stay_for_ever(app):
    enqueue(work)
    (job,) = jobs.queue.get_jobs()
    assert (job.func(), job.origin) == (7, QUEUE)
    assert 0 < job.timeout < 60
    assert 0 < job.result_ttl < 3600
    assert 0 < job.failure_ttl < 3600


def test_without_an_address_there_is_no_queue():
    with pytest.raises(RuntimeError, match="REDIS_URL is not set"):
        Jobs().configure(Settings())
    with pytest.raises(RuntimeError, match="not configured"):
        _ = Jobs().queue
