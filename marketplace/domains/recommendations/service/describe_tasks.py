"""Describing open tasks: their terms are stored, so that nobody reads a text when somebody asks."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.listings import public as listings
from marketplace.domains.recommendations import rules
from marketplace.domains.recommendations.models import DescribedTask, TaskTerm
from marketplace.domains.recommendations.service.documents import documents_of, rarities_of
from marketplace.domains.recommendations.types import Term
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

_ADD = "COPY task_terms (task_id, field, term, weight) FROM STDIN (FORMAT binary)"
_TYPES = ["int8", "text", "text", "float8"]


def describe_tasks(task_ids: Collection[int]) -> None:
    """Store what these tasks are about as they stand now; what is not open is forgotten."""
    with unit_of_work() as unit:
        _lock(unit, task_ids)
        found = [task for task in listings.find_listings(task_ids).values() if listings.is_open(task)]
        documents = documents_of(found)
        rarities = rarities_of(documents.values())
        forget_tasks(set(task_ids) - documents.keys())
        unit.session.execute(delete(TaskTerm).where(TaskTerm.task_id.in_(documents)))
        _add(unit, {key: rules.task_terms(document, rarities) for key, document in documents.items()})


def forget_tasks(task_ids: Collection[int]) -> None:
    """Forget tasks that are no longer open."""
    if task_ids:
        with unit_of_work() as unit:
            # whoever describes one of them holds its row, and will have written its terms
            held = select(DescribedTask.task_id).where(DescribedTask.task_id.in_(task_ids))
            unit.session.execute(held.order_by(DescribedTask.task_id).with_for_update())
            for table in (DescribedTask, TaskTerm):
                unit.session.execute(delete(table).where(table.task_id.in_(task_ids)))


def _lock(unit: UnitOfWork, task_ids: Collection[int]) -> None:
    """One at a time describes a task, and reads it only then: the last to write has read the newest."""
    now = clock.now()
    rows = insert(DescribedTask).values([{"task_id": key, "described_at": now} for key in sorted(task_ids)])
    unit.session.execute(
        rows.on_conflict_do_update(
            index_elements=[DescribedTask.task_id], set_={"described_at": rows.excluded.described_at}
        )
    )


def _add(unit: UnitOfWork, described: Mapping[int, Collection[Term]]) -> None:
    cursor = unit.session.connection().connection.cursor()
    with cursor.copy(_ADD) as copy:
        copy.set_types(_TYPES)
        for key, terms in described.items():
            for term in terms:
                copy.write_row((key, term.field, term.name, term.weight))
