"""Services and projects as SkillConnect shows and takes them."""

from typing import Annotated, Any, Literal, cast

import msgspec
from marshmallow import post_load

from marketplace.api.fields import Amount, File, Flag, Identifier, Text, Whole
from marketplace.api.forms import Form
from marketplace.api.plain import Query
from marketplace.api.shapes import Id, Timestamp, timestamp
from marketplace.api.skillconnect.dialect import CURRENCY, Input, Rupees, rupees
from marketplace.api.skillconnect.fields import MAX_PRICE_MINOR
from marketplace.api.skillconnect.schemas.people import ClientRef, FreelancerRef, PicturePath
from marketplace.api.skillconnect.schemas.skills import SkillNames, SkillOut
from marketplace.domains.catalog.public import Category
from marketplace.domains.deals.public import OfferView
from marketplace.domains.files import public as files
from marketplace.domains.files.public import File as StoredFile
from marketplace.domains.listings.public import (
    Changes,
    Draft,
    Filters,
    Kind,
    Order,
    PictureChange,
    Place,
    Status,
    words_of,
)

MAX_DAYS = 3650
MAX_REVISIONS = 1000
ProjectStatus = Literal["open", "in_progress", "completed"]
Days = Annotated[int, msgspec.Meta(examples=[10])]


class CategoryOut(msgspec.Struct, kw_only=True, frozen=True):
    """A kind of work."""

    id: Id
    name: Annotated[str, msgspec.Meta(examples=["Web Development"])]

    @classmethod
    def of(cls, category: Category) -> "CategoryOut":
        """A category."""
        return cls(id=category.id, name=category.name)


class ServiceOut(msgspec.Struct, kw_only=True, frozen=True):
    """A service that a freelancer offers."""

    id: Id
    title: Annotated[str, msgspec.Meta(examples=["Website Design"])]
    description: str
    category: CategoryOut
    skills_output: list[SkillOut]
    freelancer: FreelancerRef
    price: Rupees
    delivery_time: Days
    revisions: Annotated[int, msgspec.Meta(examples=[3])]
    image: PicturePath | None
    is_featured: bool
    is_active: bool
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, view: OfferView) -> "ServiceOut":
        """A gig with its owner."""
        listing = view.listing
        return cls(
            id=listing.id,
            title=listing.title,
            description=listing.description,
            category=CategoryOut.of(view.category),
            skills_output=[SkillOut.of(skill) for skill in view.skills],
            freelancer=FreelancerRef.of(view.owner),
            price=rupees(listing.price),
            delivery_time=listing.days or 1,
            revisions=listing.revisions or 0,
            image=path_of(view.picture),
            is_featured=listing.is_featured,
            is_active=listing.is_active,
            created_at=timestamp(listing.created_at),
            updated_at=timestamp(listing.updated_at),
        )


class ProposalOut(msgspec.Struct, kw_only=True, frozen=True):
    """A project that a client wants done."""

    id: Id
    title: Annotated[str, msgspec.Meta(examples=["Landing Page Design Required"])]
    description: str
    category: CategoryOut
    required_skills: list[SkillOut]
    skills_output: list[SkillOut]
    budget_min: Rupees
    budget_max: Rupees
    timeline_days: Days
    project_scope: Annotated[str, msgspec.Meta(examples=["Single page app"])]
    is_urgent: bool
    client: ClientRef
    applied_freelancers: list[FreelancerRef]
    selected_freelancer: FreelancerRef | None
    status: ProjectStatus
    is_active: bool
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, view: OfferView) -> "ProposalOut":
        """A project as its owner sees it."""
        listing = view.listing
        skills = [SkillOut.of(skill) for skill in view.skills]
        return cls(
            id=listing.id,
            title=listing.title,
            description=listing.description,
            category=CategoryOut.of(view.category),
            required_skills=skills,
            skills_output=skills,
            budget_min=rupees(listing.price),
            budget_max=rupees(listing.price_max),
            timeline_days=listing.days or 1,
            project_scope=listing.scope,
            is_urgent=listing.is_urgent,
            client=ClientRef.of(view.owner),
            applied_freelancers=[FreelancerRef.of(card) for card in view.applicants],
            selected_freelancer=FreelancerRef.of(view.chosen) if view.chosen else None,
            status=cast("ProjectStatus", listing.status.value),
            is_active=listing.is_active,
            created_at=timestamp(listing.created_at),
            updated_at=timestamp(listing.updated_at),
        )


class ProjectOut(msgspec.Struct, kw_only=True, frozen=True):
    """A project as freelancers find it."""

    id: Id
    title: Annotated[str, msgspec.Meta(examples=["Landing Page Design Required"])]
    description: str
    category: CategoryOut
    skills_output: list[SkillOut]
    budget_min: Rupees
    budget_max: Rupees
    timeline_days: Days
    project_scope: str
    is_urgent: bool
    client: ClientRef
    status: ProjectStatus
    is_active: bool
    created_at: Timestamp

    @classmethod
    def of(cls, view: OfferView) -> "ProjectOut":
        """A project that is on the market."""
        own = ProposalOut.of(view)
        return cls(**{name: getattr(own, name) for name in cls.__struct_fields__})


def _price(example: int, **options: Any) -> Amount:
    """A price in rupees."""
    return Amount(currency=CURRENCY, most_minor=MAX_PRICE_MINOR, metadata={"example": example}, **options)


def _days(example: int, **options: Any) -> Whole:
    return Whole(least=1, most=MAX_DAYS, metadata={"example": example}, **options)


