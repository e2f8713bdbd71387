"""Forgetting somebody who has deleted their account."""

from itertools import chain

from sqlalchemy import delete

from marketplace.domains.files import public as files
from marketplace.domains.profiles.models import (
    ClientRow,
    EducationRow,
    ExperienceRow,
    FreelancerRow,
    LanguageRow,
    PersonCategory,
    PersonOffering,
    PersonSkill,
    PortfolioItem,
    ProfileRow,
)
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.kernel.unit_of_work import unit_of_work

_WITH_FILES = (
    (PortfolioItem, PortfolioItem.owner_id, PortfolioItem.file_id),
    (EducationRow, EducationRow.person_id, EducationRow.certificate_id),
    (ExperienceRow, ExperienceRow.person_id, ExperienceRow.certificate_id),
)
_OTHERS = (LanguageRow, FreelancerRow, ClientRow, PersonSkill, PersonCategory, PersonOffering)


def forget_person(*, person_id: int) -> None:
    """Delete somebody's profiles, portfolio, pictures and certificates; joins an open unit of work."""
    with unit_of_work() as unit:
        avatar_id = lock_profile(unit, person_id).avatar_file_id
        kept = [
            unit.session.scalars(delete(table).where(theirs == person_id).returning(file_id)).all()
            for table, theirs, file_id in _WITH_FILES
        ]
        for table in _OTHERS:
            unit.session.execute(delete(table).where(table.person_id == person_id))
        unit.session.execute(delete(ProfileRow).where(ProfileRow.person_id == person_id))
        files.discard({file_id for file_id in chain([avatar_id], *kept) if file_id is not None})
