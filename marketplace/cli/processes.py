"""`flask worker` and `flask scheduler`: the processes beside the web server."""

import logging

import click
from rq import Worker
from rq.cron import CronScheduler
from rq.logutils import setup_loghandlers

from marketplace.kernel import housekeeping, relay
from marketplace.kernel.jobs import QUEUE, jobs

SWEEP_EVERY_S = 5
TIDY_EVERY_S = 3600


@click.command("worker")
@click.option("--burst", is_flag=True, help="End when the queue is empty instead of waiting for more.")
def worker(*, burst: bool) -> None:
    """Carry out jobs: mails, payouts, what a killed process left undone.

    The application is loaded once; each job runs in a forked child of its own, so that one that dies takes
    nothing with it. Start as many workers as the load needs.
    """
    setup_loghandlers("WARNING")
    Worker([jobs.queue], connection=jobs.redis).work(burst=burst, logging_level="WARNING")


@click.command("scheduler")
def scheduler() -> None:
    """Ask the workers, by RQ's own cron, to look for what is due. Start one."""
    setup_loghandlers("WARNING")
    cron = CronScheduler(connection=jobs.redis, logging_level=logging.WARNING)
    # a sweep that no worker has begun by the next one is dropped, so that none pile up
    cron.register(
        relay.sweep, QUEUE, interval=SWEEP_EVERY_S, ttl=SWEEP_EVERY_S, job_timeout=300, result_ttl=60
    )
    cron.register(
        housekeeping.tidy, QUEUE, interval=TIDY_EVERY_S, ttl=TIDY_EVERY_S, job_timeout=300, result_ttl=60
    )
    cron.start()  # type: ignore[no-untyped-call]  # RQ leaves it without annotations
