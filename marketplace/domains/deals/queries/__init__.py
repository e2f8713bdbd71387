"""What deals reads."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from marketplace.domains.deals.models import DealRow, ReviewRow
from marketplace.domains.deals.rules import CHOSEN, STANDING, UNFINISHED
from marketplace.domains.deals.types import Deal, Involvement, Kind, Review, Standing, Status
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import ANY_OF_IDS, Statement, as_rows, given_rows

COLUMNS = (
    DealRow.id,
    DealRow.kind,
    DealRow.listing_id,
    DealRow.buyer_id,
    DealRow.seller_id,
    DealRow.title,
    DealRow.proposal,
    DealRow.price_minor,
    DealRow.price_max_minor,
    DealRow.currency,
    DealRow.days,
    DealRow.duration,
    DealRow.status,
    DealRow.created_at,
    DealRow.updated_at,
)
_NAMES = [column.key for column in COLUMNS]
_DEAL = select(*COLUMNS)
_REVIEW = select(
    ReviewRow.id,
    ReviewRow.listing_id,
    ReviewRow.reviewer_id,
    ReviewRow.reviewee_id,
    ReviewRow.rating,
    ReviewRow.comment,
    ReviewRow.created_at,
)
# People as rows of a query, which is the same however many they are.
_PEOPLE = select(func.unnest(bindparam("ids", type_=ARRAY(BigInteger))).label("id")).subquery()
_IS_COMPLETED = DealRow.status == Status.COMPLETED
_WAS_CHOSEN = or_(*(DealRow.status == status for status in sorted(CHOSEN)))
_SELLERS = Statement(
    select(DealRow.seller_id).where(DealRow.listing_id == bindparam("listing_id")).order_by(DealRow.id.desc())
)
_APPLIED = Statement(
    select(DealRow.listing_id).where(
        DealRow.kind == Kind.APPLICATION, DealRow.seller_id == bindparam("seller_id")
    )
)
_LAST_DONE = (
    select(DealRow.seller_id).where(_IS_COMPLETED).order_by(DealRow.id.desc()).limit(bindparam("most"))
)
_LATELY_AT_WORK = Statement(_LAST_DONE)
_HIRED = Statement(_LAST_DONE.where(DealRow.buyer_id == bindparam("buyer_id")))
_LAST_WORKS = (
    select(DealRow.listing_id, DealRow.created_at, _WAS_CHOSEN.label("was_chosen"))
    .where(DealRow.kind == Kind.APPLICATION, DealRow.seller_id == _PEOPLE.c.id)
    .order_by(DealRow.id.desc())
    .limit(bindparam("most_each"))
    .lateral()
)
_WORKS = Statement(select(_PEOPLE.c.id, *_LAST_WORKS.c).select_from(_PEOPLE.join(_LAST_WORKS, true())))
_LAST_RATINGS = (
    select(ReviewRow.rating)
    .where(ReviewRow.reviewee_id == _PEOPLE.c.id)
    .order_by(ReviewRow.id.desc())
    .limit(bindparam("most_each"))
)
_WORK = select(DealRow.created_at).where(DealRow.seller_id == _PEOPLE.c.id)
_STANDINGS = Statement(
    select(
        _PEOPLE.c.id,
        func.array(_LAST_RATINGS.scalar_subquery()),
        _WORK.where(_IS_COMPLETED).exists(),
        _WORK.order_by(DealRow.id.desc()).limit(1).scalar_subquery(),
    )
)
_RATINGS = Statement(
    select(ReviewRow.reviewee_id, func.count(), func.round(func.avg(ReviewRow.rating), 2))
    .where(ReviewRow.reviewee_id == ANY_OF_IDS)
    .group_by(ReviewRow.reviewee_id)
)
_ENDED = union_all(
    *(
        select(side.label("person_id")).where(side == ANY_OF_IDS, _IS_COMPLETED)
        for side in (DealRow.buyer_id, DealRow.seller_id)
    )
).subquery()
_COMPLETED = Statement(select(_ENDED.c.person_id, func.count()).group_by(_ENDED.c.person_id))
_PAIRS = given_rows(seller_id=BigInteger(), listing_id=BigInteger())
_APPLIED_AMONG = Statement(
    select(_PAIRS).where(
        exists().where(DealRow.listing_id == _PAIRS.c.listing_id, DealRow.seller_id == _PAIRS.c.seller_id)
    )
)

# A listing counts its deals; a task and a project have exactly one chosen one from their start on, a deleted
# task shows none.
# Somebody who has deleted their account leaves nothing undone; a bank may send money back even then.
_CONTRADICTIONS = """
    SELECT l.kind || ' ' || l.id || ' counts ' || l.deals_count || ' deals, there are ' || count(d.id)
    FROM listings l LEFT JOIN deals d ON d.listing_id = l.id
    GROUP BY l.id HAVING l.deals_count <> count(d.id)
    UNION ALL
    SELECT 'task ' || l.id || ' is ' || l.status || ', its chosen application ' || coalesce(d.status, 'none')
    FROM listings l
    LEFT JOIN deals d ON d.listing_id = l.id AND d.status IN ('accepted', 'completed', 'cancelled')
    WHERE l.kind = 'task' AND (coalesce(d.status, '') <> ALL (CASE l.status
            WHEN 'open' THEN ARRAY['']
            WHEN 'in_progress' THEN ARRAY['accepted']
            WHEN 'completed' THEN ARRAY['completed']
            ELSE ARRAY['', 'cancelled'] END)
        OR d.seller_id <> l.assignee_id)
    UNION ALL
    SELECT 'proposal ' || l.id || ' is ' || l.status || ', its chosen order ' || coalesce(d.status, 'none')
    FROM listings l LEFT JOIN deals d ON d.listing_id = l.id AND d.status IN ('accepted', 'completed')
    WHERE l.kind = 'proposal' AND l.status <> 'deleted' AND (coalesce(d.status, '') <> (CASE l.status
            WHEN 'in_progress' THEN 'accepted'
            WHEN 'completed' THEN 'completed'
            ELSE '' END)
        OR d.seller_id <> l.assignee_id)
    UNION ALL
    SELECT 'application ' || d.id || ' is ' || d.status || ', its task ' || l.id || ' deleted'
    FROM deals d JOIN listings l ON l.id = d.listing_id
    WHERE l.kind = 'task' AND l.status = 'deleted' AND d.status <> 'removed'
    UNION ALL
    SELECT d.kind || ' ' || d.id || ' is pending, its ' || l.kind || ' ' || l.id || ' deleted'
    FROM deals d JOIN listings l ON l.id = d.listing_id
    WHERE l.kind <> 'task' AND l.status = 'deleted' AND d.status = 'pending'
    UNION ALL
    SELECT 'person ' || u.id || ' is deleted, ' || left_over.what
    FROM users u JOIN (
        SELECT owner_id AS person_id, 'their ' || kind || ' ' || id || ' is ' || status AS what
            FROM listings WHERE status IN ('open', 'in_progress')
        UNION ALL SELECT unnest(ARRAY[seller_id, buyer_id]), 'their ' || kind || ' ' || id || ' is ' || status
            FROM deals WHERE status IN ('pending', 'accepted')
        UNION ALL SELECT unnest(ARRAY[payer_id, payee_id]), 'their escrow ' || id || ' is held'
            FROM holds WHERE status = 'held'
        UNION ALL SELECT owner_id, 'there is money of theirs: ' || balance_minor || ' ' || currency
            FROM ledger_accounts WHERE balance_minor > 0
    ) left_over ON left_over.person_id = u.id
    WHERE u.status = 'deleted'
