"""What listings reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    RowMapping,
    Select,
    all_,
    and_,
    any_,
    cast,
    exists,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import Category, ServiceOffering
from marketplace.domains.listings import rules
from marketplace.domains.listings.models import ListingRow, SavedListing
from marketplace.domains.listings.rules import AHEAD
from marketplace.domains.listings.types import (
    Counts,
    Filters,
    Kind,
    Listing,
    Order,
    Place,
    Saved,
    Status,
    Word,
)
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.unit_of_work import reading

_COLUMNS = [column for column in ListingRow.__table__.c if not column.name.startswith("search_")]
# What was deleted is kept for what others wrote to it, and shown to nobody.
_IS_THERE = ListingRow.status != Status.DELETED
# By which column, and whether from the greatest down.
_ORDERS = {
    Order.OLDEST: ("created_at", False),
    Order.NEWEST: ("created_at", True),
    Order.CHEAPEST: ("price_minor", False),
    Order.DEAREST: ("price_minor", True),
}
_WORDS = text("""
    SELECT search_form(word) AS form, tsvector_to_array(search_words(word)) AS parts
    FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS asked (word, place) ORDER BY place
""")
_ALIKE = text("""
    SELECT alike.word FROM unnest(CAST(:parts AS text[])) AS part, LATERAL (
        SELECT word FROM listing_words WHERE word % part ORDER BY similarity(word, part) DESC, word LIMIT 50
    ) AS alike
    UNION SELECT word FROM listing_words WHERE word = ANY (CAST(:swaps AS text[])) ORDER BY 1
