"""What listings reads."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, exists, func, select

from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import Category, ServiceOffering
from marketplace.domains.listings.models import ListingRow, SavedListing
from marketplace.domains.listings.rules import AHEAD
from marketplace.domains.listings.types import Counts, Filters, Kind, Listing, Order, Place, Status
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.unit_of_work import reading

_COLUMNS = [column for column in ListingRow.__table__.c if column.name != "search_text"]
# What was deleted is kept for what others wrote to it, and shown to nobody.
_IS_THERE = ListingRow.status != Status.DELETED
_ORDERS = {
    Order.OLDEST: (ListingRow.created_at, ListingRow.id),
    Order.NEWEST: (ListingRow.created_at.desc(), ListingRow.id.desc()),
    Order.CHEAPEST: (ListingRow.price_minor, ListingRow.id),
    Order.DEAREST: (ListingRow.price_minor.desc(), ListingRow.id.desc()),
}


def find_listing(listing_id: int) -> Listing | None:
    """A listing by id."""
    with reading() as connection:
        row = (
            connection.execute(select(*_COLUMNS).where(ListingRow.id == listing_id, _IS_THERE))
            .mappings()
            .one_or_none()
        )
    return None if row is None else listing_of(row)


def find_listings(listing_ids: Collection[int]) -> Mapping[int, Listing]:
    """Several listings by id, in one query; those that are not there are left out."""
    if not listing_ids:
        return {}
    query = select(*_COLUMNS).where(ListingRow.id.in_(set(listing_ids)), _IS_THERE)
    with reading() as connection:
        rows = connection.execute(query).mappings().all()
    return {row["id"]: listing_of(row) for row in rows}


def list_listings(filters: Filters, page: PageRequest) -> Page[Listing]:
    """One page of the listings that match."""
    conditions = _conditions(filters)
    query = select(*_COLUMNS).where(*conditions).order_by(*_ORDERS[filters.order])
    return _page(query, select(func.count()).select_from(ListingRow).where(*conditions), page)


def list_saved(person_id: int, page: PageRequest) -> Page[tuple[Listing, datetime]]:
    """One page of what a person has saved and when, newest first."""
    mine = SavedListing.person_id == person_id
    query = (
        select(*_COLUMNS, SavedListing.created_at.label("saved_at"))
        .join(SavedListing, SavedListing.listing_id == ListingRow.id)
        .where(mine, _IS_THERE)
        .order_by(SavedListing.created_at.desc(), ListingRow.id.desc())
    )
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(SavedListing).where(mine)) or 0
        rows = connection.execute(query.limit(page.size).offset(page.offset)).mappings().all()
    items = [
        (listing_of({name: row[name] for name in row if name != "saved_at"}), row["saved_at"]) for row in rows
    ]
    return Page(items=items, total=total, request=page)


def saved_among(person_id: int, listing_ids: Collection[int]) -> frozenset[int]:
    """Which of these listings a person has saved."""
    query = select(SavedListing.listing_id).where(
        SavedListing.person_id == person_id, SavedListing.listing_id.in_(set(listing_ids))
    )
    with reading() as connection:
        return frozenset(connection.scalars(query))


def count_listings(*, owner_id: int | None = None) -> Counts:
    """How many listings stand where, of everybody or of one owner."""
    query = select(ListingRow.status, func.count()).where(_IS_THERE).group_by(ListingRow.status)
    if owner_id is not None:
        query = query.where(ListingRow.owner_id == owner_id)
    with reading() as connection:
        counts = {row[0]: row[1] for row in connection.execute(query)}
    return Counts(**{str(status): counts.get(status, 0) for status in Status if status != Status.DELETED})


def count_assigned(assignee_id: int) -> Mapping[Status, int]:
    """How many listings somebody was chosen for, by where they stand."""
    query = (
        select(ListingRow.status, func.count())
        .where(ListingRow.assignee_id == assignee_id, _IS_THERE)
        .group_by(ListingRow.status)
    )
    with reading() as connection:
        return {Status(row[0]): row[1] for row in connection.execute(query)}


def average_price(currency: str) -> Money:
    """What a listing in a currency offers on average, nothing where there is none."""
    query = select(func.round(func.avg(ListingRow.price_minor))).where(
        ListingRow.currency == currency, _IS_THERE
    )
    with reading() as connection:
        return Money(int(connection.scalar(query) or 0), currency)


def unfinished_of(owner_id: int) -> frozenset[int]:
    """The ids of somebody's listings that are open, or on which work is in progress."""
    query = select(ListingRow.id).where(ListingRow.owner_id == owner_id, ListingRow.status.in_(AHEAD))
    with reading() as connection:
        return frozenset(connection.scalars(query))


def has_unfinished(*, owner_id: int) -> bool:
    """Whether somebody's listings are open, or work on them is in progress."""
    query = select(exists().where(ListingRow.owner_id == owner_id, ListingRow.status.in_(AHEAD)))
    with reading() as connection:
        return bool(connection.scalar(query))


def open_counts() -> Mapping[int, int]:
    """How many open listings each category has."""
    query = (
        select(ListingRow.category_id, func.count())
        .where(ListingRow.status == Status.OPEN)
        .group_by(ListingRow.category_id)
    )
    with reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def list_categories(page: PageRequest) -> Page[tuple[Category, int]]:
    """One page of the catalogue's categories, each with how many listings of it are open."""
    categories = list(catalog.categories().values())
    counts = open_counts()
    items = [
        (category, counts.get(category.id, 0))
        for category in categories[page.offset : page.offset + page.size]
    ]
    return Page(items=items, total=len(categories), request=page)


def list_service_offerings(page: PageRequest) -> Page[tuple[ServiceOffering, Category, int]]:
    """One page of the kinds of service, each with its category and how many listings of that are open."""
    offerings = catalog.list_service_offerings(page)
    categories = catalog.categories()
    counts = open_counts()
    items = [
        (offering, categories[offering.category_id], counts.get(offering.category_id, 0))
        for offering in offerings.items
    ]
    return Page(items=items, total=offerings.total, request=page)


def listing_of(row: RowMapping | Mapping[str, Any]) -> Listing:
    """A row of the table as a listing."""
    values = dict(row)
    price = Money(values.pop("price_minor"), values.pop("currency"))
    return Listing(
        **{
            **values,
            "price": price,
            "kind": Kind(values["kind"]),
            "status": Status(values["status"]),
            "place": Place(values["place"]),
        }
    )


def _page(query: Select[*tuple[Any, ...]], count: Select[int], page: PageRequest) -> Page[Listing]:
    with reading() as connection:
        total = connection.scalar(count) or 0
        rows = connection.execute(query.limit(page.size).offset(page.offset)).mappings().all()
    return Page(items=[listing_of(row) for row in rows], total=total, request=page)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = [_IS_THERE]
    conditions += [ListingRow.search_text.icontains(word, autoescape=True) for word in filters.words]
    if filters.status is not None:
        conditions.append(ListingRow.status == filters.status)
    if filters.category_id is not None:
        conditions.append(ListingRow.category_id == filters.category_id)
    if filters.city is not None:
        conditions.append(ListingRow.city.icontains(filters.city, autoescape=True))
    if filters.min_price_minor is not None:
        conditions.append(ListingRow.price_minor >= filters.min_price_minor)
    if filters.max_price_minor is not None:
        conditions.append(ListingRow.price_minor <= filters.max_price_minor)
    if filters.involving is not None:
        mine = (ListingRow.owner_id == filters.involving) | (ListingRow.assignee_id == filters.involving)
        conditions.append(mine)
    return conditions
