"""`flask worker` and `flask scheduler`: the processes beside the web server."""

import logging

import click
from rq import Worker
from rq.cron import CronScheduler
from rq.logutils import setup_loghandlers

from marketplace.domains.files import public as files
from marketplace.domains.recommendations import public as recommendations
from marketplace.kernel import housekeeping, relay
from marketplace.kernel.jobs import QUEUE, jobs

SWEEP_EVERY_S = 5
TIDY_EVERY_S = 3600
LOOK_FOR_ORPHANS_EVERY_S = 6 * 3600
REFRESH_EVERY_S = 3600
LONG_JOB_S = 300


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
    for function, every_s in (
        (relay.sweep, SWEEP_EVERY_S),
        (housekeeping.tidy, TIDY_EVERY_S),
        (files.sweep_orphans, LOOK_FOR_ORPHANS_EVERY_S),
        (recommendations.refresh, REFRESH_EVERY_S),
    ):
        # what no worker has begun by the next time is dropped, so that nothing piles up
        cron.register(function, QUEUE, interval=every_s, ttl=every_s, job_timeout=LONG_JOB_S, result_ttl=60)
    cron.start()  # type: ignore[no-untyped-call]  # RQ leaves it without annotations
