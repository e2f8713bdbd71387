"""What a person is good at."""

from collections.abc import Collection, Sequence

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import Skill
from marketplace.domains.profiles.events import SkillsReplaced
from marketplace.domains.profiles.models import PersonSkill
from marketplace.domains.profiles.service.profile import lock_profile, replace_links
from marketplace.kernel.unit_of_work import unit_of_work


def replace_skills(*, actor: Person, skill_ids: Collection[int]) -> Sequence[Skill]:
    """Let the actor have these skills and no others; refuses an unknown one, and then changes nothing."""
    with unit_of_work() as unit:
        accounts.keep(actor)
        skills = catalog.get_skills(skill_ids)
        lock_profile(unit, actor.id)
        replace_links(unit, PersonSkill.skill_id, actor.id, [skill.id for skill in skills])
        unit.record(SkillsReplaced(person_id=actor.id))
    return skills
