"""Orders as SkillConnect shows and takes them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

import msgspec
from marshmallow import post_load

from marketplace.api.fields import Identifier, Text
from marketplace.api.shapes import Id, Timestamp, timestamp
from marketplace.api.skillconnect.dialect import Input, Rupees, rupees
from marketplace.api.skillconnect.fields import Decision
from marketplace.api.skillconnect.schemas.gigs import Days, ProjectStatus, path_of
from marketplace.api.skillconnect.schemas.people import ClientRef, FreelancerRef, PicturePath
from marketplace.domains.deals.public import Deal, OrderView

MAX_MESSAGE = 2000
OrderStatus = Literal["pending", "accepted", "rejected", "cancelled"]
_WORDS: Mapping[str, OrderStatus] = {
    "pending": "pending",
    "accepted": "accepted",
    "completed": "accepted",
    "rejected": "rejected",
    "cancelled": "cancelled",
}


class OrderedService(msgspec.Struct, kw_only=True, frozen=True):
    """A service as it was ordered; its picture and revisions are today's."""

    id: Id
    title: Annotated[str, msgspec.Meta(examples=["Website Design"])]
    price: Rupees
    delivery_time: Days
    revisions: Annotated[int, msgspec.Meta(examples=[3])]
    image: PicturePath | None


class ServiceOrderOut(msgspec.Struct, kw_only=True, frozen=True):
    """An order of a service."""

    id: Id
    client: ClientRef
    freelancer: FreelancerRef
    service: OrderedService
    message: str
    status: OrderStatus
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, view: OrderView) -> "ServiceOrderOut":
        """An order with its two sides."""
        deal = view.deal
        service = OrderedService(
            id=deal.listing_id,
            title=deal.title,
            price=rupees(deal.price),
            delivery_time=deal.days or 1,
            revisions=view.listing.revisions or 0,
            image=path_of(view.picture),
        )
        return cls(
            id=deal.id,
            client=ClientRef.of(view.buyer),
            freelancer=FreelancerRef.of(view.seller),
            service=service,
            message=deal.proposal,
            status=status_of(deal),
            created_at=timestamp(deal.created_at),
            updated_at=timestamp(deal.updated_at),
        )


class AppliedTo(msgspec.Struct, kw_only=True, frozen=True):
    """A project as it was applied to; where it stands is today's."""

    id: Id
    title: Annotated[str, msgspec.Meta(examples=["Landing Page Design Required"])]
    budget_min: Rupees
    budget_max: Rupees
    timeline_days: Days
    status: ProjectStatus | Literal["deleted"]


class ProposalOrderOut(msgspec.Struct, kw_only=True, frozen=True):
    """An application to a project."""

    id: Id
    client: ClientRef
    freelancer: FreelancerRef
    proposal: AppliedTo
    message: str
    status: OrderStatus
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, view: OrderView) -> "ProposalOrderOut":
        """An application with its two sides."""
        deal = view.deal
        proposal = AppliedTo(
            id=deal.listing_id,
            title=deal.title,
            budget_min=rupees(deal.price),
            budget_max=rupees(deal.price_max),
            timeline_days=deal.days or 1,
            status=cast("ProjectStatus", view.listing.status.value),
        )
        return cls(
            id=deal.id,
            client=ClientRef.of(view.buyer),
            freelancer=FreelancerRef.of(view.seller),
            proposal=proposal,
            message=deal.proposal,
            status=status_of(deal),
            created_at=timestamp(deal.created_at),
            updated_at=timestamp(deal.updated_at),
        )


class Decided(msgspec.Struct, kw_only=True, frozen=True):
    """Where an order stands now."""

    id: Id
    status: OrderStatus

    @classmethod
    def of(cls, deal: Deal) -> "Decided":
        """An order that was just decided."""
        return cls(id=deal.id, status=status_of(deal))


class ServiceOrderIn(Input):
    """An order of a service."""

    service_id = Identifier(
        required=True, data_key="service_id", attribute="gig_id", metadata={"example": 12}
    )
    message = Text(most=MAX_MESSAGE, blank=True, metadata={"example": "Please start as soon as you can."})


class ProposalOrderIn(Input):
    """An application to a project; a status says nothing, but must make sense."""

    proposal_id = Identifier(required=True, metadata={"example": 13})
    message = Text(
        most=MAX_MESSAGE, blank=True, metadata={"example": "I have built ten pages like this one."}
    )
    status = Decision()

    @post_load
    def forget_status(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """Nobody decides about what they ask for themselves."""
        return {name: value for name, value in data.items() if name != "status"}


class DecisionIn(Input):
    """What is decided about an order."""

    status = Decision(required=True, metadata={"example": "accepted"})


def status_of(deal: Deal) -> OrderStatus:
    """Where an order stands in the document's words: that its work is done is said by its contract."""
    return _WORDS[deal.status]
