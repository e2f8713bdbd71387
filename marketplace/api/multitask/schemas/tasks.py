"""Tasks, applications and reviews as MultiTask shows and takes them."""

from datetime import date
from typing import Annotated, Any, Literal, cast

import msgspec
from marshmallow import ValidationError, fields, post_load, pre_load, validate

from marketplace.api.fields import Amount, Choice, Day, Flag, Identifier, Text
from marketplace.api.multitask.dialect import (
    CURRENCY,
    Decimal,
    Id,
    Input,
    Query,
    Timestamp,
    amount,
    timestamp,
)
from marketplace.api.multitask.schemas.payments import EscrowBrief
from marketplace.api.multitask.schemas.people import UserBrief
from marketplace.domains.catalog.public import Category
from marketplace.domains.deals.public import ApplicationView, ReviewView, Side, TaskView, Terms
from marketplace.domains.listings.public import Changes, Draft, Filters, Kind, Order, Place, Status, words_of
from marketplace.kernel.money import MAX_MINOR

TaskStatus = Literal["OPEN", "IN_PROGRESS", "COMPLETED", "CANCELLED"]
ApplicationStatus = Literal["pending", "accepted", "rejected"]
# The documents know three states of an application; what came of an accepted one is told by its task.
APPLICATION_STATUSES: dict[str, ApplicationStatus] = {
    "pending": "pending",
    "accepted": "accepted",
    "completed": "accepted",
    "rejected": "rejected",
    "cancelled": "rejected",
}
Text200 = Annotated[str, msgspec.Meta(examples=["Assemble a wardrobe"])]


class CategoryOut(msgspec.Struct, kw_only=True, frozen=True):
    """A kind of work, and how many tasks of it are open."""

    id: Annotated[int, msgspec.Meta(examples=[1])]
    name: Annotated[str, msgspec.Meta(examples=["Cleaning"])]
    slug: Annotated[str, msgspec.Meta(examples=["cleaning"])]
    description: str
    task_count: int

    @classmethod
    def of(cls, category: Category, open_count: int) -> "CategoryOut":
        """A category of the catalogue."""
        return cls(
            id=category.id,
            name=category.name,
            slug=category.slug,
            description=category.description,
            task_count=open_count,
        )


class TaskOut(msgspec.Struct, kw_only=True, frozen=True):
    """A task. What is for its two sides, or for somebody signed in, is left out for others."""

    id: Id
    task_id: Id
    title: Text200
    description: str
    category: Annotated[int, msgspec.Meta(examples=[1])]
    category_name: Annotated[str, msgspec.Meta(examples=["Handyman"])]
    budget: Decimal
    deadline: Annotated[date | None, msgspec.Meta(examples=["2024-12-31"])]
    city: Annotated[str, msgspec.Meta(examples=["Cairo"])]
    task_type: Literal["physical", "digital"]
    status: TaskStatus
    client: UserBrief
    freelancer: UserBrief | None
    applications_count: int
    is_overdue: bool
    created_at: Timestamp
    updated_at: Timestamp
    address: str | msgspec.UnsetType = msgspec.UNSET
    my_role: Literal["owner", "assignee"] | msgspec.UnsetType | None = msgspec.UNSET
    is_saved: bool | msgspec.UnsetType = msgspec.UNSET
    has_applied: bool | msgspec.UnsetType = msgspec.UNSET
    saved_at: Timestamp | msgspec.UnsetType = msgspec.UNSET
    escrow: EscrowBrief | msgspec.UnsetType | None = msgspec.UNSET

    @classmethod
    def of(cls, view: TaskView) -> "TaskOut":
        """A task as its viewer sees it."""
        listing = view.listing
        known = view.viewer_id is not None
        return cls(
            id=listing.id,
            task_id=listing.id,
            title=listing.title,
            description=listing.description,
            category=listing.category_id,
            category_name=view.category_name,
            budget=str(listing.price),
            deadline=listing.deadline,
            city=listing.city,
            task_type=_TYPES[listing.place],
            status=STATUSES[listing.status],
            client=UserBrief.of(view.owner),
            freelancer=UserBrief.of(view.assignee) if view.assignee else None,
            applications_count=listing.deals_count,
            is_overdue=view.is_overdue,
            created_at=timestamp(listing.created_at),
            updated_at=timestamp(listing.updated_at),
            address=listing.address if view.side else msgspec.UNSET,
            my_role=_SIDES[view.side] if known else msgspec.UNSET,
            is_saved=view.is_saved if known else msgspec.UNSET,
            has_applied=view.has_applied if known else msgspec.UNSET,
            saved_at=timestamp(view.saved_at) if view.saved_at else msgspec.UNSET,
            escrow=_escrow(view),
        )


