"""What the conversation of a deal is told of its contracts."""

from marketplace.domains.deals.types import Contract
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.public import MessageKind


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
