"""What listings reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    all_,
    bindparam,
    exists,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Brief
from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import Category, ServiceOffering, Skill
from marketplace.domains.listings import rules
from marketplace.domains.listings.models import ListingRow, ListingSkill, SavedListing
from marketplace.domains.listings.rules import AHEAD
from marketplace.domains.listings.types import (
    Counts,
    Kind,
    Listing,
    Order,
    Place,
    Saved,
    Status,
)
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import ANY_OF_IDS, Statement, as_rows, given_rows

COLUMNS = [column for column in ListingRow.__table__.c if not column.name.startswith("search_")]
# What was deleted is kept for what others wrote to it, and shown to nobody.
IS_THERE = ListingRow.status != Status.DELETED
_IS_TASK = ListingRow.kind == Kind.TASK
_BY_ID = select(*COLUMNS).where(ListingRow.id == bindparam("listing_id"), IS_THERE)
_LISTING = Statement(_BY_ID)
# After `COLUMNS` those of the owner's brief and of the assignee's: a listing is shown with its people.
_OWNER, _ASSIGNEE = accounts.BRIEFS.alias("owner"), accounts.BRIEFS.alias("assignee")
WITH_PEOPLE = (
    select(*COLUMNS, *_OWNER.c, *_ASSIGNEE.c)
    .join(_OWNER, _OWNER.c.id == ListingRow.owner_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == ListingRow.assignee_id)
)
_OWNER_AT, _ASSIGNEE_AT = len(COLUMNS), len(COLUMNS) + len(_OWNER.c)
_LISTINGS_WITH_PEOPLE = Statement(WITH_PEOPLE.where(ListingRow.id == ANY_OF_IDS, IS_THERE))
_LOCKED = Statement(_BY_ID.with_for_update())
_LOCKED_ALL = Statement(
    select(*COLUMNS).where(ListingRow.id == ANY_OF_IDS, IS_THERE).order_by(ListingRow.id).with_for_update()
)
_KEPT = Statement(
    select(*COLUMNS)
    .where(ListingRow.id == ANY_OF_IDS, IS_THERE)
    .order_by(ListingRow.id)
    .with_for_update(read=True)
)
_LISTINGS = Statement(select(*COLUMNS).where(ListingRow.id == ANY_OF_IDS, IS_THERE))
_OPEN = select(*COLUMNS).where(
    _IS_TASK,
    ListingRow.status == Status.OPEN,
    ListingRow.id != all_(bindparam("without", type_=ARRAY(BigInteger))),
    ListingRow.owner_id != bindparam("not_of"),
)
_OPEN_AMONG = Statement(_OPEN.where(ListingRow.id == ANY_OF_IDS))
_NEWEST = Statement(
    _OPEN.order_by(ListingRow.created_at.desc(), ListingRow.id.desc()).limit(bindparam("most"))
)
_POSTED = Statement(
    select(*COLUMNS)
    .where(_IS_TASK, ListingRow.owner_id == bindparam("owner_id"))
    .order_by(ListingRow.id.desc())
    .limit(bindparam("most"))
)
_PAIRS = given_rows(person_id=BigInteger(), listing_id=BigInteger())
_SAVED_AMONG = Statement(
    select(_PAIRS).join(
        SavedListing,
        (SavedListing.person_id == _PAIRS.c.person_id) & (SavedListing.listing_id == _PAIRS.c.listing_id),
    )
)
# What a column holds, by how it is written there: a call of an enumeration takes five times as long.
_KINDS = {str(kind): kind for kind in Kind}
_PLACES = {str(place): place for place in Place}
_STATUSES = {str(status): status for status in Status}
# By which column, and whether from the greatest down.
_ORDERS = {
    Order.OLDEST: ("created_at", False),
    Order.NEWEST: ("created_at", True),
    Order.CHEAPEST: ("price_minor", False),
    Order.DEAREST: ("price_max_minor", True),
}

# For whoever links something to the tasks to which one may apply.
OPEN_TASKS = select(ListingRow.id).where(_IS_TASK, ListingRow.status == Status.OPEN).subquery("open_tasks")


def find_listing(listing_id: int) -> Listing | None:
    """A listing by id."""
    row = _LISTING.first(listing_id=listing_id)
    return None if row is None else listing_of(row)


def find_with_people(listing_ids: Collection[int]) -> tuple[list[Listing], Mapping[int, Brief]]:
    """Listings by id in the order of these, and what anybody sees of their people, by id."""
    if not listing_ids:
        return [], {}
    rows = {row[0]: row for row in _LISTINGS_WITH_PEOPLE.all(ids=list(listing_ids))}
    return read_with_people([rows[id_] for id_ in listing_ids if id_ in rows])


def lock_listing(listing_id: int) -> Listing | None:
    """A listing by id as it stands once nobody else holds its lock, which the open unit of work has then."""
    row = _LOCKED.first(listing_id=listing_id)
    return None if row is None else listing_of(row)


def lock_listings(listing_ids: Collection[int]) -> list[Listing]:
    """Several, each as it stands once nobody else holds its lock, in the order of their ids."""
    return [listing_of(row) for row in _LOCKED_ALL.all(ids=sorted(set(listing_ids)))]


def keep_listings(listing_ids: Collection[int]) -> Mapping[int, Listing]:
    """Several, with a lock that others may have at once, taken in the order of their ids."""
    return {row[0]: listing_of(row) for row in _KEPT.all(ids=sorted(set(listing_ids)))}


def find_listings(listing_ids: Collection[int]) -> Mapping[int, Listing]:
    """Several listings by id, in one query; those that are not there are left out."""
    if not listing_ids:
        return {}
    return {row[0]: listing_of(row) for row in _LISTINGS.all(ids=list(set(listing_ids)))}


def find_whatever(listing_ids: Collection[int]) -> Mapping[int, Listing]:
    """Several listings by id, those that were deleted too: for who has a deal about one."""
    if not listing_ids:
        return {}
    query = select(*COLUMNS).where(ListingRow.id.in_(set(listing_ids)))
    with reading() as connection:
        return {row[0]: listing_of(row) for row in connection.execute(query)}


def list_open(*, among: Collection[int], without: Collection[int], not_of: int) -> list[Listing]:
    """Those among some that are open tasks, without some, not of somebody."""
    rows = _OPEN_AMONG.all(ids=list(among), without=list(without), not_of=not_of)
    return [listing_of(row) for row in rows]


def list_newest(*, most: int, without: Collection[int], not_of: int) -> list[Listing]:
    """The newest open tasks, newest first, without some, not of somebody."""
    rows = _NEWEST.all(most=most, without=list(without), not_of=not_of)
    return [listing_of(row) for row in rows]


def open_ids() -> frozenset[int]:
    """Every open task."""
    query = select(ListingRow.id).where(_IS_TASK, ListingRow.status == Status.OPEN)
    with reading() as connection:
        return frozenset(connection.scalars(query))


def list_posted(owner_id: int, *, most: int) -> list[Listing]:
    """The tasks that somebody posted last, newest first."""
    return [listing_of(row) for row in _POSTED.all(owner_id=owner_id, most=most)]


def list_of_owner(owner_id: int, kind: Kind) -> list[Listing]:
    """All listings of a kind that somebody posted, newest first."""
    mine = (ListingRow.owner_id == owner_id, ListingRow.kind == kind, IS_THERE)
    query = select(*COLUMNS).where(*mine).order_by(*ordered(ListingRow, Order.NEWEST))
    with reading() as connection:
        return [listing_of(row) for row in connection.execute(query)]


def list_saved(person_id: int, page: PageRequest) -> Page[tuple[Listing, datetime]]:
    """One page of what a person has saved and when, newest first."""
    mine = SavedListing.person_id == person_id
    query = (
        select(*COLUMNS, SavedListing.created_at.label("saved_at"))
        .join(SavedListing, SavedListing.listing_id == ListingRow.id)
        .where(mine, IS_THERE)
        .order_by(SavedListing.created_at.desc(), ListingRow.id.desc())
    )
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(SavedListing).where(mine)) or 0
        rows = connection.execute(query.limit(page.size).offset(page.offset)).all()
    items = [(listing_of(row[:-1]), row[-1]) for row in rows]
    return Page(items=items, total=total, request=page)


def saved_by(person_ids: Collection[int], *, most_each: int) -> list[Saved]:
    """What each of these people saved last, in one query."""
    people = select(func.unnest(_ids(set(person_ids))).label("id")).subquery()
    last = (
        select(SavedListing.listing_id, SavedListing.created_at)
        .where(SavedListing.person_id == people.c.id)
        .order_by(SavedListing.created_at.desc(), SavedListing.listing_id)
        .limit(most_each)
        .lateral()
    )
    query = select(people.c.id, *last.c).select_from(people.join(last, true()))
    with reading() as connection:
        return [Saved(person_id=row[0], listing_id=row[1], at=row[2]) for row in connection.execute(query)]


def saved_among(pairs: Collection[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Those of these pairs of a person and a listing where the person has saved the listing."""
    if not pairs:
        return frozenset()
    rows = [{"person_id": person_id, "listing_id": listing_id} for person_id, listing_id in pairs]
    return frozenset(_SAVED_AMONG.all(rows=as_rows(rows)))


