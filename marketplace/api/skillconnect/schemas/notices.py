"""What people are told of their orders on a socket."""

from typing import Any

import msgspec

from marketplace.api.shapes import timestamp
from marketplace.api.skillconnect.schemas.orders import status_of
from marketplace.domains.deals.events import (
    AboutDeal,
    DealAccepted,
    DealCancelled,
    DealOpened,
    DealRejected,
)
from marketplace.domains.deals.public import Kind, OrderView

_ORDER_TYPES = {Kind.GIG_ORDER: "serviceorder", Kind.PROPOSAL_ORDER: "proposalorder"}
_THINGS = {Kind.GIG_ORDER: ("order", "service"), Kind.PROPOSAL_ORDER: ("application", "proposal")}
_DONE = {DealAccepted: "accepted", DealRejected: "rejected", DealCancelled: "cancelled"}


def notice_frame(fact: AboutDeal, order: OrderView, person_id: int) -> dict[str, Any]:
    """What one side of an order is told of it."""
    deal = order.deal
    return {
        "id": deal.id,
        "title": deal.title,
        "client": order.buyer.name,
        "freelancer": order.seller.name,
        "order_type": _ORDER_TYPES[deal.kind],
        "status": _DONE.get(type(fact), status_of(deal)),
        "text": _text(fact, order, person_id),
        "created_at": msgspec.to_builtins(timestamp(deal.created_at)),
    }


def _text(fact: AboutDeal, order: OrderView, person_id: int) -> str:
    what, thing = _THINGS[order.deal.kind]
    is_seller = person_id == order.deal.seller_id
    other = order.buyer.name if is_seller else order.seller.name
    if isinstance(fact, DealOpened):
        return f"New {what} received from {other} for {thing} '{fact.title}'."
    is_asker = is_seller == (order.deal.kind is Kind.PROPOSAL_ORDER)
    whose = f"Your {what}" if is_asker else f"The {what}"
    return f"{whose} for {thing} '{fact.title}' was {_DONE[type(fact)]} by {other}."
