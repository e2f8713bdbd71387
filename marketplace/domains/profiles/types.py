"""What profiles speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from marketplace.kernel.money import Money


class Place(StrEnum):
    """Where somebody likes to work."""

    PHYSICAL = "physical"
    DIGITAL = "digital"


class Missing(StrEnum):
    """What somebody has not yet told of themselves."""

    SKILLS = "skills"
    CATEGORIES = "preferred_categories"


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """What somebody looks for; whoever has said nothing looks for anything."""

    category_ids: Sequence[int] = ()
    offering_ids: Sequence[int] = ()
    cities: Sequence[str] = ()
    places: Sequence[Place] = ()
    min_budget: Money | None = None
    max_budget: Money | None = None


class Changes(TypedDict, total=False):
    """What is to be different: a preference that is not named stays; a budget of `None` is no longer set."""

    category_ids: Sequence[int]
    offering_ids: Sequence[int]
    cities: Sequence[str]
    places: Sequence[Place]
    min_budget: Money | None
    max_budget: Money | None


@dataclass(frozen=True, kw_only=True)
class Introduction:
    """How far somebody has come in introducing themselves."""

    completed_at: datetime | None
    missing: Sequence[Missing]


class AccountType(StrEnum):
    """Whether a client is a firm or a private person."""

    BUSINESS = "business"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is shown of a person beside what they offer, ask for or say; an id is that of a profile they have.

    `picture` is a path of this house, or an address elsewhere.
    """

    person_id: int
    name: str
    location: str
    picture: str | None
    freelancer_id: int | None
    title: str
    client_id: int | None
    company_name: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something that somebody shows of their work; `file_id` is its picture's."""

    id: int
    owner_id: int
    title: str
    description: str
    project_url: str
    file_id: int | None
    created_at: datetime
