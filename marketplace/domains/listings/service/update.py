"""Changing what a listing says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update as change

from marketplace.domains.accounts.public import Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.files import public as files
from marketplace.domains.files.public import Purpose, Upload
from marketplace.domains.listings import queries, rules
from marketplace.domains.listings.events import ListingUpdated
from marketplace.domains.listings.models import ListingRow
from marketplace.domains.listings.service.post import get_listing, lock_listing
from marketplace.domains.listings.service.skills import name_skills
from marketplace.domains.listings.service.words import learn_words
from marketplace.domains.listings.types import Changes, Kind, Listing
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work

WITH_WORDS = frozenset({"title", "description"})


@dataclass(frozen=True)
class PictureChange:
    """A new picture, or `None` for no picture any more."""

    upload: Upload | None


def update(
    *,
    actor: Person,
    listing_id: int,
    kind: Kind,
    changes: Changes,
    picture: PictureChange | None = None,
) -> Listing:
    """Change one's own listing while it is open; what is as it was is no change."""
    stored = None
    if picture is not None and picture.upload is not None:
        _decide(actor, get_listing(listing_id, kind))
        stored = files.receive(picture.upload, purpose=Purpose.LISTING)
    with unit_of_work() as unit:
        listing = lock_listing(listing_id, kind)
        _decide(actor, listing)
        new = _new(listing, changes)
        if "category_id" in new:
            catalog.get_category(new["category_id"])
        if picture is not None and (stored or listing.picture_id):
            new["picture_id"] = stored and files.keep(stored, owner_id=actor.id).id
        if not new:
            return listing
        rules.check_range(new.get("price", listing.price), new.get("price_max", listing.price_max))
        if "skills" in new:
            name_skills(listing.id, new["skills"])
        values = _columns({name: value for name, value in new.items() if name != "skills"})
        row = change(ListingRow).where(ListingRow.id == listing.id)
        unit.session.execute(row.values(**values, updated_at=clock.now()))
        if not WITH_WORDS.isdisjoint(new):
            learn_words(unit, listing.id)
        if "picture_id" in new and listing.picture_id is not None:
            files.discard([listing.picture_id])
        unit.record(
            ListingUpdated(
                listing_id=listing.id, kind=kind, owner_id=listing.owner_id, changed=tuple(sorted(new))
            )
        )
        return get_listing(listing.id, kind)


def _decide(actor: Person, listing: Listing) -> None:
    actors = rules.actors_towards(actor.id, listing)
    rules.PROCESSES[listing.kind].decide("update", state=listing.status, actors=actors)


def _new(listing: Listing, changes: Changes) -> dict[str, Any]:
    """What is not as it was; where the price is one, both its ends change with it."""
    wanted: dict[str, Any] = dict(changes)
    if "price" in wanted and listing.kind is not Kind.PROPOSAL:
        wanted["price_max"] = wanted["price"]
    skills = wanted.pop("skills", None)
    new = {name: value for name, value in wanted.items() if value != getattr(listing, name)}
    if skills is not None:
        known = [skill.name.lower() for skill in queries.skills_of([listing.id])[listing.id]]
        if known != list(dict.fromkeys(name.strip().lower() for name in skills)):
            new["skills"] = skills
    return new


def _columns(new: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in new.items() if name not in {"price", "price_max"}}
    if "price" in new:
        columns |= {"price_minor": new["price"].minor, "currency": new["price"].currency}
    if "price_max" in new:
        columns |= {"price_max_minor": new["price_max"].minor}
    return columns
