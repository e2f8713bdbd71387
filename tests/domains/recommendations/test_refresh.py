"""Keeping the terms whole."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from marketplace.domains.listings.models import ListingRow
from marketplace.domains.recommendations.models import DescribedTask, TaskTerm, TermCount
from marketplace.domains.recommendations.service import refresh
from marketplace.domains.recommendations.service.describe_tasks import describe_tasks, forget_tasks
from marketplace.kernel.reading import reading
from marketplace.kernel.unit_of_work import unit_of_work

TAP = {
    "title": "Fix a leaking tap",
    "description": "It drips.",
    "category": 4,
    "budget": "45.00",
    "task_type": "digital",
}


@pytest.fixture
def tasks(join):
    omar = join("omar", "client")
    return [omar.post("/api/tasks/create/", TAP).json["id"] for _ in range(5)]


def execute(*statements):
    with unit_of_work() as unit:
        for statement in statements:
            unit.session.execute(statement)


def stored(table):
    with reading() as connection:
        return sorted(set(connection.scalars(sa.select(table.task_id))))


def count_of(term):
    with reading() as connection:
        return connection.scalar(
            sa.select(TermCount.tasks_count).where(TermCount.field == "word", TermCount.term == term)
        )


def test_what_no_fact_told_of_is_made_up_for(tasks):
    untold, closed = tasks[0], tasks[1]
    execute(
        *(sa.delete(table).where(table.task_id == untold) for table in (DescribedTask, TaskTerm)),
        sa.update(ListingRow).where(ListingRow.id == closed).values(status="cancelled"),
    )
    refresh.refresh()
    left = [task_id for task_id in tasks if task_id != closed]
    assert stored(DescribedTask) == stored(TaskTerm) == left
    assert count_of("tap") == count_of("") == 4


def test_everything_is_made_anew_in_small_parts(tasks, monkeypatch):
    monkeypatch.setattr(refresh, "BATCH", 2)
    monkeypatch.setattr(refresh, "SAMPLE", 2)
    execute(sa.delete(DescribedTask), sa.delete(TaskTerm), sa.delete(TermCount))
    assert refresh.rebuild() == (5, 0)
    assert stored(DescribedTask) == stored(TaskTerm) == tasks
    assert count_of("tap") == count_of("") == 5


def test_a_part_that_fails_is_not_passed_over(tasks, monkeypatch):
    def fail(_ids):
        raise RuntimeError

    monkeypatch.setattr(refresh, "describe_tasks", fail)
    with pytest.raises(RuntimeError):
        refresh.rebuild()


def test_a_task_that_is_described_and_forgotten_at_once_leaves_all_or_nothing(tasks):
    with ThreadPoolExecutor(4) as threads:
        for _ in range(5):
            futures = [threads.submit(act, tasks) for act in (describe_tasks, forget_tasks) * 2]
            for future in futures:
                future.result()
            assert stored(DescribedTask) == stored(TaskTerm)
