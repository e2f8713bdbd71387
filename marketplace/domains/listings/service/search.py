"""Finding listings by what they say, whom they are of and what they cost."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, exists, func, or_, select, text
from sqlalchemy.dialects.postgresql import TSQUERY

from marketplace.domains.catalog import public as catalog
from marketplace.domains.listings import rules
from marketplace.domains.listings.models import ListingRow, ListingSkill
from marketplace.domains.listings.queries import COLUMNS, IS_THERE, find_listings, listing_of, ordered
from marketplace.domains.listings.types import Filters, Listing, Word
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.unit_of_work import reading

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


def list_listings(filters: Filters, page: PageRequest) -> Page[Listing]:
    """One page of the listings that match.

    Each word must occur in the title or the description, where the search is broad also in the name of a
    skill or the category. Where nothing is found, a word that occurs nowhere
    is taken for a misspelt one: any known word that it may be meant as will do.
    """
    if not filters.words:
        conditions = _conditions(filters)
        query = select(*COLUMNS).where(*conditions).order_by(*ordered(ListingRow, filters.order))
        return _page(query, select(func.count()).select_from(ListingRow).where(*conditions), page)
    words = _read_words(filters.words)
    found = _search(filters, [_occurs(word, is_broad=filters.is_broad) for word in words], page)
    if found.total:
        return found
    meant = _as_meant(words)
    return found if meant is None else _search(filters, meant, page)


def _page(query: Select[*tuple[Any, ...]], count: Select[int], page: PageRequest) -> Page[Listing]:
    with reading() as connection:
        total = connection.scalar(count) or 0
        rows = connection.execute(query.limit(page.size).offset(page.offset)).mappings().all()
    return Page(items=[listing_of(row) for row in rows], total=total, request=page)


def _search(filters: Filters, words: Sequence[ColumnElement[bool]], page: PageRequest) -> Page[Listing]:
    """One page of what has all words. The matches are found once, for their number and for the page."""
    found = (
        select(ListingRow.id, ListingRow.created_at, ListingRow.price_minor, ListingRow.price_max_minor)
        .where(*_conditions(filters), *words)
        .cte("found")
    )
    on_page = (
        select(found.c.id).order_by(*ordered(found.c, filters.order)).limit(page.size).offset(page.offset)
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


def _occurs(word: Word, *, is_broad: bool = False) -> ColumnElement[bool]:
    """Whether a word occurs; one without three letters together only where a word begins."""
    written = _is_written(word)
    if not is_broad:
        return written
    named = _has_skill(_contains(catalog.SKILLS.c.name, word))
    category = catalog.CATEGORIES.c
    categories = select(category.id).where(_contains(category.name, word))
    return or_(written, named, ListingRow.category_id.in_(categories))


def _contains(name: ColumnElement[str], word: Word) -> ColumnElement[bool]:
    return func.search_form(name).contains(word.form, autoescape=True)


def _has_skill(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of a listing's skills is such."""
    return ListingRow.id.in_(
        select(ListingSkill.listing_id)
        .join(catalog.SKILLS, catalog.SKILLS.c.id == ListingSkill.skill_id)
        .where(condition)
    )


def _is_written(word: Word) -> ColumnElement[bool]:
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
    query = select(*(exists().where(IS_THERE, _occurs(word)) for word in unclear))
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
    conditions = [ListingRow.kind == filters.kind, IS_THERE]
    if filters.status is not None:
        conditions.append(ListingRow.status == filters.status)
    if filters.category_id is not None:
        conditions.append(ListingRow.category_id == filters.category_id)
    if filters.city is not None:
        conditions.append(ListingRow.city.icontains(filters.city, autoescape=True))
    if filters.min_price_minor is not None:
        conditions.append(ListingRow.price_max_minor >= filters.min_price_minor)
    if filters.max_price_minor is not None:
        conditions.append(ListingRow.price_minor <= filters.max_price_minor)
    if filters.most_days is not None:
        conditions.append(ListingRow.days <= filters.most_days)
    if filters.skills:
        name = catalog.SKILLS.c.name
        conditions.append(
            _has_skill(or_(*(name.icontains(part, autoescape=True) for part in filters.skills)))
        )
    return conditions + _conditions_on_people(filters)


def _conditions_on_people(filters: Filters) -> list[ColumnElement[bool]]:
    conditions = []
    if filters.owner_id is not None:
        conditions.append(ListingRow.owner_id == filters.owner_id)
    if filters.is_active is not None:
        conditions.append(ListingRow.is_active == filters.is_active)
    if filters.involving is not None:
        mine = (ListingRow.owner_id == filters.involving) | (ListingRow.assignee_id == filters.involving)
        conditions.append(mine)
    return conditions