"""
_IS_THERE = DealRow.status != Status.REMOVED
_IS_APPLICATION = DealRow.kind == Kind.APPLICATION
_IS_CHOSEN = or_(
    and_(_IS_APPLICATION, DealRow.status.in_(CHOSEN)),
    and_(DealRow.kind == Kind.PROPOSAL_ORDER, DealRow.status.in_(STANDING)),
)


def find_deal(deal_id: int) -> Deal | None:
    """A deal by id."""
    return _find((DealRow.id == deal_id) & _IS_THERE)


def find_referred(references: Collection[str]) -> Mapping[str, Deal]:
    """The deals that rooms and holds refer to, in one query."""
    ids = {int(reference.rpartition(":")[2]) for reference in references}
    return {deal.reference: deal for deal in _all(DealRow.id.in_(ids))} if ids else {}


def find_chosen(listing_id: int) -> Deal | None:
    """The one deal that the owner of a task or a project chose."""
    return _find((DealRow.listing_id == listing_id) & _IS_CHOSEN)


def chosen_among(listing_ids: Collection[int]) -> list[Deal]:
    """The applications that the owners of these tasks chose, in one query."""
    if not listing_ids:
        return []
    condition = DealRow.listing_id.in_(set(listing_ids)) & _IS_CHOSEN
    with reading() as connection:
        rows = connection.execute(_DEAL.where(condition)).all()
    return [deal_of(row) for row in rows]


def list_of_listing(listing_id: int, page: PageRequest) -> Page[Deal]:
    """One page of a listing's deals, newest first."""
    return _page((DealRow.listing_id == listing_id) & _IS_THERE, page)


