"""Introducing oneself: skills and preferences in one go."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.domains.accounts.public import Person
from marketplace.domains.catalog.public import Skill
from marketplace.domains.profiles import queries
from marketplace.domains.profiles.service.prefer import change_preferences
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.domains.profiles.service.skills import replace_skills
from marketplace.domains.profiles.types import Changes, Preferences
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work


@dataclass(frozen=True, kw_only=True)
class Introduced:
    """What somebody has told of themselves by introducing themselves."""

    completed_at: datetime
    skills: Sequence[Skill]
    preferences: Preferences


def introduce(*, actor: Person, skill_ids: Collection[int] | None, changes: Changes) -> Introduced:
    """Store what the actor tells of themselves, all of it or nothing; what they leave out stays."""
    now = clock.now()
    with unit_of_work() as unit:
        if skill_ids is not None:
            replace_skills(actor=actor, skill_ids=skill_ids)
        preferences = change_preferences(actor=actor, changes=changes)
        lock_profile(unit, actor.id).introduced_at = now
        skills = queries.skills_of([actor.id])[actor.id]
    return Introduced(completed_at=now, skills=skills, preferences=preferences)
