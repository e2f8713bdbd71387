"""Asking for the money of an order in its conversation: its freelancer asks, its client pays."""

from dataclasses import dataclass

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import queries, rules
from marketplace.domains.deals.errors import ContractUnfit
from marketplace.domains.deals.queries import contracts
from marketplace.domains.deals.types import Contract, Deal
from marketplace.domains.listings import public as listings
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.public import MessageKind
from marketplace.domains.payments import public as payments
from marketplace.domains.payments.public import PaymentRequest
from marketplace.kernel.money import Money
from marketplace.kernel.process import NotYours
from marketplace.kernel.unit_of_work import unit_of_work


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """A payment request, the conversation in which it was made, and the contract that it is about."""

    request: PaymentRequest
    room_id: int
    contract_id: int | None


def request_payment(
    *, actor: Person, room_id: int, amount: Money, description: str, contract_id: int | None = None
) -> RequestView:
    """Ask the client of a conversation's order for an amount; its freelancer alone may."""
    deal = _deal_of(actor, room_id)
    if deal.seller_id != actor.id:
        raise NotYours
    with unit_of_work():
        accounts.keep(actor, other_id=deal.buyer_id)
        listings.lock_whatever(deal.listing_id)
        contract = None if contract_id is None else _get_binding(deal, contract_id)
        request = payments.ask_payment(
            actor=actor,
            payer_id=deal.buyer_id,
            reference=deal.reference,
            about=None if contract is None else contract.reference,
            amount=amount,
            description=description,
        )
        messaging.post(
            sender_id=actor.id,
            room_id=room_id,
            kind=MessageKind.PAYMENT,
            body=description or f"Asked for a payment of {amount}.",
            about=request.name,
        )
        return RequestView(request=request, room_id=room_id, contract_id=contract_id)


def list_payment_requests(*, actor: Person) -> list[RequestView]:
    """What the actor has asked for or is asked for in their conversations, newest first."""
    found = payments.list_payment_requests(person_id=actor.id)
    rooms = messaging.deal_rooms({request.reference for request in found})
    return [
        RequestView(
            request=request,
            room_id=rooms[request.reference],
            contract_id=int(request.about.rpartition(":")[2]) if request.about else None,
        )
        for request in found
    ]


def _deal_of(actor: Person, room_id: int) -> Deal:
    """The order that a conversation of the actor's is about, which is not closed."""
    conversation = messaging.get_deal_conversation(person_id=actor.id, room_id=room_id)
    if not conversation.is_active:
        raise messaging.RoomClosed
    subject = conversation.subject or ""
    return queries.find_referred([subject])[subject]


def _get_binding(deal: Deal, contract_id: int) -> Contract:
    contract = contracts.find_contract(contract_id)
    if contract is None or contract.deal_id != deal.id or not rules.is_binding(contract):
        raise ContractUnfit
    return contract
