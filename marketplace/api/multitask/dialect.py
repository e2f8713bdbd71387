"""How MultiTask speaks: plainly, with pages of ten and money in dollars as decimal strings."""

from typing import Annotated, Any

import msgspec

from marketplace.api.blueprint import Blueprint
from marketplace.api.fields import Amount
from marketplace.api.paging import page_of
from marketplace.api.plain import Input, PlainDialect, Query
from marketplace.api.shapes import Detail, Id, Timestamp, timestamp

__all__ = [
    "CURRENCY",
    "FACE",
    "Decimal",
    "Detail",
    "Id",
    "Input",
    "Query",
    "Timestamp",
    "amount",
    "blueprint",
    "dialect",
    "page_of",
    "page_request",
    "timestamp",
]

FACE = "multitask"
CURRENCY = "USD"

Decimal = Annotated[str, msgspec.Meta(examples=["120.00"], extra_json_schema={"format": "decimal"})]

dialect = PlainDialect(page_size=10)
page_request = dialect.page_request


def amount(**options: Any) -> Amount:
    """A field of money in MultiTask's one currency."""
    options.setdefault("metadata", {"example": "120.00"})
    return Amount(currency=CURRENCY, **options)


def blueprint(name: str, path: str, description: str) -> Blueprint:
    """The blueprint of one of MultiTask's domains, below `/api/`."""
    return Blueprint(FACE, name, url_prefix=f"/api/{path}", dialect=dialect, description=description)
