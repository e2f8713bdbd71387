"""Finding listings by what they say, whom they are of and what they cost."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.orm import aliased

from marketplace.domains.accounts.public import Brief
from marketplace.domains.catalog import public as catalog
from marketplace.domains.listings import rules
from marketplace.domains.listings.models import ListingRow, ListingSkill, OpenWord
from marketplace.domains.listings.queries import (
    IS_THERE,
    WITH_PEOPLE,
    find_with_people,
    ordered,
    read_with_people,
)
from marketplace.domains.listings.types import Filters, Listing, Order, Status, Word
from marketplace.kernel.kept import kept
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import Statement

# A page of listings, and their people by id.
Found = tuple[Page[Listing], Mapping[int, Brief]]
# So many known words, at most, may hold what is searched for: of more there are too many listings to collect.
MOST_HOLDING = 100
COUNTED_FOR_S = 1.0
_WORDS = Statement(
    text("""
        SELECT said.form, said.parts, ARRAY(
            SELECT word FROM listing_words
            WHERE said.parts = ARRAY[said.form] AND char_length(said.form) >= 3
                AND word LIKE '%' || said.form || '%' LIMIT :most
        ) AS holding
        FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS asked (word, place),
            -- with OFFSET each function is called once, and not wherever its answer is used
            LATERAL (
                SELECT search_form(word), tsvector_to_array(search_words(word)) OFFSET 0
            ) AS said (form, parts)
        ORDER BY asked.place
    """)
)
_ALIKE = text("""
    SELECT alike.word FROM unnest(CAST(:parts AS text[])) AS part, LATERAL (
        SELECT word FROM listing_words WHERE word % part AND word !~ '[0-9]'
        ORDER BY similarity(word, part) DESC, word LIMIT 50
    ) AS alike
    UNION SELECT word FROM listing_words WHERE word = ANY (CAST(:swaps AS text[])) ORDER BY 1
""")


def list_listings(filters: Filters, page: PageRequest) -> Page[Listing]:
    """One page of the listings that match, as `list_with_people` finds them."""
    return list_with_people(filters, page)[0]


def list_with_people(filters: Filters, page: PageRequest) -> Found:
    """One page of the listings that match, and their people by id; how many there are may be a second old.

    Each word must occur in the title or the description, where the search is broad also in the name of a
    skill or the category. Where nothing is found, a word that occurs nowhere
    is taken for a misspelt one: any known word that it may be meant as will do.
    """
    with reading(plans_once=True):
        if not filters.words:
            return _list(_asked(filters), filters.order, page)
        words = _read_words(filters.words)
        if all(word.holding for word in words) and not filters.is_broad:
            found = _list(_asked_with(filters, words), filters.order, page)
        else:
            found = _search(filters, [_occurs(word, is_broad=filters.is_broad) for word in words], page)
        if found[0].total:
            return found
        meant = _as_meant(words)
        return found if meant is None else _search(filters, meant, page)


def _list(asked: Mapping[str, Any], order: Order, page: PageRequest) -> Found:
    """One page; it tells by itself how many there are in all where it is the last one."""
    statement = _page_statement(tuple(asked), order, page.size)
    rows = statement.all(**_values(asked), offset=page.offset)
    found, people = read_with_people(rows[: page.size])
    return Page(items=found, total=_total(asked, page, len(rows)), request=page), people


def _total(asked: Mapping[str, Any], page: PageRequest, rows: int) -> int:
    """How many there are, so that there is a next page where one more row than the page holds was found."""
    seen = page.offset + rows
    if rows <= page.size and (rows or not page.offset):
        return seen
    key = tuple(asked.items())
    total = _count(key)
    if not rows:
        return min(total, page.offset)
    return total if total >= seen else max(_count.anew(key), seen)


@kept(for_s=COUNTED_FOR_S)
def _count(asked: tuple[tuple[str, Any], ...]) -> int:
    values = dict(asked)
    total: int = _count_statement(tuple(values)).scalar(**_values(values))
    return total


@cache
def _page_statement(names: tuple[str, ...], order: Order, size: int) -> Statement:
    # What comes before the page is passed by in an index, which has the id. That the page is short has to be
    # known for a plan that looks up its few rows. One row more says whether there is a next page.
    found = _found(names, order, size + 1).limit(size + 1)
    on_page = found.offset(bindparam("offset", type_=BigInteger)).subquery("on_page")
    query = WITH_PEOPLE.join(on_page, on_page.c.id == ListingRow.id).order_by(*ordered(ListingRow, order))
    return Statement(query, prepared=_ALIKE_FOR_ALL.issuperset(names))


def _found(names: tuple[str, ...], order: Order, size: int) -> Select[int]:
    """The ids of all that is asked for, in order."""
    if _SAID[0] in names:
        said = _saying_all(names).subquery("said")
        return select(said.c.id).order_by(*ordered(said.c, order))
    if "one_said" in names:
        first = _first_of_each(order, size).subquery("first")
        return select(first.c.id).order_by(*ordered(first.c, order))
    conditions = (_CONDITIONS[name] for name in names)
    return select(ListingRow.id).where(IS_THERE, *conditions).order_by(*ordered(ListingRow, order))


def _saying_all(names: tuple[str, ...]) -> Select[int, datetime]:
    """The open listings that say every word of some, one word's listings beside another's."""
    saying = _saying(OpenWord.word == bindparam(_SAID[0]))
    for name in names:
        if name in _SAID[1:]:
            other = aliased(OpenWord)
            is_same = (
                getattr(other, key) == getattr(OpenWord, key) for key in ("kind", "created_at", "listing_id")
            )
            saying = saying.join(other, and_(*is_same, other.word == bindparam(name)))
    return saying


def _first_of_each(order: Order, size: int) -> Select[int, datetime]:
    """The open listings that say one word of some: of each word's those that may come up to the page."""
    words = select(func.unnest(bindparam("one_said", type_=ARRAY(Text))).label("word")).subquery("words")
    until = bindparam("offset", type_=BigInteger) + size
    saying = _saying(OpenWord.word == words.c.word)
    each = saying.order_by(*ordered(saying.selected_columns, order)).limit(until).lateral("each")
    return select(each.c.id, each.c.created_at).distinct().select_from(words.join(each, true()))


