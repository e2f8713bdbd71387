"""What listings speaks of."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from marketplace.kernel.money import Money


class Kind(StrEnum):
    """What sort of listing it is."""

    TASK = "task"


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
    """A listing as its owner describes it."""

    title: str
    description: str
    category_id: int
    price: Money
    place: Place = Place.PHYSICAL
    city: str = ""
    address: str = ""
    deadline: date | None = None


class Changes(TypedDict, total=False):
    """What is to be otherwise in a listing; what is not named stays."""

    title: str
    description: str
    category_id: int
    price: Money
    place: Place
    city: str
    address: str
    deadline: date | None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A listing. `price` is what the owner would pay; the address is for its two sides alone."""

    id: int
    kind: Kind
    owner_id: int
    assignee_id: int | None
    title: str
    description: str
    category_id: int
    price: Money
    place: Place
    city: str
    address: str
    deadline: date | None
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
    """A word that is searched for, in small letters without accents; `parts` are its runs of letters."""

    form: str
    parts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Saved:
    """That somebody saved a listing, and when."""

    person_id: int
    listing_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which listings are wanted; `None` and `()` want all."""

    status: Status | None = None
    category_id: int | None = None
    words: tuple[str, ...] = ()
    city: str | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    involving: int | None = None
    order: Order = Order.NEWEST
