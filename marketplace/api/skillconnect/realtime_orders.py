"""SkillConnect's channels about orders: what happens to one's own, and the contracts of one."""

from collections.abc import Iterable, Sequence

from typing_extensions import override

from marketplace.api.skillconnect.realtime import SkillConnectChannel
from marketplace.api.skillconnect.schemas.contracts import contract_frame
from marketplace.api.skillconnect.schemas.notices import notice_frame
from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.events import (
    ContractChanged,
    DealAccepted,
    DealCancelled,
    DealOpened,
    DealRejected,
)
from marketplace.domains.deals.public import Kind
from marketplace.realtime import Channel, Frame, hub

# The document writes the type of an order in two ways; this channel knows both.
KINDS = {
    "service": Kind.GIG_ORDER,
    "serviceorder": Kind.GIG_ORDER,
    "proposal": Kind.PROPOSAL_ORDER,
    "proposalorder": Kind.PROPOSAL_ORDER,
}
DealFact = DealOpened | DealAccepted | DealRejected | DealCancelled


class Notices(SkillConnectChannel):
    """What happens to one's orders, as it does."""

    path = "/ws/notifications/"
    is_deaf = True

    @override
    def opens(self, person: Person) -> Iterable[str]:
        """Let anybody listen to their own."""
        return [_person(person.id)]


class Contracts(SkillConnectChannel):
    """The contracts of one order, for its two sides."""

    path = "/ws/messaging/contracts/<order_type>/<id:order_id>/"
    is_deaf = True

    @override
    def opens(self, person: Person, *, order_type: str, order_id: int) -> Iterable[str]:
        """Let the two sides of the order in."""
        kind = KINDS.get(order_type)
        if kind is None:
            raise deals.OrderNotFound
        self.deal = deals.get_own_order(actor=person, order_id=order_id, kind=kind)
        return [_deal(self.deal.reference)]

    @override
    def greets(self) -> Iterable[Frame]:
        """Say how each contract of the order stands now."""
        return [contract_frame(contract) for contract in reversed(deals.contracts_of(self.deal.id))]


def push_notices(facts: Sequence[DealFact]) -> None:
    """Tell the other sides of orders what has just happened to them."""
    for fact in facts:
        if fact.kind != Kind.APPLICATION:
            order = deals.view_order(fact.deal_id)
            hub.push_all(
                (_person(person_id), notice_frame(fact, order, person_id))
                for person_id in deals.told_of(fact)
            )


def push_contract(fact: ContractChanged) -> None:
    """Tell the sockets of an order how its contract stands."""
    contract = deals.find_contract(fact.contract_id)
    if contract is not None:
        hub.push(_deal(contract.deal_reference), contract_frame(contract))


def _person(person_id: int) -> str:
    return f"user_{person_id}"


def _deal(reference: str) -> str:
    return f"skillconnect:contracts:{reference}"


ORDER_CHANNELS: tuple[type[Channel], ...] = (Notices, Contracts)
