"""Forgetting somebody who has deleted their account."""

from sqlalchemy import delete

from marketplace.domains.profiles.models import PersonCategory, PersonOffering, PersonSkill, ProfileRow
from marketplace.kernel.unit_of_work import unit_of_work


def forget_person(*, person_id: int) -> None:
    """Forget what somebody told of themselves; joins an open unit of work."""
    with unit_of_work() as unit:
        for table in (PersonSkill, PersonCategory, PersonOffering, ProfileRow):
            unit.session.execute(delete(table).where(table.person_id == person_id))