STATUSES: dict[Status, TaskStatus] = {
    Status.OPEN: "OPEN",
    Status.IN_PROGRESS: "IN_PROGRESS",
    Status.COMPLETED: "COMPLETED",
    Status.CANCELLED: "CANCELLED",
}
_TYPES: dict[Place, Literal["physical", "digital"]] = {Place.PHYSICAL: "physical", Place.DIGITAL: "digital"}
# How the domain calls what the documents call otherwise.
_NAMES = {"category": "category_id", "budget": "price", "task_type": "place"}
_SIDES: dict[Side | None, Literal["owner", "assignee"] | None] = {
    None: None,
    Side.OWNER: "owner",
    Side.ASSIGNEE: "assignee",
}


def _escrow(view: TaskView) -> EscrowBrief | msgspec.UnsetType | None:
    if view.side is None:
        return msgspec.UNSET
    return EscrowBrief.of(view.hold) if view.hold else None


class ApplicationOut(msgspec.Struct, kw_only=True, frozen=True):
    """An application, under the names of both documents."""

    id: Id
    application_id: Id
    task: TaskOut
    task_id: Id
    freelancer: UserBrief
    proposal: Annotated[str, msgspec.Meta(examples=["I can deliver in 3 days"])]
    offered_price: Decimal
    bid_amount: Decimal
    estimated_duration: str
    status: ApplicationStatus
    created_at: Timestamp

    @classmethod
    def of(cls, view: ApplicationView) -> "ApplicationOut":
        """An application with its task and applicant."""
        deal = view.deal
        return cls(
            id=deal.id,
            application_id=deal.id,
            task=TaskOut.of(view.task),
            task_id=deal.listing_id,
            freelancer=UserBrief.of(view.seller),
            proposal=deal.proposal,
            offered_price=str(deal.price),
            bid_amount=str(deal.price),
            estimated_duration=deal.duration,
            status=APPLICATION_STATUSES[deal.status],
            created_at=timestamp(deal.created_at),
        )


class ReviewOut(msgspec.Struct, kw_only=True, frozen=True):
    """What one side of a task says of the other."""

    id: Id
    task_id: Id
    reviewer: UserBrief
    reviewee: UserBrief
    rating: Annotated[int, msgspec.Meta(ge=1, le=5, examples=[5])]
    comment: str
    created_at: Timestamp

    @classmethod
    def of(cls, view: ReviewView) -> "ReviewOut":
        """A review with its people."""
        return cls(
            id=view.review.id,
            task_id=view.review.listing_id,
            reviewer=UserBrief.of(view.reviewer),
            reviewee=UserBrief.of(view.reviewee),
            rating=view.review.rating,
            comment=view.review.comment,
            created_at=timestamp(view.review.created_at),
        )


class SavedOut(msgspec.Struct, kw_only=True, frozen=True):
    """Whether a task is saved, under both names."""

    task_id: Id
    saved: bool
    is_saved: bool
    detail: str

    @classmethod
    def of(cls, task_id: int, *, saved: bool) -> "SavedOut":
        """The state of one task."""
        detail = "Task saved." if saved else "Task not saved."
        return cls(task_id=task_id, saved=saved, is_saved=saved, detail=detail)


class _TaskFields(Input):
    """What an owner says of a task."""

    title = Text(most=200, required=True, metadata={"example": "Assemble a wardrobe"})
    description = Text(most=5000, required=True, metadata={"example": "Two doors, all parts are here."})
    category = Identifier(required=True, metadata={"example": 1})
    budget = amount(required=True, metadata={"example": "100.00"})
    deadline = Day(allow_none=True, metadata={"example": "2024-12-31"})
    city = Text(most=100, blank=True, metadata={"example": "Cairo"})
    address = Text(most=255, blank=True, metadata={"example": "12 Nile Street"})
    task_type = Choice(["physical", "digital"], metadata={"example": "physical"})