def list_of_seller(seller_id: int, page: PageRequest) -> Page[Deal]:
    """One page of what somebody applied for, newest first."""
    return _page((DealRow.seller_id == seller_id) & _IS_APPLICATION & _IS_THERE, page)


def list_orders(kind: Kind, *, person_id: int) -> list[Deal]:
    """Somebody's orders of a kind, on whichever side, newest first."""
    mine = (DealRow.seller_id == person_id) | (DealRow.buyer_id == person_id)
    query = _DEAL.where(DealRow.kind == kind, mine).order_by(DealRow.id.desc())
    with reading() as connection:
        return [deal_of(row) for row in connection.execute(query)]


def applicants_of(listing_ids: Collection[int]) -> Mapping[int, Sequence[int]]:
    """Who waits for an answer or was chosen, of each of these listings, in the order they came."""
    found: dict[int, list[int]] = {listing_id: [] for listing_id in listing_ids}
    is_live = DealRow.status.in_({*UNFINISHED, Status.COMPLETED})
    query = select(DealRow.listing_id, DealRow.seller_id).where(DealRow.listing_id.in_(found), is_live)
    with reading() as connection:
        for listing_id, seller_id in connection.execute(query.order_by(DealRow.id)):
            found[listing_id].append(seller_id)
    return found


def pending_of(listing_id: int) -> list[Deal]:
    """A listing's undecided deals, by id."""
    return _all((DealRow.listing_id == listing_id) & (DealRow.status == Status.PENDING))


def all_of(listing_id: int) -> list[Deal]:
    """A listing's deals, by id."""
    return _all((DealRow.listing_id == listing_id) & _IS_THERE)


def sellers_of(listing_id: int) -> list[int]:
    """Everybody who ever applied to a listing, of a deleted one too, the last first."""
    return _SELLERS.scalars(listing_id=listing_id)


def parties_of(listing_id: int) -> frozenset[int]:
    """Everybody who ever had a deal about a listing, on either side, of a deleted one too."""
    query = select(DealRow.buyer_id, DealRow.seller_id).where(DealRow.listing_id == listing_id)
    with reading() as connection:
        return frozenset(person_id for row in connection.execute(query) for person_id in row)


def count_deals(*, seller_id: int | None = None) -> Mapping[Status, int]:
    """How many applications stand where, of everybody or of one seller."""
    query = select(DealRow.status, func.count()).where(_IS_APPLICATION, _IS_THERE).group_by(DealRow.status)
    if seller_id is not None:
        query = query.where(DealRow.seller_id == seller_id)
    with reading() as connection:
        return {Status(row[0]): row[1] for row in connection.execute(query)}


def ratings_of(reviewee_id: int) -> tuple[int, float | None]:
    """How many reviews somebody received, and their average to two places."""
    return ratings_among([reviewee_id]).get(reviewee_id, (0, None))


def ratings_among(reviewee_ids: Collection[int]) -> Mapping[int, tuple[int, float]]:
    """The same of each of these people who received any, in one query."""
    if not reviewee_ids:
        return {}
    rows = _RATINGS.all(ids=list(set(reviewee_ids)))
    return {row[0]: (row[1], float(row[2])) for row in rows}


def completed_among(person_ids: Collection[int]) -> Mapping[int, int]:
    """How many deals each of these people brought to an end, on either side, in one query."""
    if not person_ids:
        return {}
    return {row[0]: row[1] for row in _COMPLETED.all(ids=list(set(person_ids)))}


def works_of(person_ids: Collection[int], *, most_each: int) -> list[Involvement]:
    """The tasks that each of these people applied to last, in one query."""
    rows = _WORKS.all(ids=list(set(person_ids)), most_each=most_each)
    return [Involvement(person_id=row[0], listing_id=row[1], at=row[2], was_chosen=row[3]) for row in rows]


