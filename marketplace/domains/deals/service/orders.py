"""Ordering gigs, applying to projects, and what the two sides decide about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.deals import policy, queries, rules
from marketplace.domains.deals.errors import (
    GigNotOrderable,
    LiveOrder,
    OrderNotFound,
    OwnOffer,
    ProjectNotOpen,
)
from marketplace.domains.deals.events import DealAccepted, DealCancelled, DealRejected
from marketplace.domains.deals.service.contracts import call_off_contracts
from marketplace.domains.deals.service.decide import reject_pending
from marketplace.domains.deals.service.offers import pictures_of
from marketplace.domains.deals.service.opening import Opening, move, open_deal, open_room, told
from marketplace.domains.deals.types import Deal, Kind, Status
from marketplace.domains.files.public import File
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.public import Card
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


@dataclass(frozen=True, kw_only=True)
class OrderView:
    """An order with its two sides and what it is about, as that is today."""

    deal: Deal
    listing: Listing
    picture: File | None
    buyer: Card
    seller: Card


def order_gig(*, actor: Person, gig_id: int, message: str = "") -> OrderView:
    """Order a gig on its terms of today; one may be ordered again and again."""
    with unit_of_work() as unit:
        gig = _lock_offer(actor, Role.CLIENT, gig_id, listings.Kind.GIG)
        if gig is None:
            raise GigNotOrderable
        opening = Opening(
            kind=Kind.GIG_ORDER, listing=gig, seller_id=gig.owner_id, buyer_id=actor.id, proposal=message
        )
        deal = open_deal(unit, opening)
        return view_orders([deal])[0]


def apply_to_project(*, actor: Person, proposal_id: int, message: str = "") -> OrderView:
    """Apply to an open project, again only after the last application was turned down or cancelled."""
    with unit_of_work() as unit:
        project = _lock_offer(actor, Role.FREELANCER, proposal_id, listings.Kind.PROPOSAL)
        if project is None:
            raise ProjectNotOpen
        opening = Opening(
            kind=Kind.PROPOSAL_ORDER,
            listing=project,
            seller_id=actor.id,
            buyer_id=project.owner_id,
            proposal=message,
        )
        deal = open_deal(unit, opening, LiveOrder)
        return view_orders([deal])[0]


def decide_order(*, actor: Person, order_id: int, kind: Kind, wanted: Status) -> Deal:
    """Accept, reject or cancel an order; what stands so already stays so.

    To accept an application to a project turns the other ones down; to cancel the accepted one opens the
    project again.
    """
    with unit_of_work() as unit:
        deal = get_order(order_id, kind)
        listing = listings.lock_whatever(deal.listing_id)
        deal = get_order(order_id, kind)
        actors = policy.roles_towards(actor.id, deal)
        if not actors:
            raise OrderNotFound
        step = rules.PROCESSES[kind].step_to(wanted, state=deal.status, actors=actors)
        if step is not None:
            move(unit, deal, step, actors)
            _follow(unit, step, deal, listing, by_id=actor.id)
        # here, before anybody decides something else
        return get_order(order_id, kind)


def get_order(order_id: int, kind: Kind) -> Deal:
    """An order of a kind; refuses an unknown id, and that of another deal."""
    deal = queries.find_deal(order_id)
    if deal is None or deal.kind is not kind:
        raise OrderNotFound
    return deal


def get_own_order(*, actor: Person, order_id: int, kind: Kind) -> Deal:
    """An order that the actor is a side of; another's is as if it were not there."""
    deal = get_order(order_id, kind)
    if not policy.roles_towards(actor.id, deal):
        raise OrderNotFound
    return deal


def view_order(order_id: int) -> OrderView:
    """An order by id, for who reacts to a fact: nobody is asked whether they may see it."""
    deal = queries.find_deal(order_id)
    if deal is None:
        raise OrderNotFound
    return view_orders([deal])[0]


def list_orders(*, actor: Person, kind: Kind) -> list[OrderView]:
    """Everything that the actor ordered or applied for, or was asked for, newest first."""
    return view_orders(queries.list_orders(kind, person_id=actor.id))


def view_orders(deals: Sequence[Deal]) -> list[OrderView]:
    """Orders with their people and what they are about, in a fixed number of queries."""
    found = listings.find_whatever({deal.listing_id for deal in deals})
    pictures = pictures_of(list(found.values()))
    cards = profiles.cards_of({person for deal in deals for person in (deal.buyer_id, deal.seller_id)})
    return [
        OrderView(
            deal=deal,
            listing=found[deal.listing_id],
            picture=pictures.get(found[deal.listing_id].picture_id or 0),
            buyer=cards[deal.buyer_id],
            seller=cards[deal.seller_id],
        )
        for deal in deals
    ]


def _lock_offer(actor: Person, role: Role, listing_id: int, kind: listings.Kind) -> Listing | None:
    """Somebody else's gig or project that may be answered, its owner and then itself kept as they are."""
    listing = listings.find_listing(listing_id)
    if listing is None or listing.kind is not kind:
        return None
    if listing.owner_id == actor.id:
        raise OwnOffer
    accounts.keep(actor, role, other_id=listing.owner_id)
    listing = listings.lock_whatever(listing_id)
    return listing if listing.is_active and listings.is_open(listing) else None


def _follow(unit: UnitOfWork, step: str, deal: Deal, listing: Listing, *, by_id: int) -> None:
    """What a step of an order brings about; the caller holds the lock of its listing."""
    is_project = deal.kind is Kind.PROPOSAL_ORDER
    if step == "accept":
        unit.record(DealAccepted(**told(deal)))
        open_room(deal)
        if is_project:
            listings.move(listing, "start", actors={listings.OWNER}, assignee_id=deal.seller_id)
            reject_pending(unit, listing)
    elif step == "reject":
        unit.record(DealRejected(**told(deal)))
    else:
        unit.record(DealCancelled(**told(deal), by_id=by_id))
        call_off_contracts(unit, deal, by_id=by_id)
        if is_project and step == "call_off" and listings.is_unfinished(listing):
            listings.move(listing, "reopen", actors={listings.HOUSE})
