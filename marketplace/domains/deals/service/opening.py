"""Making a deal: whoever answers a listing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.deals import queries, rules
from marketplace.domains.deals.events import DealOpened
from marketplace.domains.deals.models import DealRow
from marketplace.domains.deals.types import Deal, Kind
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing
from marketplace.domains.messaging import public as messaging
from marketplace.kernel.clock import clock
from marketplace.kernel.errors import Conflict, DomainError
from marketplace.kernel.money import Money
from marketplace.kernel.statements import Statement, as_rows, given_rows
from marketplace.kernel.unit_of_work import UnitOfWork

_GIVEN = [column for column in queries.COLUMNS if column is not DealRow.id]
_OPENED = given_rows(**{column.key: column.type for column in _GIVEN})
# A deal that another one forbids is not made.
_INSERT = Statement(
    insert(DealRow).from_select(_GIVEN, select(_OPENED)).on_conflict_do_nothing().returning(*queries.COLUMNS)
)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A deal to be made about a locked listing: on its terms of today, but for those that are named."""

    kind: Kind
    listing: Listing
    seller_id: int
    buyer_id: int
    proposal: str = ""
    price: Money | None = None
    duration: str = ""


def open_deals(
    unit: UnitOfWork, openings: Sequence[Opening]
) -> tuple[list[Deal | None], Mapping[int, Listing]]:
    """The deals that were made, nothing for one that another deal forbids; and their listings by id."""
    rows = as_rows([_row(opening) for opening in openings])
    made: dict[tuple[int, int], list[Deal]] = {}
    for deal in map(queries.deal_of, unit.run(_INSERT, rows=rows).fetchall() if openings else ()):
        made.setdefault((deal.listing_id, deal.seller_id), []).append(deal)
    found = [made.get((opening.listing.id, opening.seller_id), []) for opening in openings]
    deals = [mine.pop(0) if mine else None for mine in found]
    opened = [deal for deal in deals if deal]
    counted = listings.count_deals(Counter(deal.listing_id for deal in opened)) if opened else {}
    unit.record(*(DealOpened(**told(deal)) for deal in opened))
    return deals, counted


def open_deal(unit: UnitOfWork, opening: Opening, refusal: type[DomainError] = Conflict) -> Deal:
    """The deal that was made; refuses one that another deal forbids."""
    (deal,), _ = open_deals(unit, [opening])
    if deal is None:
        raise refusal
    return deal


def _row(opening: Opening) -> dict[str, Any]:
    listing, now = opening.listing, clock.now()
    price, price_max = opening.price or listing.price, opening.price or listing.price_max
    return {
        "kind": str(opening.kind),
        "listing_id": listing.id,
        "buyer_id": opening.buyer_id,
        "seller_id": opening.seller_id,
        "title": listing.title,
        "proposal": opening.proposal,
        "price_minor": price.minor,
        "price_max_minor": price_max.minor,
        "currency": price.currency,
        "days": listing.days,
        "duration": opening.duration,
        "status": str(rules.PROCESSES[opening.kind].initial),
        "created_at": now,
        "updated_at": now,
    }


def move(unit: UnitOfWork, deal: Deal, action: str, actors: set[str]) -> None:
    """Take an action of the deal's life cycle; the caller holds the lock of its listing."""
    status = rules.PROCESSES[deal.kind].decide(action, state=deal.status, actors=actors)
    now = clock.now()
    unit.session.execute(
        update(DealRow).where(DealRow.id == deal.id).values(status=status, decided_at=now, updated_at=now)
    )


def open_room(deal: Deal, *, opened_by: int | None = None) -> int:
    """The id of the room of a deal's two sides, which is made unless it is there."""
    sides = {deal.buyer_id, deal.seller_id}
    return messaging.open_deal_room(subject=deal.reference, member_ids=sides, opened_by=opened_by)


def told(deal: Deal) -> dict[str, Any]:
    """What a fact of a deal tells."""
    return {
        "deal_id": deal.id,
        "kind": deal.kind,
        "listing_id": deal.listing_id,
        "title": deal.title,
        "buyer_id": deal.buyer_id,
        "seller_id": deal.seller_id,
    }
