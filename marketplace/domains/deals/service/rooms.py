"""The conversation of a deal."""

from marketplace.domains.deals.types import Contract, Deal
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.public import MessageKind


def open_room(deal: Deal, *, opened_by: int | None = None) -> int:
    """The room of a deal's two sides: there is one; it comes back to the list of whoever opens it."""
    return messaging.open_deal_room(
        subject=deal.reference, member_ids={deal.buyer_id, deal.seller_id}, opened_by=opened_by
    )


def post_about(contract: Contract, *, by_id: int, said: str) -> None:
    """Let both sides of a deal read what one of them did about a contract."""
    room_id = messaging.open_deal_room(
        subject=contract.deal_reference, member_ids={contract.buyer_id, contract.seller_id}
    )
    messaging.post(
        sender_id=by_id,
        room_id=room_id,
        kind=MessageKind.CONTRACT,
        body=said,
        about=contract.reference,
    )
