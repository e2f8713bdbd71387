"""Forgetting somebody who has deleted their account."""

from sqlalchemy import delete, update

from marketplace.domains.listings.models import ListingRow, SavedListing
from marketplace.kernel.unit_of_work import unit_of_work


def forget_person(*, person_id: int) -> None:
    """Forget where somebody's listings were and what they had saved; joins an open unit of work."""
    with unit_of_work() as unit:
        unit.session.execute(update(ListingRow).where(ListingRow.owner_id == person_id).values(address=""))
        unit.session.execute(delete(SavedListing).where(SavedListing.person_id == person_id))
