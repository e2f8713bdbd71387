"""Making a deal: whoever answers a listing."""

from typing import Any

from sqlalchemy import bindparam, insert, update

from marketplace.domains.deals import queries, rules
from marketplace.domains.deals.events import DealOpened
from marketplace.domains.deals.models import DealRow
from marketplace.domains.deals.types import Deal, Kind
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing
from marketplace.domains.messaging import public as messaging
from marketplace.kernel.clock import clock
from marketplace.kernel.errors import DomainError
from marketplace.kernel.statements import Statement
from marketplace.kernel.unit_of_work import UnitOfWork

_GIVEN = [column for column in queries.COLUMNS if column is not DealRow.id]
_INSERT = Statement(
    insert(DealRow).values({column: bindparam(column.key) for column in _GIVEN}).returning(*queries.COLUMNS)
)


def open_deal(
    unit: UnitOfWork,
    kind: Kind,
    listing: Listing,
    *,
    seller_id: int,
    buyer_id: int,
    refusals: dict[str, type[DomainError]],
    **terms: Any,
) -> tuple[Deal, Listing]:
    """A deal about a locked listing on its terms of today, but for those that are named; and the listing."""
    now = clock.now()
    said = {
        "proposal": "",
        "price_minor": listing.price.minor,
        "price_max_minor": listing.price_max.minor,
        "currency": listing.price.currency,
        "duration": "",
        **terms,
    }
    inserted = unit.run(
        _INSERT,
        refusals,
        kind=str(kind),
        listing_id=listing.id,
        buyer_id=buyer_id,
        seller_id=seller_id,
        title=listing.title,
        days=listing.days,
        status=str(rules.PROCESSES[kind].initial),
        created_at=now,
        updated_at=now,
        **said,
    )
    deal = queries.deal_of(inserted.fetchall()[0])
    listing = listings.count_deal(listing.id)
    unit.record(
        DealOpened(
            deal_id=deal.id,
            kind=kind,
            listing_id=listing.id,
            title=listing.title,
            buyer_id=buyer_id,
            seller_id=seller_id,
        )
    )
    return deal, listing


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
