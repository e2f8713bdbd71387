"""What the two sides of an order say to each other about it: one conversation an order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import policy, queries, rules
from marketplace.domains.deals.errors import OrderOver, UnknownOrder
from marketplace.domains.deals.queries import contracts
from marketplace.domains.deals.service.opening import open_room
from marketplace.domains.deals.service.orders import get_order
from marketplace.domains.deals.types import Deal, Kind
from marketplace.domains.listings import public as listings
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.public import Conversation, Message
from marketplace.domains.payments import public as payments
from marketplace.domains.payments.public import PaymentRequest
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.public import Card
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.process import NotYours
from marketplace.kernel.unit_of_work import unit_of_work


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message, and as it stands now the payment request that it tells of, if it does."""

    message: Message
    request: PaymentRequest | None = None


@dataclass(frozen=True, kw_only=True)
class TalkView:
    """A conversation as one side of its order sees it; `agreed` is what a contract says is paid."""

    conversation: Conversation
    last: Said | None
    deal: Deal
    agreed: Money | None
    buyer: Card
    seller: Card


def open_talk(*, actor: Person, order_id: int, kind: Kind) -> TalkView:
    """The conversation of an order, which is made unless it is there; none is made once the order is over."""
    with unit_of_work():
        deal = queries.find_deal(order_id)
        if deal is None or deal.kind is not kind:
            raise UnknownOrder
        if not policy.roles_towards(actor.id, deal):
            raise NotYours
        listings.lock_whatever(deal.listing_id)
        deal = get_order(order_id, kind)
        if rules.is_over(deal) and not messaging.has_deal_room(deal.reference):
            raise OrderOver
        return get_talk(actor=actor, room_id=open_room(deal, opened_by=actor.id))


def get_talk(*, actor: Person, room_id: int) -> TalkView:
    """One of the actor's conversations about orders."""
    return _view([messaging.get_deal_conversation(person_id=actor.id, room_id=room_id)])[0]


def read_talk(*, actor: Person, room_id: int, request: PageRequest) -> Page[Said]:
    """A page of a conversation, from old to new; who has seen the first has read it so far."""
    page = messaging.read_messages(actor=actor, room_id=room_id, request=request)
    return Page(items=_said(page.items), total=page.total, request=page.request)


def list_said(message_ids: Collection[int]) -> list[Said]:
    """Messages by id, for who reacts to facts: nobody is asked whether they may read them."""
    return _said([messaging.get_message(message_id) for message_id in message_ids])


def get_said(message_id: int) -> Said:
    """A message by id, for who reacts to a fact: nobody is asked whether they may read it."""
    return _said([messaging.get_message(message_id)])[0]


def list_talks(*, actor: Person) -> list[TalkView]:
    """The actor's conversations about orders, the latest activity first."""
    return _view(messaging.list_deal_conversations(person_id=actor.id))


def change_talk(*, actor: Person, room_id: int, is_active: bool | None = None) -> TalkView:
    """Close a conversation or open it again, for both sides; `None` leaves it as it is."""
    with unit_of_work():
        if is_active is not None:
            messaging.set_active(actor=actor, room_id=room_id, is_active=is_active)
        return get_talk(actor=actor, room_id=room_id)


def _view(conversations: Sequence[Conversation]) -> list[TalkView]:
    """Conversations with the orders they are about, in a fixed number of queries."""
    found = queries.find_referred([conversation.subject or "" for conversation in conversations])
    cards = profiles.cards_of({side for deal in found.values() for side in (deal.buyer_id, deal.seller_id)})
    messages = [conversation.last_message for conversation in conversations if conversation.last_message]
    last = {said.message.id: said for said in _said(messages)}
    agreed = contracts.agreed_among([deal.id for deal in found.values()])
    views = ((conversation, found[conversation.subject or ""]) for conversation in conversations)
    return [
        TalkView(
            conversation=conversation,
            last=last[conversation.last_message.id] if conversation.last_message else None,
            deal=deal,
            agreed=agreed[deal.id].amount if deal.id in agreed else None,
            buyer=cards[deal.buyer_id],
            seller=cards[deal.seller_id],
        )
        for conversation, deal in views
    ]


def _said(messages: Sequence[Message]) -> list[Said]:
    """Messages with the payment requests that they tell of, in one query where there is any."""
    requests = payments.find_payment_requests([message.about for message in messages if message.about])
    return [Said(message=message, request=requests.get(message.about or "")) for message in messages]
