"""Skills, services, preferences and onboarding as MultiTask shows and takes them."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

import msgspec
from marshmallow import fields, post_load, validate

from marketplace.api.fields import Amount, Choice, Flag, Identifier, Text
from marketplace.api.multitask.dialect import CURRENCY, Decimal, Input, Timestamp, timestamp
from marketplace.api.multitask.schemas.people import take_role_changes
from marketplace.api.multitask.schemas.tasks import CategoryOut
from marketplace.domains.accounts.public import AccountChanges
from marketplace.domains.catalog.public import Category, ServiceOffering, Skill
from marketplace.domains.profiles.public import Changes, Introduced, Introduction, Place, Preferences
from marketplace.kernel.money import MAX_MINOR, Money

MOST_CHOICES = 500
MOST_CITIES = 20
Ids = Annotated[list[int], msgspec.Meta(examples=[[1, 2, 3]])]
_NAMES = {
    "preferred_categories": "category_ids",
    "service_offerings": "offering_ids",
    "preferred_cities": "cities",
    "min_budget": "min_budget",
    "max_budget": "max_budget",
}


class SkillOut(msgspec.Struct, kw_only=True, frozen=True):
    """Something that people are good at."""

    id: Annotated[int, msgspec.Meta(examples=[1])]
    name: Annotated[str, msgspec.Meta(examples=["House cleaning"])]
    category: Annotated[int | None, msgspec.Meta(examples=[1])]

    @classmethod
    def of(cls, skill: Skill) -> "SkillOut":
        """A skill of the catalogue."""
        return cls(id=skill.id, name=skill.name, category=skill.category_id)


class SkillsOut(msgspec.Struct, kw_only=True, frozen=True):
    """All the skills that somebody has."""

    skills: list[SkillOut]

    @classmethod
    def of(cls, skills: Sequence[Skill]) -> "SkillsOut":
        """Somebody's skills."""
        return cls(skills=[SkillOut.of(skill) for skill in skills])


class ServiceOfferingOut(msgspec.Struct, kw_only=True, frozen=True):
    """A kind of service, with its category."""

    id: Annotated[int, msgspec.Meta(examples=[1])]
    name: Annotated[str, msgspec.Meta(examples=["Regular home cleaning"])]
    description: str
    category: CategoryOut

    @classmethod
    def of(cls, offering: ServiceOffering, category: Category, open_count: int) -> "ServiceOfferingOut":
        """A kind of service of the catalogue."""
        return cls(
            id=offering.id,
            name=offering.name,
            description=offering.description,
            category=CategoryOut.of(category, open_count),
        )


class RecommendationPreferencesOut(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody looks for; an empty list and a budget of null want anything."""

    preferred_categories: Ids
    preferred_cities: Annotated[list[str], msgspec.Meta(examples=[["Cairo"]])]
    task_types: list[Literal["physical", "digital"]]
    min_budget: Decimal | None
    max_budget: Decimal | None
    service_offerings: Ids

    @classmethod
    def of(cls, preferences: Preferences) -> "RecommendationPreferencesOut":
        """Somebody's preferences."""
        return cls(
            preferred_categories=list(preferences.category_ids),
            preferred_cities=list(preferences.cities),
            task_types=[place.value for place in preferences.places],
            min_budget=_decimal(preferences.min_budget),
            max_budget=_decimal(preferences.max_budget),
            service_offerings=list(preferences.offering_ids),
        )


class OnboardedOut(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody has told of themselves."""

    completed: bool
    completed_at: Timestamp
    preferences: RecommendationPreferencesOut
    skills: list[SkillOut]

    @classmethod
    def of(cls, introduced: Introduced) -> "OnboardedOut":
        """An introduction that was just stored."""
        return cls(
            completed=True,
            completed_at=timestamp(introduced.completed_at),
            preferences=RecommendationPreferencesOut.of(introduced.preferences),
            skills=[SkillOut.of(skill) for skill in introduced.skills],
        )


class OnboardingStatus(msgspec.Struct, kw_only=True, frozen=True):
    """Whether somebody has been through the onboarding, and what is still empty."""

    completed: bool
    completed_at: Timestamp | None
    missing: list[Literal["skills", "preferred_categories"]]

    @classmethod
    def of(cls, introduction: Introduction) -> "OnboardingStatus":
        """How far somebody has come."""
        completed_at = introduction.completed_at
        return cls(
            completed=completed_at is not None,
            completed_at=timestamp(completed_at) if completed_at else None,
            missing=[part.value for part in introduction.missing],
        )


def _ids(**options: Any) -> fields.List[int]:
    options.setdefault("metadata", {"example": [1, 2, 3]})
    return fields.List(Identifier(), validate=validate.Length(max=MOST_CHOICES), **options)


class SkillsIn(Input):
    """All the skills that one has; none, to have none."""

    skills = _ids(required=True)

    @post_load
    def make(self, data: dict[str, list[int]], **_: object) -> list[int]:
        """The ids."""
        return data["skills"]


class _Preferences(Input):
    preferred_categories = _ids()
    preferred_cities = fields.List(
        Text(most=100), validate=validate.Length(max=MOST_CITIES), metadata={"example": ["Cairo"]}
    )
    task_types = fields.List(
        Choice([str(place) for place in Place]),
        validate=validate.Length(max=MOST_CHOICES),
        metadata={"example": ["physical"]},
    )
    min_budget = Amount(
        currency=CURRENCY, zero=True, most_minor=MAX_MINOR, allow_none=True, metadata={"example": "20.00"}
    )
    max_budget = Amount(
        currency=CURRENCY, zero=True, most_minor=MAX_MINOR, allow_none=True, metadata={"example": "500.00"}
    )
    service_offerings = _ids()


class RecommendationPreferencesIn(_Preferences):
    """What one looks for: what is left out stays, a budget of null is no longer set."""

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Changes:
        """The changes that the domain knows."""
        return _changes(data)


class IntroductionIn(_Preferences):
    """Whatever one tells of oneself at the start: what one is, skills, preferences, one's city."""

    user_type = Choice(["client", "freelancer", "both"], metadata={"example": "both"})
    is_client = Flag(metadata={"example": True})
    is_freelancer = Flag(metadata={"example": True})
    skills = _ids()
    city = Text(most=100, metadata={"example": "Cairo"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What the domain takes; the city is the only one preferred, unless several are named."""
        account = AccountChanges(roles=take_role_changes(data), city=data.get("city"))
        if "city" in data:
            data.setdefault("preferred_cities", [data["city"]])
        return {"account": account, "skill_ids": data.get("skills"), "changes": _changes(data)}


def _changes(data: dict[str, Any]) -> Changes:
    named = {ours: data[theirs] for theirs, ours in _NAMES.items() if theirs in data}
    if "task_types" in data:
        named["places"] = [Place(kind) for kind in data["task_types"]]
    return cast("Changes", named)


def _decimal(budget: Money | None) -> str | None:
    return None if budget is None else str(budget)
