"""Posting, and what a deal does to a listing."""

from collections.abc import Collection, Mapping

from sqlalchemy import BigInteger, select, update

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Brief, Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.files import public as files
from marketplace.domains.files.public import Purpose, Upload
from marketplace.domains.listings import policy, queries, rules
from marketplace.domains.listings.errors import ListingNotFound
from marketplace.domains.listings.events import ListingPosted
from marketplace.domains.listings.models import ListingRow
from marketplace.domains.listings.service.skills import name_skills
from marketplace.domains.listings.service.words import learn_words
from marketplace.domains.listings.types import Draft, Kind, Listing
from marketplace.kernel.clock import clock
from marketplace.kernel.statements import Statement, as_rows, given_rows
from marketplace.kernel.unit_of_work import unit_of_work

_COUNTED = given_rows(id=BigInteger(), more=BigInteger())
_COUNT_DEALS = Statement(
    update(ListingRow)
    .where(ListingRow.id == _COUNTED.c.id)
    .values(deals_count=ListingRow.deals_count + _COUNTED.c.more)
    .returning(*queries.COLUMNS)
)


def post(*, actor: Person, draft: Draft, picture: Upload | None = None) -> Listing:
    """Post a listing; one with a picture not in a unit of work: files are stored before one."""
    catalog.get_category(draft.category_id)
    rules.check_range(draft.price, draft.price_max or draft.price)
    stored = files.receive(picture, purpose=Purpose.LISTING) if picture else None
    now = clock.now()
    with unit_of_work() as unit:
        accounts.keep(actor, policy.POSTED_BY[draft.kind])
        row = ListingRow(
            kind=draft.kind,
            owner_id=actor.id,
            title=draft.title,
            description=draft.description,
            category_id=draft.category_id,
            price_minor=draft.price.minor,
            price_max_minor=(draft.price_max or draft.price).minor,
            currency=draft.price.currency,
            place=draft.place,
            city=draft.city,
            address=draft.address,
            deadline=draft.deadline,
            days=draft.days,
            revisions=draft.revisions,
            scope=draft.scope,
            is_urgent=draft.is_urgent,
            is_featured=draft.is_featured,
            is_active=draft.is_active,
            picture_id=files.keep(stored, owner_id=actor.id).id if stored else None,
            status=rules.PROCESSES[draft.kind].initial,
            created_at=now,
            updated_at=now,
        )
        unit.session.add(row)
        unit.session.flush()
        name_skills(row.id, draft.skills)
        learn_words(unit, row.id)
        unit.record(ListingPosted(listing_id=row.id, kind=draft.kind, owner_id=actor.id))
        return get_listing(row.id, draft.kind)


def get_listing(listing_id: int, kind: Kind) -> Listing:
    """A listing of a kind; refuses an unknown id, and that of another kind."""
    listing = queries.find_listing(listing_id)
    if listing is None or listing.kind is not kind:
        raise ListingNotFound
    return listing


def get_with_people(listing_id: int, kind: Kind) -> tuple[Listing, Mapping[int, Brief]]:
    """A listing of a kind and its people by id; refuses an unknown id, and that of another kind."""
    found, people = queries.find_with_people([listing_id])
    if not found or found[0].kind is not kind:
        raise ListingNotFound
    return found[0], people


def lock_listing(listing_id: int, kind: Kind) -> Listing:
    """A listing, locked until the open unit of work ends; whoever changes what hangs on it locks it first."""
    with unit_of_work():
        listing = queries.lock_listing(listing_id)
    if listing is None or listing.kind is not kind:
        raise ListingNotFound
    return listing


def lock_whatever(listing_id: int) -> Listing:
    """A listing of any kind, locked like the others, whatever became of it: for who has a deal about it."""
    query = select(ListingRow.id).where(ListingRow.id == listing_id).with_for_update()
    with unit_of_work() as unit:
        unit.session.execute(query)
        found = queries.find_whatever([listing_id])
    if listing_id not in found:
        raise ListingNotFound
    return found[listing_id]


def lock_listings(listing_ids: Collection[int]) -> list[Listing]:
    """Several listings, locked in the order of their ids; those that are no more are left out."""
    with unit_of_work():
        return queries.lock_listings(listing_ids)


def keep_listings(listing_ids: Collection[int]) -> Mapping[int, Listing]:
    """Listings that nobody changes or deletes until the open unit of work ends; without those that are gone.

    Several may keep one at once, so whoever wants to change it uses `lock_listing` from the start.
    """
    with unit_of_work():
        return queries.keep_listings(listing_ids)


def move(listing: Listing, action: str, *, actors: set[str], assignee_id: int | None = None) -> Listing:
    """Take an action of the listing's life cycle, `assignee_id` being who does the work from then on.

    The caller holds its lock. Whoever was chosen stays so, unless it is open again.
    """
    status = rules.PROCESSES[listing.kind].decide(action, state=listing.status, actors=actors)
    change: dict[str, object] = {"status": status, "updated_at": clock.now()}
    if assignee_id is not None or rules.is_open_state(status):
        change["assignee_id"] = assignee_id
    with unit_of_work() as unit:
        unit.session.execute(update(ListingRow).where(ListingRow.id == listing.id).values(change))
    return get_listing(listing.id, listing.kind)


def count_deals(more: Mapping[int, int]) -> Mapping[int, Listing]:
    """So many more deals, or less, hang on each of these listings, by id; the listings that say so."""
    rows = as_rows([{"id": listing_id, "more": number} for listing_id, number in more.items()])
    with unit_of_work() as unit:
        counted = unit.run(_COUNT_DEALS, rows=rows).fetchall()
        return {row[0]: queries.listing_of(row) for row in counted}