""")


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


def list_open(
    *,
    among: Collection[int] | None = None,
    without: Collection[int] = (),
    not_of: int | None = None,
    newest: int | None = None,
) -> list[Listing]:
    """Open listings, newest first: those among some, without some, not of somebody, the `newest` so many."""
    conditions = [ListingRow.status == Status.OPEN, ListingRow.id != all_(_ids(without))]
    if among is not None:
        conditions.append(ListingRow.id == any_(_ids(among)))
    if not_of is not None:
        conditions.append(ListingRow.owner_id != not_of)
    query = select(*_COLUMNS).where(*conditions).order_by(*_ordered(ListingRow, Order.NEWEST)).limit(newest)
    with reading() as connection:
        return [listing_of(row) for row in connection.execute(query).mappings()]


def open_ids() -> frozenset[int]:
    """Every open listing."""
    with reading() as connection:
        return frozenset(connection.scalars(select(ListingRow.id).where(ListingRow.status == Status.OPEN)))


def list_posted(owner_id: int, *, most: int) -> list[Listing]:
    """What somebody posted last, newest first."""
    query = (
        select(*_COLUMNS).where(ListingRow.owner_id == owner_id).order_by(ListingRow.id.desc()).limit(most)
    )
    with reading() as connection:
        return [listing_of(row) for row in connection.execute(query).mappings()]


def list_listings(filters: Filters, page: PageRequest) -> Page[Listing]:
    """One page of the listings that match.

    Each word must occur in the title or the description. Where nothing is found, a word that occurs nowhere
    is taken for a misspelt one: any known word that it may be meant as will do.
    """
    if not filters.words:
        conditions = _conditions(filters)
        query = select(*_COLUMNS).where(*conditions).order_by(*_ordered(ListingRow, filters.order))
        return _page(query, select(func.count()).select_from(ListingRow).where(*conditions), page)
    words = _read_words(filters.words)
    found = _search(filters, [_occurs(word) for word in words], page)
    if found.total:
        return found
    meant = _as_meant(words)
    return found if meant is None else _search(filters, meant, page)


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


def saved_by(person_ids: Collection[int], *, most_each: int) -> list[Saved]:
    """What each of these people saved last, in one query."""
    place = func.row_number().over(
        partition_by=SavedListing.person_id,
        order_by=(SavedListing.created_at.desc(), SavedListing.listing_id),
    )
    ranked = (
        select(SavedListing.person_id, SavedListing.listing_id, SavedListing.created_at, place.label("place"))
        .where(SavedListing.person_id.in_(set(person_ids)))
        .subquery()
    )
    query = select(ranked.c.person_id, ranked.c.listing_id, ranked.c.created_at).where(
        ranked.c.place <= most_each
    )
    with reading() as connection:
        return [Saved(person_id=row[0], listing_id=row[1], at=row[2]) for row in connection.execute(query)]


def saved_among(person_id: int, listing_ids: Collection[int]) -> frozenset[int]:
    """Which of these listings a person has saved."""
    query = select(SavedListing.listing_id).where(
        SavedListing.person_id == person_id, SavedListing.listing_id.in_(set(listing_ids))
    )
    with reading() as connection:
        return frozenset(connection.scalars(query))


def count_listings(currency: str) -> tuple[Counts, Money]:
    """How many listings stand where, and what those in a currency offer on average: nothing where none is."""
    is_priced = ListingRow.currency == currency
    query = (
        select(
            ListingRow.status,
            func.count(),
            func.count().filter(is_priced),
            func.sum(ListingRow.price_minor).filter(is_priced),
        )
        .where(_IS_THERE)
        .group_by(ListingRow.status)
    )
    with reading() as connection:
        rows = connection.execute(query).all()
    priced, minor = sum(row[2] for row in rows), sum(row[3] or 0 for row in rows)
    return _counts({row[0]: row[1] for row in rows}), Money(rules.average(int(minor), priced), currency)


def count_of_owner(owner_id: int) -> Counts:
    """How many listings of an owner stand where."""
    query = (
        select(ListingRow.status, func.count())
        .where(ListingRow.owner_id == owner_id, _IS_THERE)
        .group_by(ListingRow.status)
    )
    with reading() as connection:
        return _counts({row[0]: row[1] for row in connection.execute(query)})


def count_assigned(assignee_id: int) -> Mapping[Status, int]:
    """How many listings somebody was chosen for, by where they stand."""
    query = (
        select(ListingRow.status, func.count())
        .where(ListingRow.assignee_id == assignee_id, _IS_THERE)
        .group_by(ListingRow.status)
    )
    with reading() as connection:
        return {Status(row[0]): row[1] for row in connection.execute(query)}


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


def _ids(ids: Collection[int]) -> BindParameter[list[int]]:
    """Many ids as one value: the statement is the same however many they are."""
    return literal(list(ids), ARRAY(BigInteger))


def _page(query: Select[*tuple[Any, ...]], count: Select[int], page: PageRequest) -> Page[Listing]:
    with reading() as connection:
        total = connection.scalar(count) or 0
        rows = connection.execute(query.limit(page.size).offset(page.offset)).mappings().all()
    return Page(items=[listing_of(row) for row in rows], total=total, request=page)


def _counts(counts: Mapping[str, int]) -> Counts:
    return Counts(**{str(status): counts.get(status, 0) for status in Status if status != Status.DELETED})


def _ordered(source: Any, order: Order) -> list[ColumnElement[Any]]:
    name, is_falling = _ORDERS[order]
    columns = (getattr(source, name), source.id)
    return [column.desc() if is_falling else column.asc() for column in columns]


def _search(filters: Filters, words: Sequence[ColumnElement[bool]], page: PageRequest) -> Page[Listing]:
    """One page of what has all words. The matches are found once, for their number and for the page."""
    found = (
        select(ListingRow.id, ListingRow.created_at, ListingRow.price_minor)
        .where(*_conditions(filters), *words)
        .cte("found")
    )
    on_page = (
        select(found.c.id).order_by(*_ordered(found.c, filters.order)).limit(page.size).offset(page.offset)
    )
    number = select(func.count()).select_from(found).scalar_subquery()
    with reading() as connection:
        total, ids = connection.execute(select(number, func.array(on_page.scalar_subquery()))).one()
    listings = find_listings(ids)
    return Page(items=[listings[id_] for id_ in ids if id_ in listings], total=total, request=page)


def _read_words(words: Sequence[str]) -> list[Word]:
    """The words as they are compared; what is nothing but an accent is no word."""
    with reading() as connection:
        rows = connection.execute(_WORDS, {"words": list(words)}).all()
    return [Word(form=row.form, parts=tuple(row.parts)) for row in rows if row.form]


def _occurs(word: Word) -> ColumnElement[bool]:
    """Whether a word occurs; one without three letters together only where a word begins."""
    if rules.is_found_by_letters(word.form):
        return ListingRow.search_text.contains(word.form, autoescape=True)
    stands = func.strpos(ListingRow.search_text, word.form) > 0
    beginnings = rules.beginnings(word.form)
    return stands if beginnings is None else and_(_has(beginnings), stands)


def _as_meant(words: Sequence[Word]) -> list[ColumnElement[bool]] | None:
    """The same search with what occurs nowhere taken as misspelt; `None` when that would find nothing."""
    unclear = [word for word in words if any(map(rules.can_be_misspelt, word.parts))]
    if not unclear:
        return None
    query = select(*(exists().where(_IS_THERE, _occurs(word)) for word in unclear))
    with reading() as connection:
        known = connection.execute(query).one()
    unknown = {word: _spellings(word) for word, occurs in zip(unclear, known, strict=True) if not occurs}
    if not unknown or not all(unknown.values()):
        return None
    return [_has(unknown[word]) if word in unknown else _occurs(word) for word in words]


def _spellings(word: Word) -> str:
    """The known words that an unknown one may be meant as, as PostgreSQL asks for words; empty for none."""
    unclear = [part for part in word.parts if rules.can_be_misspelt(part)]
    swapped = [other for part in unclear for other in rules.swaps(part)]
    with reading() as connection:
        known = connection.scalars(_ALIKE, {"parts": unclear, "swaps": swapped}).all()
    return rules.meanings(word.parts, known)


def _has(words: str) -> ColumnElement[bool]:
    return ListingRow.search_words.bool_op("@@")(cast(words, TSQUERY))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = [_IS_THERE]
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
