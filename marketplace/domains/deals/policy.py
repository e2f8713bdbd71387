"""Who may do what with a deal."""

from marketplace.domains.deals.types import Deal, Side
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
