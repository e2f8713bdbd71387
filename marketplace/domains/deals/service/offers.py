"""Gigs and projects with the people round them: a fixed number of queries, however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.domains.accounts.public import Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import Category, Skill
from marketplace.domains.deals import queries
from marketplace.domains.files import public as files
from marketplace.domains.files.public import File, Upload
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Changes, Draft, Filters, Kind, Listing, PictureChange
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.public import Card
from marketplace.kernel.pages import Page, PageRequest


@dataclass(frozen=True, kw_only=True)
class OfferView:
    """A gig or a project with its owner, and whoever applied to it and was chosen."""

    listing: Listing
    category: Category
    skills: Sequence[Skill]
    picture: File | None
    owner: Card
    applicants: Sequence[Card]
    chosen: Card | None


def post_offer(*, actor: Person, draft: Draft, picture: Upload | None = None) -> OfferView:
    """Put a gig or a project on the market."""
    return view_offers([listings.post(actor=actor, draft=draft, picture=picture)])[0]


def update_offer(
    *,
    actor: Person,
    listing_id: int,
    kind: Kind,
    changes: Changes,
    picture: PictureChange | None = None,
) -> OfferView:
    """Change one's own; another's is as if it were not there."""
    _get_own(actor, listing_id, kind)
    changed = listings.update(actor=actor, listing_id=listing_id, kind=kind, changes=changes, picture=picture)
    return view_offers([changed])[0]


def list_own_offers(*, actor: Person, kind: Kind) -> list[OfferView]:
    """All of one's own, newest first."""
    return view_offers(listings.list_of_owner(actor.id, kind))


def list_offers(filters: Filters, page: PageRequest) -> Page[OfferView]:
    """One page of what is on the market."""
    found = listings.list_listings(filters, page)
    return Page(items=view_offers(found.items), total=found.total, request=page)


def view_offers(found: Sequence[Listing]) -> list[OfferView]:
    """Listings with their people, skills and pictures."""
    ids = [listing.id for listing in found]
    categories = catalog.categories_with({listing.category_id for listing in found})
    skills = listings.skills_of(ids)
    pictures = pictures_of(found)
    projects = [listing.id for listing in found if listing.kind is Kind.PROPOSAL]
    applicants = queries.applicants_of(projects) if projects else {}
    cards = profiles.cards_of(_people(found, applicants))
    return [
        OfferView(
            listing=listing,
            category=categories[listing.category_id],
            skills=skills[listing.id],
            picture=pictures.get(listing.picture_id or 0),
            owner=cards[listing.owner_id],
            applicants=[cards[person_id] for person_id in applicants.get(listing.id, ())],
            chosen=cards[listing.assignee_id] if listing.assignee_id else None,
        )
        for listing in found
    ]


def pictures_of(found: Sequence[Listing]) -> Mapping[int, File]:
    """The pictures of listings, by their ids."""
    ids = [listing.picture_id for listing in found if listing.picture_id is not None]
    return files.find_files(ids) if ids else {}


def _people(found: Sequence[Listing], applicants: Mapping[int, Sequence[int]]) -> set[int]:
    sides = {person for listing in found for person in (listing.owner_id, listing.assignee_id) if person}
    return sides | {person for each in applicants.values() for person in each}


def _get_own(actor: Person, listing_id: int, kind: Kind) -> None:
    if listings.get_listing(listing_id, kind).owner_id != actor.id:
        raise listings.ListingNotFound
