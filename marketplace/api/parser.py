"""Reading request bodies: strict JSON, decimals without binary floats, errors as refusals."""

from decimal import Decimal
from typing import Any, NoReturn

import msgspec
from flask import Request
from marshmallow import Schema, ValidationError
from typing_extensions import override
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from marketplace.api.dialect import InputInvalid
from marketplace.api.forms import MULTIPART, Form, form_values


def _number(text: str) -> Decimal | float:
    """A number as it is written; with an exponent it is no money, and stays a float."""
    return float(text) if "e" in text.lower() else Decimal(text)


_decoder = msgspec.json.Decoder(float_hook=_number)


class Parser(FlaskParser):
    """Reads JSON bodies and queries for marshmallow's schemas."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {"json": None, "query": None}  # noqa: RUF012 - the schema's own Meta decides

    @override
    def load_json(self, req: Request, schema: Schema) -> Any:
        """The body as JSON values (RFC 8259), an empty body as `{}`; a form as the values it stands for."""
        if req.mimetype == MULTIPART and isinstance(schema, Form):
            return form_values(req, schema, _decode)
        body = _body_of(req)
        if not body.strip():
            return {}
        if not req.is_json:
            message = f'Unsupported media type "{req.mimetype}" in request.'
            raise UnsupportedMediaType(message)
        try:
            return _decode(body)
        except ValueError as error:
            message = f"JSON parse error - {error}"
            raise BadRequest(message) from error

    @override
    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Any,
    ) -> NoReturn:
        """Refuse input that its schema does not accept."""
        messages: dict[str, Any] = {}
        for by_field in error.messages_dict.values():
            messages.update(by_field if isinstance(by_field, dict) else {"_schema": by_field})
        raise InputInvalid(messages) from error


def peek(req: Request) -> Any:
    """The body as JSON values for who only looks, or `None` where it is no JSON."""
    try:
        return _decode(_body_of(req))
    except ValueError:
        return None


def _decode(text: bytes | str) -> Any:
    """JSON as values; a `ValueError` says why it is none."""
    try:
        return _decoder.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _body_of(req: Request) -> bytes:
    """The whole body; refuses one that was cut where it may go no further, as one without a length can be."""
    body = req.get_data()
    most = req.max_content_length
    if most is not None and req.content_length is None and len(body) >= most:
        raise RequestEntityTooLarge
    return body


parser = Parser()
