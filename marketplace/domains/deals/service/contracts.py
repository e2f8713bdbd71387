"""Contracts: what the two sides of an order agree on, and how far the work has come."""

from typing import Any

from sqlalchemy import update

from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import policy, queries, rules
from marketplace.domains.deals.errors import (
    ContractNotFound,
    NotPendingAnyMore,
    OrderOver,
    TermsFrozen,
    UnknownOrder,
)
from marketplace.domains.deals.events import ContractChanged, DealCompleted
from marketplace.domains.deals.models import ContractRow
from marketplace.domains.deals.queries import contracts
from marketplace.domains.deals.service.opening import move, told
from marketplace.domains.deals.service.rooms import post_about
from marketplace.domains.deals.types import Contract, ContractStatus, ContractTerms, Deal, Kind, Stage
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing
from marketplace.domains.payments import public as payments
from marketplace.kernel.clock import clock
from marketplace.kernel.process import NotYours, Process, WrongState
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def make_contract(*, actor: Person, kind: Kind, order_id: int, terms: ContractTerms) -> Contract:
    """Offer the other side of an order a contract; there may be several, one after another."""
    with unit_of_work() as unit:
        deal, _ = _lock_deal(actor, kind, order_id)
        now = clock.now()
        row = ContractRow(
            deal_id=deal.id,
            maker_id=actor.id,
            amount_minor=terms["amount"].minor,
            currency=terms["amount"].currency,
            deadline=terms.get("deadline"),
            terms=terms.get("terms", ""),
            status=rules.CONTRACT.initial,
            stage=rules.WORK.initial,
            created_at=now,
            updated_at=now,
        )
        unit.session.add(row)
        unit.session.flush()
        return _changed(unit, row.id, actor.id, f"Offered a contract of {terms['amount']}.")


def get_contract(*, actor: Person, contract_id: int) -> Contract:
    """A contract of the actor's; another's is as if it were not there."""
    contract = contracts.find_contract(contract_id)
    if contract is None or not policy.roles_towards_contract(actor.id, contract):
        raise ContractNotFound
    return contract


def answer_contract(*, actor: Person, contract_id: int, wanted: ContractStatus) -> Contract:
    """Accept or reject a pending contract that the other side made."""
    with unit_of_work() as unit:
        contract, _, _ = _lock(actor, contract_id)
        actors = _actors(actor, contract)
        if rules.TAKER not in actors:
            raise NotYours
        step = _step(rules.CONTRACT, contract.status, wanted, actors)
        if step is None:
            return contract
        return _take(unit, contract, actor, step)


def change_contract(
    *,
    actor: Person,
    contract_id: int,
    terms: ContractTerms,
    status: ContractStatus | None = None,
    stage: Stage | None = None,
) -> Contract:
    """Change what a contract says while it is pending, where it stands, or how far its work has come."""
    with unit_of_work() as unit:
        contract, deal, listing = _lock(actor, contract_id)
        actors = _actors(actor, contract)
        if stage == contract.stage:
            # sent back as it was read: nothing is asked for, although a new status takes the work further
            stage = None
        if terms:
            contract = _edit(unit, contract, actor, terms)
        if status is not None:
            step = _step(rules.CONTRACT, contract.status, status, actors)
            if step is not None:
                contract = _take(unit, contract, actor, step)
        if stage is not None:
            called = "workflow_status"
            work = rules.WORK.step_to(stage, state=contract.stage, actors=actors, called=called)
            if work is not None:
                contract = _work(unit, contract, actor, work)
                if rules.is_done(contract):
                    _complete(unit, deal, listing)
    return contract


def call_off_contracts(unit: UnitOfWork, deal: Deal, *, by_id: int) -> None:
    """Let what was not done for a deal that is off be off too; what was paid for stays as it is."""
    for contract in contracts.contracts_of(deal.id):
        if rules.is_binding(contract) and not rules.is_done(contract) and not _is_paid(contract):
            action = "call_off" if rules.is_agreed(contract) else "withdraw"
            _write(unit, contract, status=action, stage="stop", actors={rules.HOUSE})
            _changed(unit, contract.id, by_id, "The contract is cancelled with the order.")


