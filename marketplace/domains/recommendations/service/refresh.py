"""Keeping the terms whole: what no fact told of, what has faded since, how common each term is."""

from collections.abc import Callable, Collection, Iterable
from datetime import timedelta

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

BATCH = 200
FADED_AFTER = timedelta(days=1)
MOST_FADED = 1000
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
    described, open_ids = queries.described_task_ids(), listings.open_ids()
    forget_tasks(described - open_ids)
    _in_batches(describe_tasks, open_ids - described)
    count_terms()
    known, freelancers = queries.described_freelancer_ids(), accounts.active_ids(role=Role.FREELANCER)
    faded = queries.faded_freelancer_ids(before=clock.now() - FADED_AFTER, most=MOST_FADED)
    _in_batches(describe_freelancers, {*freelancers - known, *known - freelancers, *faded})


def rebuild() -> tuple[int, int]:
    """Describe every open task and every freelancer anew; answers how many there are of each."""
    open_ids, freelancers = listings.open_ids(), accounts.active_ids(role=Role.FREELANCER)
    forget_tasks(queries.described_task_ids() - open_ids)
    for _ in range(2):
        # the first time over says how common each term is, which the second needs
        _in_batches(describe_tasks, open_ids)
        count_terms()
    _in_batches(describe_freelancers, freelancers | queries.described_freelancer_ids())
    return len(open_ids), len(freelancers)


def count_terms() -> None:
    """Count in how many open tasks each term stands."""
    with unit_of_work() as unit:
        unit.session.execute(delete(TermCount))
        unit.session.execute(_COUNT)


def _in_batches(describe: Callable[[Collection[int]], None], ids: Iterable[int]) -> None:
    ranked = sorted(ids)
    for start in range(0, len(ranked), BATCH):
        describe(ranked[start : start + BATCH])
