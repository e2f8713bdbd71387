"""Weighing what may be recommended: what both directions have in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from marketplace.domains.catalog import public as catalog
from marketplace.domains.deals.public import Standing
from marketplace.domains.profiles.public import Conditions
from marketplace.domains.recommendations.types import (
    Evidence,
    Field,
    Fit,
    InCommon,
    Reputation,
    Source,
    Wishes,
)

T = TypeVar("T")
DAY_S = 86_400
MOST_NAMES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed(Generic[T]):
    """Something that was weighed: its score, 0 to 1, and what it is made of."""

    thing: T
    score: float
    evidence: Evidence
    fit: Fit


def wishes_of(city: str, conditions: Conditions) -> Wishes:
    """What somebody looks for who lives in a city."""
    return Wishes(
        homes=frozenset(home for home in (city, *conditions.cities) if home.strip()),
        lowest=conditions.min_budget,
        highest=conditions.max_budget,
        places=frozenset(str(place) for place in conditions.places),
    )


def reputation_of(standing: Standing) -> Reputation:
    """What was said of somebody."""
    return Reputation(ratings_sum=standing.ratings_sum, ratings_count=standing.ratings_count)


def days_between(earlier: datetime, later: datetime) -> float:
    """Days, with their fractions."""
    return (later - earlier).total_seconds() / DAY_S


def skill_names(shared: Iterable[InCommon]) -> Mapping[int, str]:
    """The names of the skills in what pairs have in common, by id."""
    ids = {
        skill
        for one in shared
        for (_, field), found in one.items()
        if field is Field.SKILL
        for skill in found
    }
    return {key: skill.name for key, skill in catalog.find_skills(ids).items()}


def category_names() -> Mapping[int, str]:
    """The names of the categories, by id."""
    return {key: category.name for key, category in catalog.categories().items()}


def names_of(shared: InCommon, skills: Mapping[int, str], categories: Mapping[int, str]) -> Mapping[str, str]:
    """The names of what two share, for a reason: what was said, and what was done beside it."""
    said = shared.get((Source.PROFILE, Field.SKILL), ())
    done = shared.get((Source.HISTORY, Field.SKILL), ())
    beside = [skill for skill in done if skill not in said] or done
    past_category = _first(shared.get((Source.HISTORY, Field.CATEGORY), ()), categories)
    return {
        "skills": " and ".join(skills[skill] for skill in said[:MOST_NAMES]),
        "past_skills": " and ".join(skills[skill] for skill in beside[:1]),
        "category": _first(shared.get((Source.PROFILE, Field.CATEGORY), ()), categories),
        "past_category": past_category,
        "past_tasks": f"{past_category} tasks" if past_category else "tasks",
    }


def rating_of(standing: Standing) -> str:
    """Somebody's mean rating, with one decimal."""
    return f"{standing.ratings_sum / max(1, standing.ratings_count):.1f}"


def _first(ids: Sequence[int], names: Mapping[int, str]) -> str:
    return names[ids[0]] if ids else ""
