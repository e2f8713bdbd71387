"""`/api/v1/messaging/contracts/`: what the two sides of an order agree on."""

from typing import Any

from marketplace.api.authentication import current_person, signed_in
from marketplace.api.limits import limited
from marketplace.api.skillconnect.dialect import blueprint, messaging_dialect
from marketplace.api.skillconnect.schemas.contracts import (
    ContractChangesIn,
    ContractIn,
    ContractOut,
    ContractsIn,
)
from marketplace.domains.deals import errors
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import ContractStatus
from marketplace.kernel.process import NotYours, WrongState

contracts = blueprint(
    "Contracts",
    "messaging/contracts",
    "What the two sides of an order agree on.",
    speech=messaging_dialect,
)


@contracts.get("/")
@signed_in()
@contracts.takes(ContractsIn, location="query")
@contracts.answers(200, list[ContractOut])
def list_contracts(wanted: dict[str, Any]) -> list[ContractOut]:
    """One's own contracts, newest first."""
    found = deals.list_contracts(person_id=current_person().id, **wanted)
    return [ContractOut.of(contract) for contract in found]


@contracts.post("/")
@signed_in()
@limited("apply")
@contracts.takes(ContractIn)
@contracts.answers(201, ContractOut)
@contracts.refuses(errors.UnknownOrder, errors.OrderOver, NotYours)
def create_contract(offer: dict[str, Any]) -> ContractOut:
    """Offer the other side of an order a contract."""
    return ContractOut.of(deals.make_contract(actor=current_person(), **offer))


@contracts.patch("/<id:contract_id>/")
@signed_in()
@contracts.takes(ContractChangesIn)
@contracts.answers(200, ContractOut)
@contracts.refuses(
    errors.ContractNotFound,
    errors.TermsFrozen,
    errors.NotPendingAnyMore,
    errors.AlreadyDone,
    errors.AlreadyPaid,
    NotYours,
    WrongState,
)
def update_contract(changes: dict[str, Any], contract_id: int) -> ContractOut:
    """Change a pending contract, where it stands, or how far its work has come."""
    return ContractOut.of(deals.change_contract(actor=current_person(), contract_id=contract_id, **changes))


@contracts.post("/<id:contract_id>/accept/")
@signed_in()
@contracts.answers(200, ContractOut)
@contracts.refuses(errors.ContractNotFound, errors.NotPendingAnyMore, NotYours)
def accept_contract(contract_id: int) -> ContractOut:
    """Agree to a contract that the other side made."""
    return ContractOut.of(
        deals.answer_contract(actor=current_person(), contract_id=contract_id, wanted=ContractStatus.ACCEPTED)
    )


@contracts.post("/<id:contract_id>/reject/")
@signed_in()
@contracts.answers(200, ContractOut)
@contracts.refuses(errors.ContractNotFound, errors.NotPendingAnyMore, NotYours)
def reject_contract(contract_id: int) -> ContractOut:
    """Turn down a contract that the other side made."""
    return ContractOut.of(
        deals.answer_contract(actor=current_person(), contract_id=contract_id, wanted=ContractStatus.REJECTED)
    )
