"""How most faces speak: `{"detail": ...}`, `{"field": [...]}`, numbered pages of a dialect's own length."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from flask import request
from marshmallow import EXCLUDE, Schema, fields, pre_load
from typing_extensions import override

from marketplace.api.dialect import Messages
from marketplace.api.paging import MAX_PAGE_SIZE, InvalidPage
from marketplace.kernel.errors import WHOLE, DomainError, Kind
from marketplace.kernel.pages import MAX_PAGE, PageRequest
from marketplace.kernel.tokens import TokenNotValid

NON_FIELD = "non_field_errors"
MISSING = {"required": "This field is required.", "null": "This field may not be null."}
_NAMES = {WHOLE: NON_FIELD, "_schema": NON_FIELD}


class Input(Schema):
    """A body or query: what it does not know is ignored, what is missing is said in the documents' words."""

    class Meta:
        unknown = EXCLUDE

    @override
    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let a field that has no words of its own say in the documents' that it is missing or null."""
        plain = fields.Field.default_error_messages
        own = {name for name, words in field_obj.error_messages.items() if words != plain.get(name)}
        field_obj.error_messages |= {name: words for name, words in MISSING.items() if name not in own}


class Query(Input):
    """The filters of a list: a parameter without a value is none."""

    @pre_load
    def drop_empty(self, data: Mapping[str, str], **_: object) -> dict[str, str]:
        """Leave out what has no value."""
        return {name: value for name, value in data.items() if value != ""}


class PlainDialect:
    """The dialect of faces that speak so; a face overrides what its document wants otherwise."""

    statuses: ClassVar[Mapping[str, int]] = {
        Kind.INVALID: 400,
        Kind.UNAUTHENTICATED: 401,
        Kind.FORBIDDEN: 403,
        Kind.NOT_FOUND: 404,
        # No document knows a 409 for a thing in the wrong state: only an Idempotency-Key in use gets it.
        Kind.CONFLICT: 400,
        Kind.IN_FLIGHT: 409,
        Kind.MISMATCH: 422,
        Kind.TOO_MANY: 429,
        Kind.UNAVAILABLE: 503,
    }
    page_refusals: ClassVar[Sequence[type[DomainError]]] = (InvalidPage,)

    def __init__(self, *, page_size: int = 10) -> None:
        """Say how long a page is unless its reader says so."""
        self.page_size = page_size

    def refusal(self, error: DomainError) -> dict[str, Any]:
        """A field's messages where one field is to blame, else a sentence."""
        if error.of_field is not None:
            return {name_of(error.of_field): [error.sentence]}
        body = {"detail": error.sentence}
        if isinstance(error, TokenNotValid):
            body["code"] = TokenNotValid.code
        return body

    def invalid(self, messages: Messages) -> dict[str, Any]:
        """Field name to list of messages."""
        return {name_of(name): flat(value) for name, value in messages.items()}

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
        """`page` from 1 and `page_size` up to 100; a size that makes no sense is the face's own."""
        number = request.args.get("page", "1")
        if not re.fullmatch(r"\d{1,8}", number, re.ASCII) or not 1 <= int(number) <= MAX_PAGE:
            raise InvalidPage
        size = request.args.get("page_size", "")
        sensible = re.fullmatch(r"\d{1,9}", size, re.ASCII) and int(size) > 0
        length = min(int(size), MAX_PAGE_SIZE) if sensible else self.page_size
        return PageRequest(number=int(number), size=length)

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


def name_of(field: object) -> str:
    """How a field is called in a body, the whole of the input included."""
    return _NAMES.get(str(field), str(field))


def flat(value: Any) -> list[str]:
    """The messages of a field, however deep they lie."""
    if isinstance(value, Mapping):
        return [message for nested in value.values() for message in flat(nested)]
    if isinstance(value, list | tuple):
        return [message for nested in value for message in flat(nested)]
    return [str(value)]