def count_listings(currency: str) -> tuple[Counts, Money]:
    """How many tasks stand where, and what those in a currency offer on average: nothing where none is."""
    is_priced = ListingRow.currency == currency
    query = (
        select(
            ListingRow.status,
            func.count(),
            func.count().filter(is_priced),
            func.sum(ListingRow.price_minor).filter(is_priced),
        )
        .where(_IS_TASK, IS_THERE)
        .group_by(ListingRow.status)
    )
    with reading() as connection:
        rows = connection.execute(query).all()
    priced, minor = sum(row[2] for row in rows), sum(row[3] or 0 for row in rows)
    return _counts({row[0]: row[1] for row in rows}), Money(rules.average(int(minor), priced), currency)


def count_of_owner(owner_id: int) -> Counts:
    """How many tasks of an owner stand where."""
    query = (
        select(ListingRow.status, func.count())
        .where(_IS_TASK, ListingRow.owner_id == owner_id, IS_THERE)
        .group_by(ListingRow.status)
    )
    with reading() as connection:
        return _counts({row[0]: row[1] for row in connection.execute(query)})


def count_assigned(assignee_id: int) -> Mapping[Status, int]:
    """How many tasks somebody was chosen for, by where they stand."""
    query = (
        select(ListingRow.status, func.count())
        .where(_IS_TASK, ListingRow.assignee_id == assignee_id, IS_THERE)
        .group_by(ListingRow.status)
    )
    with reading() as connection:
        return {Status(row[0]): row[1] for row in connection.execute(query)}