class TaskIn(_TaskFields):
    """A task as its owner describes it; a draft of the chatbot may have `null` for no city and no address."""

    city = Text(most=100, blank=True, allow_none=True, metadata={"example": "Cairo"})
    address = Text(most=255, blank=True, allow_none=True, metadata={"example": "12 Nile Street"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Draft:
        """The draft that the domain knows."""
        return Draft(
            kind=Kind.TASK,
            title=data["title"],
            description=data["description"],
            category_id=data["category"],
            price=data["budget"],
            deadline=data.get("deadline"),
            city=data.get("city") or "",
            address=data.get("address") or "",
            place=Place(data.get("task_type", "physical")),
        )


class TaskPutIn(_TaskFields):
    """An open task as it shall be; an optional field that is not sent stays as it is."""

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Changes:
        """The changes that the domain knows."""
        changes = {_NAMES.get(name, name): value for name, value in data.items()}
        if "place" in changes:
            changes["place"] = Place(changes["place"])
        return cast("Changes", changes)


class TaskPatchIn(TaskPutIn):
    """What shall be otherwise in an open task."""

    def __init__(self, **options: Any) -> None:
        """Need nothing."""
        super().__init__(**options, partial=True)


class TaskQuery(Query):
    """Which tasks are wanted."""

    status = Choice([str(status) for status in STATUSES.values()])
    category = Identifier()
    search = Text(most=200, blank=True)
    city = Text(most=100, blank=True)
    min_budget = Amount(currency=CURRENCY, zero=True, most_minor=MAX_MINOR)
    max_budget = Amount(currency=CURRENCY, zero=True, most_minor=MAX_MINOR)
    ordering = Text(most=64, blank=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Filters:
        """The filters that the domain knows; an unknown ordering is the default one."""
        order = data.get("ordering")
        return Filters(
            status=Status(data["status"].lower()) if "status" in data else None,
            category_id=data.get("category"),
            words=words_of(data.get("search", "")),
            city=data.get("city"),
            min_price_minor=data["min_budget"].minor if "min_budget" in data else None,
            max_price_minor=data["max_budget"].minor if "max_budget" in data else None,
            order=Order(order) if order in set(Order) else Order.NEWEST,
        )


class ApplyIn(Input):
    """An application in the words of either document: `offered_price` and `bid_amount` are one field."""

    proposal = Text(most=5000, required=True, metadata={"example": "I can deliver in 3 days"})
    offered_price = amount()
    bid_amount = amount(metadata={})
    estimated_duration = Text(most=100, blank=True, metadata={"example": "2 days"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Terms:
        """The terms that the domain knows."""
        prices = {data[name] for name in ("offered_price", "bid_amount") if name in data}
        if not prices:
            message = "This field is required."
            raise ValidationError(message, "offered_price")
        if len(prices) > 1:
            message = "offered_price and bid_amount are the same field and differ."
            raise ValidationError(message, "offered_price")
        return Terms(
            proposal=data["proposal"], price=prices.pop(), duration=data.get("estimated_duration", "")
        )


class ReviewIn(Input):
    """A rating of 1 to 5 and some words."""

    rating = fields.Integer(
        strict=True,
        required=True,
        validate=[validate.Range(1, 5, error="Rating must be a whole number from 1 to 5.")],
        metadata={"example": 5},
    )
    comment = Text(most=2000, blank=True, load_default="", metadata={"example": "Quick and careful."})

    @pre_load
    def refuse_booleans(self, data: Any, **_: object) -> Any:
        """`true` is no rating, though Python counts it as 1."""
        if isinstance(data, dict) and isinstance(data.get("rating"), bool):
            message = "A valid integer is required."
            raise ValidationError(message, "rating")
        return data


class SaveIn(Input):
    """Nothing, to turn the state round; or the state that is wanted."""

    saved = Flag()
