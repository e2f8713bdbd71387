"""Taking a listing away."""

from sqlalchemy import delete, update

from marketplace.domains.listings import rules
from marketplace.domains.listings.events import ListingDeleted
from marketplace.domains.listings.models import ListingRow, SavedListing
from marketplace.domains.listings.types import Listing
from marketplace.domains.messaging import public as messaging
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work


def delete_listing(listing: Listing, *, actors: set[str]) -> None:
    """Take a locked listing out of everybody's sight.

    Its row stays for what others wrote to it, without the street; nobody keeps an eye on it any more, and
    conversations about it go on about nothing.
    """
    status = rules.decide_deletion(listing, actors=actors)
    with unit_of_work() as unit:
        unit.session.execute(
            update(ListingRow)
            .where(ListingRow.id == listing.id)
            .values(status=status, address="", updated_at=clock.now())
        )
        unit.session.execute(delete(SavedListing).where(SavedListing.listing_id == listing.id))
        messaging.forget_subject(listing.subject)
        unit.record(
            ListingDeleted(
                listing_id=listing.id, kind=listing.kind, title=listing.title, owner_id=listing.owner_id
            )
        )
