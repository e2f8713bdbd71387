"""Contracts as SkillConnect shows and takes them."""

from datetime import date
from typing import Annotated, Any, Literal, cast

import msgspec
from marshmallow import post_load

from marketplace.api.fields import Day, Identifier, Text
from marketplace.api.plain import Query
from marketplace.api.shapes import Id, Timestamp, timestamp
from marketplace.api.skillconnect.dialect import Input, Rupees, rupees
from marketplace.api.skillconnect.fields import MAX_PRICE_MINOR, AmountDue, OneOf
from marketplace.domains.deals.public import Contract, ContractStatus, ContractTerms, Kind, Stage

KINDS = {"service": Kind.GIG_ORDER, "proposal": Kind.PROPOSAL_ORDER}
MAX_TERMS = 10_000
StatusName = Literal["pending", "accepted", "rejected", "cancelled"]
StageName = Literal["draft", "in_progress", "submitted", "completed", "cancelled"]
_DEADLINE = {"example": "2025-11-01"}
_TERMS = {"example": "100% upon completion"}


class ContractOut(msgspec.Struct, kw_only=True, frozen=True):
    """What one side of an order offers the other to agree on."""

    id: Id
    amount: Rupees
    deadline: Annotated[date, msgspec.Meta(examples=["2025-11-01"])] | None
    terms: Annotated[str, msgspec.Meta(examples=["100% upon completion"])]
    status: StatusName
    workflow_status: StageName
    service_order: Id | None
    proposal_order: Id | None
    created_by: Id
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, contract: Contract) -> "ContractOut":
        """A contract."""
        is_service = contract.kind is Kind.GIG_ORDER
        return cls(
            id=contract.id,
            amount=rupees(contract.amount),
            deadline=contract.deadline,
            terms=contract.terms,
            status=contract.status.value,
            workflow_status=contract.stage.value,
            service_order=contract.deal_id if is_service else None,
            proposal_order=None if is_service else contract.deal_id,
            created_by=contract.maker_id,
            created_at=timestamp(contract.created_at),
            updated_at=timestamp(contract.updated_at),
        )


class ContractIn(Input):
    """A contract for an order."""

    order_type = OneOf(
        KINDS, says="Must be 'service' or 'proposal'.", required=True, metadata={"example": "service"}
    )
    order_id = Identifier(required=True, metadata={"example": 10})
    amount = AmountDue(required=True, most_minor=MAX_PRICE_MINOR, metadata={"example": 20000})
    deadline = Day(allow_none=True, metadata=_DEADLINE)
    terms = Text(most=MAX_TERMS, blank=True, metadata=_TERMS)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The order, and the terms that the domain knows."""
        return {"kind": data.pop("order_type"), "order_id": data.pop("order_id"), "terms": data}


class ContractChangesIn(Input):
    """What is to be different about a contract; what is left out stays."""

    status = OneOf(list(ContractStatus), says="Not a status of a contract.")
    workflow_status = OneOf(list(Stage), says="Not a workflow status of a contract.")
    amount = AmountDue(most_minor=MAX_PRICE_MINOR, metadata={"example": 20000})
    deadline = Day(allow_none=True, metadata=_DEADLINE)
    terms = Text(most=MAX_TERMS, blank=True, metadata=_TERMS)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The changes that the domain knows."""
        status, stage = data.pop("status", None), data.pop("workflow_status", None)
        return {"status": status, "stage": stage, "terms": cast("ContractTerms", data)}


class ContractsIn(Query):
    """Which contracts are wanted."""

    order_type = OneOf(KINDS, says="Must be 'service' or 'proposal'.")
    order_id = Identifier(metadata={"example": 10})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The order in the words of the domain."""
        return {"kind": data.get("order_type"), "deal_id": data.get("order_id")}


def contract_frame(contract: Contract) -> dict[str, Any]:
    """The frame that tells the sockets of an order where a contract stands."""
    return {
        "id": contract.id,
        "amount": rupees(contract.amount),
        "status": contract.status.value,
        "workflow_status": contract.stage.value,
    }