def _text(most: int, example: str, **options: Any) -> Text:
    return Text(most=most, metadata={"example": example}, **options)


class _OfferFields(Input):
    skills_input = SkillNames()
    is_active = Flag()


class _ServiceFields(_OfferFields, Form):
    image = File(allow_none=True)
    is_featured = Flag()


class ServiceIn(_ServiceFields):
    """A service as its freelancer describes it."""

    title = _text(200, "Website Design", required=True)
    description = _text(10_000, "A portfolio website built with React.", required=True)
    category_id = Identifier(required=True, metadata={"example": 2})
    price = _price(25000, required=True)
    delivery_time = _days(10, required=True)
    revisions = Whole(least=0, most=MAX_REVISIONS, load_default=0, metadata={"example": 3})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The draft that the domain knows, and its picture."""
        picture = data.pop("image", None)
        return {"draft": Draft(kind=Kind.GIG, place=Place.DIGITAL, **_renamed(data)), "picture": picture}


class ServiceChangesIn(_ServiceFields):
    """What is to be different about a service; what is left out stays, an image of null is taken away."""

    title = _text(200, "Website Design")
    description = _text(10_000, "A portfolio website built with React.")
    category_id = Identifier(metadata={"example": 2})
    price = _price(25000)
    delivery_time = _days(10)
    revisions = Whole(least=0, most=MAX_REVISIONS, metadata={"example": 3})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The changes that the domain knows, and that of the picture."""
        picture = PictureChange(data.pop("image")) if "image" in data else None
        return {"changes": _renamed(data), "picture": picture}


class _ProposalFields(_OfferFields):
    project_scope = _text(2000, "Single page app", blank=True)
    is_urgent = Flag()


class ProposalIn(_ProposalFields):
    """A project as its client describes it."""

    title = _text(200, "Landing Page Design Required", required=True)
    description = _text(10_000, "A landing page for our startup.", required=True)
    category_id = Identifier(required=True, metadata={"example": 2})
    budget_min = _price(10000, required=True)
    budget_max = _price(30000, required=True)
    timeline_days = _days(7, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Draft:
        """The draft that the domain knows."""
        return Draft(kind=Kind.PROPOSAL, place=Place.DIGITAL, **_renamed(data))


class ProposalChangesIn(_ProposalFields):
    """What is to be different about a project; what is left out stays."""

    title = _text(200, "Landing Page Design Required")
    description = _text(10_000, "A landing page for our startup.")
    category_id = Identifier(metadata={"example": 2})
    budget_min = _price(10000)
    budget_max = _price(30000)
    timeline_days = _days(7)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Changes:
        """The changes that the domain knows."""
        return cast("Changes", _renamed(data))


class _ExploreIn(Query):
    search = Text(most=200, blank=True, metadata={"description": "Words that must all occur"})
    category = Identifier(metadata={"description": "The id of a category"})
    delivery_time = Whole(least=0, most=MAX_DAYS, metadata={"description": "At most so many days"})
    skills = Text(most=500, blank=True, metadata={"description": "A part of a skill's name; commas mean any"})


class ExploreServicesIn(_ExploreIn):
    """Which services are wanted."""

    min_price = Whole(least=0, most=MAX_PRICE_MINOR, metadata={"description": "Rupees"})
    max_price = Whole(least=0, most=MAX_PRICE_MINOR, metadata={"description": "Rupees"})
    ordering = Text(
        most=50, blank=True, metadata={"description": "`price`, `created_at`, or either with `-`"}
    )

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Filters:
        """The filters that the domain knows."""
        return _filters(Kind.GIG, data, prices=("min_price", "max_price"), by_price="price")


class ExploreProposalsIn(_ExploreIn):
    """Which projects are wanted."""

    min_budget = Whole(least=0, most=MAX_PRICE_MINOR, metadata={"description": "Rupees"})
    max_budget = Whole(least=0, most=MAX_PRICE_MINOR, metadata={"description": "Rupees"})
    ordering = Text(
        most=50, blank=True, metadata={"description": "`budget`, `created_at`, or either with `-`"}
    )

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Filters:
        """The filters that the domain knows."""
        return _filters(Kind.PROPOSAL, data, prices=("min_budget", "max_budget"), by_price="budget")


def path_of(picture: StoredFile | None) -> str | None:
    """Where a picture is, below the address of the house."""
    return files.path_of(picture) if picture else None


_NAMES = {
    "skills_input": "skills",
    "delivery_time": "days",
    "timeline_days": "days",
    "budget_min": "price",
    "budget_max": "price_max",
    "project_scope": "scope",
}


def _renamed(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of the document by the names of the core."""
    return {_NAMES.get(name, name): value for name, value in data.items()}


def _filters(kind: Kind, data: dict[str, Any], *, prices: tuple[str, str], by_price: str) -> Filters:
    least, most = (data.get(name) for name in prices)
    orders = {
        by_price: Order.CHEAPEST,
        f"-{by_price}": Order.DEAREST,
        "created_at": Order.OLDEST,
    }
    return Filters(
        kind=kind,
        status=Status.OPEN,
        is_active=True,
        category_id=data.get("category"),
        words=words_of(data.get("search", "")),
        is_broad=True,
        min_price_minor=None if least is None else least * 100,
        max_price_minor=None if most is None else most * 100,
        most_days=data.get("delivery_time"),
        skills=tuple(part.strip() for part in data.get("skills", "").split(",") if part.strip()),
        order=orders.get(data.get("ordering", ""), Order.NEWEST),
    )
