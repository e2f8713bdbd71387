"""Who may do what with a deal."""

from marketplace.domains.deals.events import AboutDeal, DealCancelled, DealOpened
from marketplace.domains.deals.types import Contract, Deal, Kind, Side
from marketplace.domains.listings.public import Listing


def side_of(person_id: int | None, listing: Listing) -> Side | None:
    """Which side of the task a person is on, if any."""
    if person_id is None:
        return None
    if person_id == listing.owner_id:
        return Side.OWNER
    return Side.ASSIGNEE if person_id == listing.assignee_id else None


def roles_towards(person_id: int, deal: Deal) -> set[str]:
    """What a person is to a deal, in the words of its life cycle."""
    sides = {deal.buyer_id: "buyer", deal.seller_id: "seller"}
    return {sides[person_id]} if person_id in sides else set()


def roles_towards_contract(person_id: int, contract: Contract) -> set[str]:
    """What a person is to a contract, in the words of its life cycles."""
    sides = {contract.buyer_id: "buyer", contract.seller_id: "seller"}
    if person_id not in sides:
        return set()
    return {sides[person_id], "maker" if person_id == contract.maker_id else "taker"}


def initiator_of(kind: str, *, buyer_id: int, seller_id: int) -> int:
    """Who makes a deal of a kind: gigs are ordered by buyers, all else is applied for by sellers."""
    return buyer_id if kind == Kind.GIG_ORDER else seller_id


def told_of(fact: AboutDeal) -> set[int]:
    """Whom a fact of a deal is news to: the other side than whoever brought it about."""
    sides = {fact.buyer_id, fact.seller_id}
    if isinstance(fact, DealCancelled):
        return sides - {fact.by_id}
    initiator = initiator_of(fact.kind, buyer_id=fact.buyer_id, seller_id=fact.seller_id)
    return sides - {initiator} if isinstance(fact, DealOpened) else {initiator}
