"""What profiles speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, TypedDict

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
class Conditions:
    """Where and for how much somebody works; whoever has said nothing works anywhere for anything."""

    cities: Sequence[str] = ()
    places: Sequence[Place] = ()
    min_budget: Money | None = None
    max_budget: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Preferences(Conditions):
    """What somebody looks for; whoever has said nothing looks for anything."""

    category_ids: Sequence[int] = ()
    offering_ids: Sequence[int] = ()


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


class Proof(StrEnum):
    """What the house looks at to know who somebody is; whether an address is proven, accounts know."""

    PHONE = "phone"
    ID = "id"
    VIDEO = "video"


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


class Holder(NamedTuple):
    """Something that has a file, known by its id or by what tells it from others."""

    id: int | None
    key: tuple[object, ...]
    file_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Employment:
    """Work that somebody has done, or still does."""

    role: str
    company: str
    start_date: date
    end_date: date | None = None
    description: str = ""
    is_ongoing: bool = False


class FreelancerValues(TypedDict, total=False):
    """The plain values of a freelancer's profile; what is not named stays."""

    age: int | None
    is_available: bool
    github_url: str | None
    linkedin_url: str | None
    twitter_url: str | None
    facebook_url: str | None
    instagram_url: str | None


class ClientValues(TypedDict, total=False):
    """The plain values of a client's profile; what is not named stays."""

    account_type: AccountType
    company_name: str
    company_description: str
    industry: str
    company_size: str
    website: str | None
    project_types: str
    budget_range: str
    project_frequency: str
    preferred_communications: str
    working_hours: str
    business_goals: str
    current_challenges: str
    previous_experiences: str
    expected_timeline: str
    quality_importance: str
    payment_method: str
    payment_timing: str
    monthly_budget: Money | None
    project_budget: Money | None


@dataclass(frozen=True, kw_only=True)
class Education:
    """Where somebody learned."""

    id: int
    college: str
    degree: str
    start_year: int
    end_year: int | None
    certificate_id: int | None


@dataclass(frozen=True, kw_only=True)
class Experience:
    """What somebody has worked as."""

    id: int
    role: str
    company: str
    start_date: date
    end_date: date | None
    description: str
    is_ongoing: bool
    certificate_id: int | None


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language that somebody speaks."""

    id: int
    name: str
    proficiency: str


@dataclass(frozen=True, kw_only=True)
class Member:
    """Who has a profile: what they are in whatever role; `picture` is a path here or an address elsewhere."""

    id: int
    person_id: int
    name: str
    first_name: str
    last_name: str
    country: str
    location: str
    picture: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class Freelancer(Member):
    """Somebody who works, as far as it fits in a row."""

    about: str
    title: str
    age: int | None
    is_available: bool
    github_url: str | None
    linkedin_url: str | None
    twitter_url: str | None
    facebook_url: str | None
    instagram_url: str | None
    email_verified: bool
    phone_verified: bool
    id_verified: bool
    video_verified: bool


@dataclass(frozen=True, kw_only=True)
class Client(Member):
    """Somebody who has work done."""

    account_type: AccountType
    company_name: str
    company_description: str
    industry: str
    company_size: str
    website: str | None
    project_types: str
    budget_range: str
    project_frequency: str
    preferred_communications: str
    working_hours: str
    business_goals: str
    current_challenges: str
    previous_experiences: str
    expected_timeline: str
    quality_importance: str
    payment_method: str
    payment_timing: str
    monthly_budget: Money | None
    project_budget: Money | None


class Order(StrEnum):
    """How profiles are listed; those that are equal go by their ids."""

    NEWEST = "newest"
    OLDEST = "oldest"
    COMPANY = "company"


@dataclass(frozen=True, kw_only=True)
class FreelancerFilters:
    """Which freelancers are wanted: all that is said holds, whatever the case; each word occurs somewhere."""

    words: Sequence[str] = ()
    location: str | None = None
    skill: str | None = None
    is_available: bool | None = None
    order: Order = Order.NEWEST


@dataclass(frozen=True, kw_only=True)
class ClientFilters:
    """Which clients are wanted: all that is said holds, whatever the case; each word occurs somewhere."""

    words: Sequence[str] = ()
    country: str | None = None
    location: str | None = None
    industry: str | None = None
    order: Order = Order.NEWEST