def _edit(unit: UnitOfWork, contract: Contract, actor: Person, terms: ContractTerms) -> Contract:
    new = {name: value for name, value in terms.items() if value != getattr(contract, name)}
    if not new:
        return contract
    try:
        rules.CONTRACT.decide("edit", state=contract.status, actors=_actors(actor, contract))
    except WrongState as error:
        raise TermsFrozen from error
    columns: dict[str, Any] = {name: value for name, value in new.items() if name != "amount"}
    if "amount" in terms:
        columns |= {"amount_minor": terms["amount"].minor, "currency": terms["amount"].currency}
    row = update(ContractRow).where(ContractRow.id == contract.id)
    unit.session.execute(row.values(**columns, updated_at=clock.now()))
    return _changed(unit, contract.id, actor.id, "Changed the contract.")


def _take(unit: UnitOfWork, contract: Contract, actor: Person, step: str) -> Contract:
    """Take a step of the agreement; work begins with a yes and ends with a no."""
    if step == "call_off":
        rules.check_call_off(contract, is_paid=_is_paid(contract))
    stage = "begin" if step == "accept" else "stop"
    _write(unit, contract, status=step, stage=stage, actors=_actors(actor, contract))
    said = {"accept": "Accepted the contract.", "reject": "Rejected the contract."}
    return _changed(unit, contract.id, actor.id, said.get(step, "Cancelled the contract."))


def _write(unit: UnitOfWork, contract: Contract, *, status: str, stage: str, actors: set[str]) -> None:
    values = {
        "status": rules.CONTRACT.decide(status, state=contract.status, actors=actors),
        "stage": rules.WORK.decide(stage, state=contract.stage, actors={rules.HOUSE}),
    }
    row = update(ContractRow).where(ContractRow.id == contract.id)
    unit.session.execute(row.values(**values, updated_at=clock.now()))


def _work(unit: UnitOfWork, contract: Contract, actor: Person, step: str) -> Contract:
    stage = rules.WORK.decide(step, state=contract.stage, actors=_actors(actor, contract))
    row = update(ContractRow).where(ContractRow.id == contract.id)
    unit.session.execute(row.values(stage=stage, updated_at=clock.now()))
    said = {"submit": "Submitted the work.", "complete": "Took the work as done."}
    return _changed(unit, contract.id, actor.id, said.get(step, "Asked for changes."))


def _complete(unit: UnitOfWork, deal: Deal, listing: Listing) -> None:
    """Bring the order to its end with its contract, and the project with it."""
    if rules.can_be_completed(deal):
        move(unit, deal, "complete", {rules.HOUSE})
        unit.record(DealCompleted(**told(deal)))
        if deal.kind is Kind.PROPOSAL_ORDER and listings.is_unfinished(listing):
            listings.move(listing, "complete", actors={listings.HOUSE})


def _step(process: Process, state: str, wanted: ContractStatus, actors: set[str]) -> str | None:
    try:
        return process.step_to(wanted, state=state, actors=actors)
    except WrongState as error:
        if wanted in {ContractStatus.ACCEPTED, ContractStatus.REJECTED}:
            raise NotPendingAnyMore(f"Only a pending contract can be {wanted}.") from error
        raise


def _lock_deal(actor: Person, kind: Kind, order_id: int) -> tuple[Deal, Listing]:
    deal = queries.find_deal(order_id)
    if deal is None or deal.kind is not kind:
        raise UnknownOrder
    if not policy.roles_towards(actor.id, deal):
        raise NotYours
    listing = listings.lock_whatever(deal.listing_id)
    deal = queries.find_deal(order_id)
    if deal is None or rules.is_over(deal):
        raise OrderOver
    return deal, listing


def _lock(actor: Person, contract_id: int) -> tuple[Contract, Deal, Listing]:
    """A contract and its deal, the listing locked: every command that changes deals takes that lock."""
    contract = get_contract(actor=actor, contract_id=contract_id)
    deal = queries.find_deal(contract.deal_id)
    if deal is None:
        raise ContractNotFound
    listing = listings.lock_whatever(deal.listing_id)
    deal = queries.find_deal(contract.deal_id)
    if deal is None:
        raise ContractNotFound
    return get_contract(actor=actor, contract_id=contract_id), deal, listing


def _actors(actor: Person, contract: Contract) -> set[str]:
    return policy.roles_towards_contract(actor.id, contract)


def _is_paid(contract: Contract) -> bool:
    return payments.is_paid_for(contract.reference)


def _changed(unit: UnitOfWork, contract_id: int, by_id: int, said: str) -> Contract:
    contract = contracts.find_contract(contract_id)
    if contract is None:
        raise ContractNotFound
    unit.record(ContractChanged(contract_id=contract.id, deal_id=contract.deal_id, kind=contract.kind))
    post_about(contract, by_id=by_id, said=said)
    return contract
