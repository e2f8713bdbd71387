"""Bodies of the sandbox's own requests."""

from typing import Annotated, TypeVar
from urllib.parse import urlsplit

import msgspec
from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from marketplace.kernel.errors import Forbidden, Invalid
from marketplace.providers.sandbox.acts import Outcome
from marketplace.providers.sandbox.stripe.calls import Fault, Operation
from marketplace.providers.sandbox.timeline import FARTHEST

T = TypeVar("T")
MAX_TIMES = 1000
Seconds = Annotated[float, msgspec.Meta(ge=0, le=FARTHEST.total_seconds())]


class BodyInvalid(Invalid):
    """The body is not valid."""

    code = "sandbox_body_invalid"


class FromElsewhere(Forbidden):
    """Another site's page may not act here."""

    code = "sandbox_from_elsewhere"


class Advance(msgspec.Struct, frozen=True):
    """How far to move the clock."""

    advance_seconds: Seconds


class Act(msgspec.Struct, frozen=True):
    """How a payment, an onboarding or a payout ends."""

    outcome: Outcome


class FaultIn(msgspec.Struct, frozen=True):
    """What goes wrong, and how often."""

    operation: Operation
    fault: Fault
    times: Annotated[int, msgspec.Meta(ge=0, le=MAX_TIMES)] = 1


def read(kind: type[T]) -> T:
    """The JSON body of the request at hand; refuses what does not fit."""
    if not request.is_json:
        # Only what is no form: a browser asks before it lets another site's page send JSON.
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BodyInvalid(f"The body is not valid: {error}") from error


def read_form(kind: type[T]) -> T:
    """The fields of a form on a page of ours; refuses a form of another site."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise FromElsewhere
    try:
        return msgspec.convert(request.form.to_dict(), kind, strict=False)
    except msgspec.ValidationError as error:
        raise BodyInvalid(f"The form is not valid: {error}") from error


def answer(body: object, status: int = 200) -> Response:
    """A JSON response."""
    return Response(msgspec.json.encode(body), status=status, mimetype="application/json")
