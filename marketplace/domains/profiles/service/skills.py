"""What a person is good at."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import Skill
from marketplace.domains.profiles.events import SkillsReplaced
from marketplace.domains.profiles.models import PersonSkill
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def replace_skills(*, actor: Person, skill_ids: Collection[int]) -> Sequence[Skill]:
    """Let the actor have these skills and no others; refuses an unknown one, and then changes nothing."""
    with unit_of_work() as unit:
        accounts.keep(actor)
        skills = catalog.get_skills(skill_ids)
        lock_profile(unit, actor.id)
        write_skills(unit, actor.id, skills)
    return skills


def write_skills(unit: UnitOfWork, person_id: int, skills: Sequence[Skill]) -> None:
    """Let somebody have these skills in this order and no others; the caller holds the profile's lock."""
    unit.session.execute(delete(PersonSkill).where(PersonSkill.person_id == person_id))
    rows = [
        {"person_id": person_id, "skill_id": skill.id, "place": place} for place, skill in enumerate(skills)
    ]
    if rows:
        unit.session.execute(insert(PersonSkill), rows)
    unit.record(SkillsReplaced(person_id=person_id))
