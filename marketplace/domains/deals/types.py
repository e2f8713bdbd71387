"""What deals speaks of."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict

from marketplace.kernel.money import Money


class Kind(StrEnum):
    """What sort of deal it is."""

    APPLICATION = "application"  # a freelancer offers to do a task, at a price
    GIG_ORDER = "gig_order"  # a client orders a gig at its price
    PROPOSAL_ORDER = "proposal_order"  # a freelancer offers to do a project, within its budget


class Status(StrEnum):
    """Where a deal stands; nobody is shown a removed one."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    REMOVED = "removed"


class Side(StrEnum):
    """Which side of a task somebody is on."""

    OWNER = "owner"
    ASSIGNEE = "assignee"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What an applicant offers."""

    proposal: str
    price: Money
    duration: str = ""


@dataclass(frozen=True, kw_only=True)
class Deal:
    """A deal as it is stored.

    `title`, the price (a range from `price` to `price_max` where nothing more is agreed) and `days` are those
    of the day it was made: what the listing says later changes no deal. `proposal` is what was written to it.
    """

    id: int
    kind: Kind
    listing_id: int
    buyer_id: int
    seller_id: int
    title: str
    proposal: str
    price: Money
    price_max: Money
    days: int | None
    duration: str
    status: Status
    created_at: datetime
    updated_at: datetime

    @property
    def reference(self) -> str:
        """How holds and rooms name it: `application:12`."""
        return f"{self.kind}:{self.id}"


class ContractStatus(StrEnum):
    """Whether the two sides agree."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """How far the work of a contract has come."""

    DRAFT = "draft"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ContractTerms(TypedDict, total=False):
    """What a contract says; what is not named stays."""

    amount: Money
    deadline: date | None
    terms: str


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What one side of a deal offers the other to agree on."""

    id: int
    deal_id: int
    kind: Kind
    buyer_id: int
    seller_id: int
    maker_id: int
    amount: Money
    deadline: date | None
    terms: str
    status: ContractStatus
    stage: Stage
    created_at: datetime
    updated_at: datetime

    @property
    def reference(self) -> str:
        """How messages and payment requests name it: `contract:9`."""
        return f"contract:{self.id}"

    @property
    def deal_reference(self) -> str:
        """How rooms name its deal: `gig_order:27`."""
        return f"{self.kind}:{self.deal_id}"


@dataclass(frozen=True, kw_only=True)
class Involvement:
    """That somebody applied to a listing, when, and whether they were chosen."""

    person_id: int
    listing_id: int
    at: datetime
    was_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What came of somebody's work: their last ratings, whether any was done, when they last applied."""

    ratings_sum: int = 0
    ratings_count: int = 0
    has_completed: bool = False
    applied_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Review:
    """What one side says of the other, as it is stored."""

    id: int
    listing_id: int
    reviewer_id: int
    reviewee_id: int
    rating: int
    comment: str
    created_at: datetime
