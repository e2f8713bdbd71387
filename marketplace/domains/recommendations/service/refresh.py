"""Keeping the terms whole: what no fact told of, what has faded since, how common each term is."""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from sqlalchemy import delete, text

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Role
from marketplace.domains.listings import public as listings
from marketplace.domains.recommendations import queries
from marketplace.domains.recommendations.models import TermCount
from marketplace.domains.recommendations.service.describe_freelancers import describe_freelancers
from marketplace.domains.recommendations.service.describe_tasks import describe_tasks, forget_tasks
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work

BATCH = 500
AT_ONCE = 2
SAMPLE = 50_000
FADED_AFTER = timedelta(days=1)
MOST_FADED = 1000
_FRESH_PLANS = text("SET LOCAL plan_cache_mode = force_custom_plan")
_COUNT = text(
    """
    INSERT INTO term_counts (field, term, tasks_count)
    SELECT field, term, count(*) FROM task_terms GROUP BY field, term
    UNION ALL SELECT 'word', '', count(*) FROM described_tasks
    ON CONFLICT (field, term) DO UPDATE SET tasks_count = excluded.tasks_count
    """
)


def refresh() -> None:
    """Describe what is not yet described and who has not been for a day, forget what is gone, count again."""
    _in_batches(forget_tasks, queries.closed_task_ids())
    _in_batches(describe_tasks, queries.undescribed_task_ids())
    count_terms()
    faded = queries.faded_freelancer_ids(before=clock.now() - FADED_AFTER, most=MOST_FADED)
    changed = {*queries.undescribed_freelancer_ids(), *queries.former_freelancer_ids(), *faded}
    _in_batches(describe_freelancers, changed)


def rebuild() -> tuple[int, int]:
    """Describe every open task and every freelancer anew; answers how many there are of each."""
    open_ids, freelancers = sorted(listings.open_ids()), accounts.active_ids(role=Role.FREELANCER)
    _in_batches(forget_tasks, queries.closed_task_ids())
    # the first time over says how common each term is, which the second needs
    for ids in (open_ids[:: 1 + len(open_ids) // SAMPLE], open_ids):
        _in_batches(describe_tasks, ids)
        count_terms()
    _in_batches(describe_freelancers, {*freelancers, *queries.former_freelancer_ids()})
    return len(open_ids), len(freelancers)


def count_terms() -> None:
    """Count in how many open tasks each term stands."""
    with unit_of_work() as unit:
        unit.session.execute(delete(TermCount))
        unit.session.execute(_COUNT)


def _in_batches(describe: Callable[[Collection[int]], None], ids: Iterable[int]) -> None:
    """Two at a time: while the database writes one, the texts of the next are read here."""
    ranked = sorted(ids)
    batches = [ranked[start : start + BATCH] for start in range(0, len(ranked), BATCH)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(partial(_with_fresh_plans, describe), batches))


def _with_fresh_plans(describe: Callable[[Collection[int]], None], ids: Collection[int]) -> None:
    """Describe some by plans for the tables as they are now: those of a moment ago may have been empty."""
    with unit_of_work() as unit:
        unit.session.execute(_FRESH_PLANS)
        describe(ids)