def unfinished_of(owner_id: int) -> frozenset[int]:
    """The ids of somebody's listings that are open, or on which work is in progress."""
    query = select(ListingRow.id).where(ListingRow.owner_id == owner_id, ListingRow.status.in_(AHEAD))
    with reading() as connection:
        return frozenset(connection.scalars(query))


def has_unfinished(*, owner_id: int, kinds: Collection[Kind]) -> bool:
    """Whether somebody's listings of these kinds are open, or work on them is in progress."""
    is_such = ListingRow.kind.in_(kinds)
    query = select(exists().where(ListingRow.owner_id == owner_id, is_such, ListingRow.status.in_(AHEAD)))
    with reading() as connection:
        return bool(connection.scalar(query))


def open_counts() -> Mapping[int, int]:
    """How many open tasks each category has."""
    query = (
        select(ListingRow.category_id, func.count())
        .where(_IS_TASK, ListingRow.status == Status.OPEN)
        .group_by(ListingRow.category_id)
    )
    with reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def list_categories(page: PageRequest) -> Page[tuple[Category, int]]:
    """One page of the catalogue's categories, each with how many tasks of it are open."""
    categories = list(catalog.categories().values())
    counts = open_counts()
    items = [
        (category, counts.get(category.id, 0))
        for category in categories[page.offset : page.offset + page.size]
    ]
    return Page(items=items, total=len(categories), request=page)


