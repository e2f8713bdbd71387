"""What listings speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from marketplace.kernel.money import Money


class Kind(StrEnum):
    """What sort of listing it is."""

    TASK = "task"  # work that a client wants done, and that freelancers offer a price for
    GIG = "gig"  # work that a freelancer offers at a price, over and over
    PROPOSAL = "proposal"  # a client's project within a budget, for which freelancers apply


class Status(StrEnum):
    """Where a listing stands; nobody is shown a deleted one."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


class Place(StrEnum):
    """Whether the work needs somebody to be there."""

    PHYSICAL = "physical"
    DIGITAL = "digital"


class Order(StrEnum):
    """How a list is ordered; ids break ties."""

    OLDEST = "created_at"
    NEWEST = "-created_at"
    CHEAPEST = "budget"
    DEAREST = "-budget"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A listing as its owner describes it; without a `price_max` the price is one and not a range."""

    kind: Kind
    title: str
    description: str
    category_id: int
    price: Money
    price_max: Money | None = None
    place: Place = Place.PHYSICAL
    city: str = ""
    address: str = ""
    deadline: date | None = None
    days: int | None = None
    revisions: int | None = None
    scope: str = ""
    is_urgent: bool = False
    is_featured: bool = False
    is_active: bool = True
    skills: Sequence[str] = ()


class Changes(TypedDict, total=False):
    """What is to be otherwise in a listing; what is not named stays."""

    title: str
    description: str
    category_id: int
    price: Money
    price_max: Money
    place: Place
    city: str
    address: str
    deadline: date | None
    days: int
    revisions: int
    scope: str
    is_urgent: bool
    is_featured: bool
    is_active: bool
    skills: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A listing, priced from `price` to `price_max`, which are the same where it has one price.

    `days` is how long the work takes. The address is for its two sides alone. One that is not active is seen
    by its owner alone, and what the owner calls featured has no effect.
    """

    id: int
    kind: Kind
    owner_id: int
    assignee_id: int | None
    title: str
    description: str
    category_id: int
    price: Money
    price_max: Money
    place: Place
    city: str
    address: str
    deadline: date | None
    days: int | None
    revisions: int | None
    scope: str
    is_urgent: bool
    is_featured: bool
    is_active: bool
    picture_id: int | None
    status: Status
    deals_count: int
    created_at: datetime
    updated_at: datetime

    @property
    def subject(self) -> str:
        """How rooms and holds name it: `task:42`."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many listings stand where."""

    open: int
    in_progress: int
    completed: int
    cancelled: int

    @property
    def total(self) -> int:
        """How many there are in all."""
        return self.open + self.in_progress + self.completed + self.cancelled


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word that is searched for, in small letters without accents; `parts` are its runs of letters.

    `holding` are the known words that contain it, where it is one run of letters and they are not too many.
    """

    form: str
    parts: tuple[str, ...]
    holding: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Saved:
    """That somebody saved a listing, and when."""

    person_id: int
    listing_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which listings of a kind are wanted; `None` and `()` want all.

    A price is wanted where its range meets the one that is asked for, and skills by a part of one of their
    names. `is_broad` also looks for words among the names of skills and categories.
    """

    kind: Kind = Kind.TASK
    status: Status | None = None
    category_id: int | None = None
    words: tuple[str, ...] = ()
    city: str | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    most_days: int | None = None
    skills: tuple[str, ...] = ()
    involving: int | None = None
    owner_id: int | None = None
    is_active: bool | None = None
    is_broad: bool = False
    order: Order = Order.NEWEST
