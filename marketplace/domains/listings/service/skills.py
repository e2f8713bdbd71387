"""The skills of a listing."""

from collections.abc import Sequence

from sqlalchemy import delete

from marketplace.domains.catalog import public as catalog
from marketplace.domains.listings.models import ListingSkill
from marketplace.kernel.unit_of_work import unit_of_work


def name_skills(listing_id: int, names: Sequence[str]) -> None:
    """Let a listing have the skills of these names, in this order, and no others."""
    with unit_of_work() as unit:
        unit.session.execute(delete(ListingSkill).where(ListingSkill.listing_id == listing_id))
        unit.session.add_all(
            ListingSkill(listing_id=listing_id, skill_id=skill.id, position=position)
            for position, skill in enumerate(catalog.name_skills(names))
        )
