"""The row that everything of one person hangs on."""

from collections.abc import Iterable

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.domains.profiles.models import ProfileRow
from marketplace.kernel.unit_of_work import UnitOfWork


def lock_profile(unit: UnitOfWork, person_id: int) -> ProfileRow:
    """A person's profile, made if need be and locked until the open unit of work ends."""
    unit.session.execute(insert_once(ProfileRow).values(person_id=person_id).on_conflict_do_nothing())
    return unit.session.get_one(ProfileRow, person_id, with_for_update=True, populate_existing=True)


def replace_links(
    unit: UnitOfWork, linked: InstrumentedAttribute[int], person_id: int, ids: Iterable[int]
) -> None:
    """Let a person be linked to these ids and no others; the caller holds the lock of the profile."""
    table = linked.class_
    unit.session.execute(delete(table).where(table.person_id == person_id))
    rows = [{"person_id": person_id, linked.key: chosen} for chosen in ids]
    if rows:
        unit.session.execute(insert(table), rows)