def _saying(condition: ColumnElement[bool]) -> Select[int, datetime]:
    """The open listings that say a word."""
    saying = select(OpenWord.listing_id.label("id"), OpenWord.created_at)
    return saying.where(OpenWord.kind == bindparam("kind"), condition)


@cache
def _count_statement(names: tuple[str, ...]) -> Statement:
    if _SAID[0] in names:
        query = select(func.count()).select_from(_saying_all(names).subquery("said"))
    elif "one_said" in names:
        one_said = _SAYING_ONE.subquery("one_said")
        query = select(func.count(one_said.c.id.distinct()))
    else:
        conditions = (_CONDITIONS[name] for name in names)
        query = select(func.count()).select_from(ListingRow).where(IS_THERE, *conditions)
    return Statement(query, prepared=_ALIKE_FOR_ALL.issuperset(names))


def _values(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items()}


def _search(filters: Filters, words: Sequence[ColumnElement[bool]], page: PageRequest) -> Found:
    """One page of what has all words. The matches are found once, for their number and for the page."""
    asked = _asked(filters)
    found = (
        select(ListingRow.id, ListingRow.created_at, ListingRow.price_minor, ListingRow.price_max_minor)
        .where(IS_THERE, *(_CONDITIONS[name] for name in asked), *words)
        .cte("found")
    )
    on_page = (
        select(found.c.id).order_by(*ordered(found.c, filters.order)).limit(page.size).offset(page.offset)
    )
    number = select(func.count()).select_from(found).scalar_subquery()
    query = Statement(select(number, func.array(on_page.scalar_subquery())), prepared=False)
    ((total, ids),) = query.all(**_values(asked))
    found_listings, people = find_with_people(ids)
    return Page(items=found_listings, total=total, request=page), people


def _read_words(words: Sequence[str]) -> list[Word]:
    """The words as they are compared; what is nothing but an accent is no word."""
    rows = _WORDS.all(words=list(words), most=MOST_HOLDING + 1)
    return [
        Word(form=form, parts=tuple(parts), holding=tuple(holding) if len(holding) <= MOST_HOLDING else ())
        for form, parts, holding in rows
        if form
    ]


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
    if word.holding:
        return _has(rules.holding_all([word]))
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
    (known,) = Statement(query, prepared=False).all()
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


def _asked(filters: Filters) -> dict[str, Any]:
    """What is asked for, by the names of `_CONDITIONS`."""
    asked = {
        "kind": str(filters.kind),
        "status": filters.status and str(filters.status),
        "category_id": filters.category_id,
        "city": filters.city and rules.containing(filters.city),
        "min_price": filters.min_price_minor,
        "max_price": filters.max_price_minor,
        "most_days": filters.most_days,
        "skills": tuple(map(rules.containing, filters.skills)) or None,
        "owner_id": filters.owner_id,
        "is_active": filters.is_active,
        "involving": filters.involving,
    }
    return {name: value for name, value in asked.items() if value is not None}


def _asked_with(filters: Filters, words: Sequence[Word]) -> dict[str, Any]:
    """What is asked for where known words hold what is searched for: of `open_words` where that knows."""
    asked = _asked(filters)
    is_known = asked == {"kind": str(filters.kind), "status": str(Status.OPEN)} and filters.order in _IN_TIME
    holding = [word.holding for word in words]
    if is_known and len(holding) == 1 < len(holding[0]):
        return {"kind": asked["kind"], "one_said": holding[0]}
    if is_known and 1 <= len(holding) <= len(_SAID) and all(len(each) == 1 for each in holding):
        return {"kind": asked["kind"], **{name: each[0] for name, each in zip(_SAID, holding, strict=False)}}
    return asked | {"words": rules.holding_all(words)}


_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "kind": ListingRow.kind == bindparam("kind"),
    "status": ListingRow.status == bindparam("status"),
    "category_id": ListingRow.category_id == bindparam("category_id"),
    "city": ListingRow.city.ilike(bindparam("city")),
    "min_price": ListingRow.price_max_minor >= bindparam("min_price"),
    "max_price": ListingRow.price_minor <= bindparam("max_price"),
    "most_days": ListingRow.days <= bindparam("most_days"),
    "skills": _has_skill(catalog.SKILLS.c.name.ilike(any_(bindparam("skills", type_=ARRAY(Text))))),
    "owner_id": ListingRow.owner_id == bindparam("owner_id"),
    "is_active": ListingRow.is_active == bindparam("is_active"),
    "involving": (ListingRow.owner_id == bindparam("involving"))
    | (ListingRow.assignee_id == bindparam("involving")),
    "words": ListingRow.search_words.bool_op("@@")(cast(bindparam("words"), TSQUERY)),
}
# The words that open listings say one and all; to look for more together, planning would take too long.
_SAID = ("said", "said_too", "said_as_well")
# For these one plan is good whatever is asked for.
_ALIKE_FOR_ALL = frozenset({"kind", "status", "said", "one_said"})
_SAYING_ONE = _saying(OpenWord.word == any_(bindparam("one_said", type_=ARRAY(Text))))
_IN_TIME = frozenset({Order.NEWEST, Order.OLDEST})
