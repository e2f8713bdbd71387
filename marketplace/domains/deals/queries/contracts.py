"""What deals reads of contracts."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from marketplace.domains.deals.models import ContractRow, DealRow
from marketplace.domains.deals.types import Contract, ContractStatus, Kind, Stage
from marketplace.kernel.money import Money
from marketplace.kernel.reading import reading

_CONTRACT = select(
    ContractRow.id,
    ContractRow.deal_id,
    DealRow.kind,
    DealRow.buyer_id,
    DealRow.seller_id,
    ContractRow.maker_id,
    ContractRow.amount_minor,
    ContractRow.currency,
    ContractRow.deadline,
    ContractRow.terms,
    ContractRow.status,
    ContractRow.stage,
    ContractRow.created_at,
    ContractRow.updated_at,
).join(DealRow, DealRow.id == ContractRow.deal_id)


def find_contract(contract_id: int) -> Contract | None:
    """A contract by id."""
    return next(iter(_all(ContractRow.id == contract_id)), None)


def list_contracts(*, person_id: int, kind: Kind | None = None, deal_id: int | None = None) -> list[Contract]:
    """The contracts that somebody is a side of, newest first: all, or of a kind of deal, or of one."""
    is_mine: ColumnElement[bool] = (DealRow.buyer_id == person_id) | (DealRow.seller_id == person_id)
    conditions = [is_mine]
    if kind is not None:
        conditions.append(DealRow.kind == kind)
    if deal_id is not None:
        conditions.append(DealRow.id == deal_id)
    return _all(*conditions)


def contracts_of(deal_id: int) -> list[Contract]:
    """The contracts of a deal, newest first."""
    return _all(ContractRow.deal_id == deal_id)


def agreed_among(deal_ids: Collection[int]) -> Mapping[int, Contract]:
    """The newest contract that the sides of each of these deals agreed on, in one query."""
    if not deal_ids:
        return {}
    found = _all(ContractRow.deal_id.in_(set(deal_ids)), ContractRow.status == ContractStatus.ACCEPTED)
    return {contract.deal_id: contract for contract in reversed(found)}


def _all(*conditions: ColumnElement[bool]) -> list[Contract]:
    query = _CONTRACT.where(*conditions).order_by(ContractRow.id.desc())
    with reading() as connection:
        return [_contract(row) for row in connection.execute(query).mappings()]


def _contract(row: Mapping[Any, Any]) -> Contract:
    values = dict(row)
    values["amount"] = Money(values.pop("amount_minor"), values.pop("currency"))
    values["kind"] = Kind(values["kind"])
    values["status"] = ContractStatus(values["status"])
    values["stage"] = Stage(values["stage"])
    return Contract(**values)
