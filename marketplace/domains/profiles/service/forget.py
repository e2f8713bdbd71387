"""Forgetting somebody who has deleted their account."""

from sqlalchemy import delete, select

from marketplace.domains.files import public as files
from marketplace.domains.profiles.models import (
    PersonCategory,
    PersonOffering,
    PersonSkill,
    PortfolioItem,
    ProfileRow,
)
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.kernel.unit_of_work import unit_of_work


def forget_person(*, person_id: int) -> None:
    """Delete somebody's profile, portfolio and pictures; joins an open unit of work."""
    with unit_of_work() as unit:
        avatar_id = lock_profile(unit, person_id).avatar_file_id
        theirs = PortfolioItem.owner_id == person_id
        pictures = unit.session.scalars(select(PortfolioItem.file_id).where(theirs)).all()
        unit.session.execute(delete(PortfolioItem).where(theirs))
        for table in (PersonSkill, PersonCategory, PersonOffering, ProfileRow):
            unit.session.execute(delete(table).where(table.person_id == person_id))
        files.discard([file_id for file_id in (avatar_id, *pictures) if file_id is not None])