def applied_by(person_id: int) -> frozenset[int]:
    """Every task that somebody applied to."""
    return frozenset(_APPLIED.scalars(seller_id=person_id))


def hired_by(buyer_id: int, *, most: int) -> frozenset[int]:
    """Whose work somebody took as done, the `most` last times."""
    return frozenset(_HIRED.scalars(buyer_id=buyer_id, most=most))


def lately_at_work(*, most: int) -> frozenset[int]:
    """Whose work was taken as done, in the `most` last applications of which it was."""
    return frozenset(_LATELY_AT_WORK.scalars(most=most))


def standings_of(person_ids: Collection[int], *, most_each: int) -> Mapping[int, Standing]:
    """What the work of each of these people came to, by `most_each` of their ratings, in one query."""
    return {
        row[0]: Standing(
            ratings_sum=sum(row[1]), ratings_count=len(row[1]), has_completed=row[2], applied_at=row[3]
        )
        for row in _STANDINGS.all(ids=list(set(person_ids)), most_each=most_each)
    }


def applied_among(pairs: Collection[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Those of these pairs of a person and a listing where the person has applied to the listing."""
    if not pairs:
        return frozenset()
    rows = [{"seller_id": person_id, "listing_id": listing_id} for person_id, listing_id in pairs]
    return frozenset(_APPLIED_AMONG.all(rows=as_rows(rows)))


def undecided_of(person_id: int) -> list[Deal]:
    """What somebody applied for or ordered, or was ordered from them, and is undecided, by id."""
    is_mine = (DealRow.seller_id == person_id) | (DealRow.buyer_id == person_id) & ~_IS_APPLICATION
    return _all(is_mine & (DealRow.status == Status.PENDING))


def has_work_under_way(person_id: int) -> bool:
    """Whether work by or for somebody is in progress."""
    theirs = (DealRow.buyer_id == person_id) | (DealRow.seller_id == person_id)
    with reading() as connection:
        return bool(connection.scalar(select(exists().where(theirs, DealRow.status == Status.ACCEPTED))))


def has_unfinished(*, seller_id: int) -> bool:
    """Whether somebody's offers are undecided, or their work in progress."""
    query = select(exists().where(DealRow.seller_id == seller_id, DealRow.status.in_(UNFINISHED)))
    with reading() as connection:
        return bool(connection.scalar(query))


def list_reviews(
    page: PageRequest, *, listing_id: int | None = None, reviewee_id: int | None = None
) -> Page[Review]:
    """One page of the reviews of a listing, or of those that somebody received, newest first."""
    about = ReviewRow.listing_id == listing_id
    condition = about if listing_id is not None else ReviewRow.reviewee_id == reviewee_id
    query = _REVIEW.where(condition).order_by(ReviewRow.id.desc()).limit(page.size).offset(page.offset)
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(ReviewRow).where(condition)) or 0
        rows = connection.execute(query).mappings().all()
    return Page(items=[Review(**row) for row in rows], total=total, request=page)


def deal_of(row: Sequence[Any]) -> Deal:
    """A row of `COLUMNS` as a deal."""
    values = dict(zip(_NAMES, row, strict=True))
    currency = values.pop("currency")
    values["price"] = Money(values.pop("price_minor"), currency)
    values["price_max"] = Money(values.pop("price_max_minor"), currency)
    values["kind"] = Kind(values["kind"])
    values["status"] = Status(values["status"])
    return Deal(**values)


def _find(condition: ColumnElement[bool]) -> Deal | None:
    with reading() as connection:
        row = connection.execute(_DEAL.where(condition)).one_or_none()
    return None if row is None else deal_of(row)


def _all(condition: ColumnElement[bool]) -> list[Deal]:
    with reading() as connection:
        rows = connection.execute(_DEAL.where(condition).order_by(DealRow.id)).all()
    return [deal_of(row) for row in rows]


def _page(condition: ColumnElement[bool], page: PageRequest) -> Page[Deal]:
    query = _DEAL.where(condition).order_by(DealRow.id.desc()).limit(page.size).offset(page.offset)
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(DealRow).where(condition)) or 0
        rows = connection.execute(query).all()
    return Page(items=[deal_of(row) for row in rows], total=total, request=page)


def find_contradictions() -> list[str]:
    """What tasks and their applications say against each other, in sentences."""
    with reading() as connection:
        return list(connection.scalars(text(_CONTRADICTIONS)))
