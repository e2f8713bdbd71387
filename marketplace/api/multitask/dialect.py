"""How MultiTask speaks: `{"detail": ...}`, `{"field": [...]}`, pages of ten."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, TypeVar

import msgspec
from flask import request
from marshmallow import EXCLUDE, Schema

from marketplace.api.blueprint import Blueprint
from marketplace.api.dialect import Messages
from marketplace.api.fields import Amount
from marketplace.kernel.errors import WHOLE, DomainError, Kind, NotFound
from marketplace.kernel.pages import MAX_PAGE, Page, PageRequest
from marketplace.kernel.tokens import TokenNotValid

FACE = "multitask"
CURRENCY = "USD"
PAGE_SIZE = 10
T = TypeVar("T")
S = TypeVar("S")
MAX_PAGE_SIZE = 100
_NAMES = {WHOLE: "non_field_errors", "_schema": "non_field_errors"}

Timestamp = Annotated[
    datetime, msgspec.Meta(examples=["2026-02-10T16:32:00Z"], extra_json_schema={"format": "date-time"})
]
Decimal = Annotated[str, msgspec.Meta(examples=["120.00"], extra_json_schema={"format": "decimal"})]
Id = Annotated[int, msgspec.Meta(examples=[42])]


class InvalidPage(NotFound):
    """Invalid page."""

    code = "invalid_page"


class Input(Schema):
    """A body or query of MultiTask: what it does not know is ignored."""

    class Meta:
        unknown = EXCLUDE


class Detail(msgspec.Struct, kw_only=True, frozen=True):
    """A sentence for a person."""

    detail: Annotated[str, msgspec.Meta(examples=["Not found."])]


def amount(**options: Any) -> Amount:
    """A field of money in MultiTask's one currency."""
    options.setdefault("metadata", {"example": "120.00"})
    return Amount(currency=CURRENCY, **options)


def timestamp(moment: datetime) -> datetime:
    """A moment to the second, as the documents show it."""
    return moment.astimezone(UTC).replace(microsecond=0)


class MultiTaskDialect:
    """MultiTask's error bodies, status codes and pages."""

    statuses: ClassVar[Mapping[Kind, int]] = {
        Kind.INVALID: 400,
        Kind.UNAUTHENTICATED: 401,
        Kind.FORBIDDEN: 403,
        Kind.NOT_FOUND: 404,
        # The documents know no 409 for a thing in the wrong state: only an Idempotency-Key in use gets it.
        Kind.CONFLICT: 400,
        Kind.IN_FLIGHT: 409,
        Kind.MISMATCH: 422,
        Kind.TOO_MANY: 429,
        Kind.UNAVAILABLE: 503,
    }
    page_refusals: ClassVar[Sequence[type[DomainError]]] = (InvalidPage,)

    def refusal(self, error: DomainError) -> dict[str, Any]:
        """A field's messages where one field is to blame, else a sentence."""
        if error.of_field is not None:
            return {_NAMES.get(error.of_field, error.of_field): [error.sentence]}
        body = {"detail": error.sentence}
        if isinstance(error, TokenNotValid):
            body["code"] = TokenNotValid.code
        return body

    def invalid(self, messages: Messages) -> dict[str, Any]:
        """Field name to list of messages."""
        return {_NAMES.get(name, str(name)): _flat(value) for name, value in messages.items()}

    def plain(self, status: int, sentence: str) -> dict[str, Any]:  # noqa: ARG002 - the body is the same for each
        """A sentence."""
        return {"detail": sentence}

    def error_schema(self, status: int) -> dict[str, Any]:
        """An object of messages for 400, a sentence for the rest."""
        sentence = {"type": "string", "examples": ["Not found."]}
        if status == self.statuses[Kind.INVALID]:
            messages = {"type": "array", "items": {"type": "string"}}
            return {
                "type": "object",
                "additionalProperties": {"anyOf": [messages, {"type": "string"}]},
                "examples": [{"field_name": ["Error message"]}],
            }
        return {"type": "object", "properties": {"detail": sentence}, "required": ["detail"]}

    def page_request(self) -> PageRequest:
        """`page` from 1 and `page_size` up to 100; a size that makes no sense is 10."""
        number = request.args.get("page", "1")
        if not re.fullmatch(r"\d{1,8}", number, re.ASCII) or not 1 <= int(number) <= MAX_PAGE:
            raise InvalidPage
        size = request.args.get("page_size", str(PAGE_SIZE))
        sensible = re.fullmatch(r"\d{1,9}", size, re.ASCII) and int(size) > 0
        return PageRequest(number=int(number), size=min(int(size), MAX_PAGE_SIZE) if sensible else PAGE_SIZE)

    def page_parameters(self) -> Sequence[dict[str, Any]]:
        """`page` and `page_size`."""
        return [
            {"in": "query", "name": "page", "schema": {"type": "integer", "minimum": 1, "default": 1}},
            {
                "in": "query",
                "name": "page_size",
                "schema": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE},
            },
        ]


def _flat(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [message for nested in value.values() for message in _flat(nested)]
    if isinstance(value, list | tuple):
        return [message for nested in value for message in _flat(nested)]
    return [str(value)]


dialect = MultiTaskDialect()
page_request = dialect.page_request


def page_of(page: Page[T], show: Callable[[T], S]) -> Page[S]:
    """A page of domain values as a page of structs; refuses a page beyond the last one."""
    if page.is_out_of_range:
        raise InvalidPage
    return Page(items=[show(item) for item in page.items], total=page.total, request=page.request)


def blueprint(name: str, path: str, description: str) -> Blueprint:
    """The blueprint of one of MultiTask's domains, below `/api/`."""
    return Blueprint(FACE, name, url_prefix=f"/api/{path}", dialect=dialect, description=description)