def list_service_offerings(page: PageRequest) -> Page[tuple[ServiceOffering, Category, int]]:
    """One page of the kinds of service, each with its category and how many tasks of that are open."""
    offerings = catalog.list_service_offerings(page)
    categories = catalog.categories()
    counts = open_counts()
    items = [
        (offering, categories[offering.category_id], counts.get(offering.category_id, 0))
        for offering in offerings.items
    ]
    return Page(items=items, total=offerings.total, request=page)


def skills_of(listing_ids: Collection[int]) -> Mapping[int, Sequence[Skill]]:
    """The skills of each of these listings in the order in which they were named, in one query."""
    found: dict[int, list[Skill]] = {listing_id: [] for listing_id in listing_ids}
    if not found:
        return found
    skill = catalog.SKILLS.c
    query = (
        select(ListingSkill.listing_id, skill.id, skill.name, skill.category_id)
        .join(catalog.SKILLS, skill.id == ListingSkill.skill_id)
        .where(ListingSkill.listing_id.in_(found))
        .order_by(ListingSkill.listing_id, ListingSkill.position)
    )
    with reading() as connection:
        for listing_id, skill_id, name, category_id in connection.execute(query):
            found[listing_id].append(Skill(id=skill_id, name=name, category_id=category_id))
    return found


def listing_of(row: Sequence[Any]) -> Listing:
    """A row of `COLUMNS` as a listing."""
    id_, kind, owner_id, assignee_id, title, description, category_id, minor, most_minor, currency, *rest = (
        row
    )
    place, city, address, deadline, days, revisions, scope, is_urgent, is_featured, is_active, *last = rest
    picture_id, status, deals_count, created_at, updated_at = last
    return Listing(
        id=id_,
        kind=_KINDS[kind],
        owner_id=owner_id,
        assignee_id=assignee_id,
        title=title,
        description=description,
        category_id=category_id,
        price=Money(minor, currency),
        price_max=Money(most_minor, currency),
        place=_PLACES[place],
        city=city,
        address=address,
        deadline=deadline,
        days=days,
        revisions=revisions,
        scope=scope,
        is_urgent=is_urgent,
        is_featured=is_featured,
        is_active=is_active,
        picture_id=picture_id,
        status=_STATUSES[status],
        deals_count=deals_count,
        created_at=created_at,
        updated_at=updated_at,
    )


def read_with_people(rows: Sequence[Sequence[Any]]) -> tuple[list[Listing], Mapping[int, Brief]]:
    """Rows of `WITH_PEOPLE` as listings, and what anybody sees of their people, by id."""
    people: dict[int, Brief] = {}
    for row in rows:
        for brief in (row[_OWNER_AT:_ASSIGNEE_AT], row[_ASSIGNEE_AT:]):
            if brief[0] is not None and brief[0] not in people:
                people[brief[0]] = accounts.brief_of(brief)
    return [listing_of(row[:_OWNER_AT]) for row in rows], people


def _ids(ids: Collection[int]) -> BindParameter[list[int]]:
    """Many ids as one value: the statement is the same however many they are."""
    return literal(list(ids), ARRAY(BigInteger))


def _counts(counts: Mapping[str, int]) -> Counts:
    return Counts(**{str(status): counts.get(status, 0) for status in Status if status != Status.DELETED})


def ordered(source: Any, order: Order) -> list[ColumnElement[Any]]:
    """What a list in this order is sorted by; ids break ties."""
    name, is_falling = _ORDERS[order]
    columns = (getattr(source, name), source.id)
    return [column.desc() if is_falling else column.asc() for column in columns]
