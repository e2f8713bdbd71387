"""`Idempotency-Key` on every signed-in POST: the first status and body are given again for a day."""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial

from flask import Response, request

from marketplace.api.authentication import find_current_person
from marketplace.api.dialect import Dialect
from marketplace.api.errors import render
from marketplace.kernel import idempotency
from marketplace.kernel.errors import DomainError, Invalid
from marketplace.kernel.idempotency import Key
from marketplace.kernel.unit_of_work import on_commit

HEADER = "Idempotency-Key"
MAX_KEY = 255
SERVER_ERROR = 500


class KeyInvalid(Invalid):
    """An Idempotency-Key has 1 to 255 printable characters."""

    code = "idempotency_key_invalid"


PARAMETER = {
    "in": "header",
    "name": HEADER,
    "description": "Makes a repeated request safe: for a day, the same key is given the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY},
}
REFUSALS: Sequence[type[DomainError]] = (
    KeyInvalid,
    idempotency.InFlight,
    idempotency.AnswerLost,
    idempotency.KeyReused,
)


def once(run: Callable[[], Response], dialect: Dialect) -> Response:
    """Run the request, or answer as it was answered the first time."""
    value = request.headers.get(HEADER)
    person = find_current_person()
    if request.method != "POST" or value is None or person is None:
        return run()
    if not 0 < len(value) <= MAX_KEY or not value.isprintable():
        raise KeyInvalid
    key = Key(person_id=person.id, key=value, request_hash=_hash_of_request())
    taken = idempotency.claim(key)
    if isinstance(taken, idempotency.Kept):
        return _again(taken)
    try:
        with on_commit(partial(idempotency.mark_committed, taken=taken)):
            response = run()
    except DomainError as error:
        response = render(error, dialect)
    except BaseException:
        idempotency.release(taken)
        raise
    if response.status_code < SERVER_ERROR:
        idempotency.keep(taken, status=response.status_code, body=response.get_data())
    else:
        # A failure may pass and is never kept: the key is free again, unless the work is done.
        idempotency.release(taken)
    return response


def empty_response(status: int) -> Response:
    """A response without a body, which therefore is of no type."""
    response = Response(status=status)
    del response.headers["Content-Type"]
    return response


def _again(kept: idempotency.Kept) -> Response:
    response = (
        Response(kept.body, status=kept.status, mimetype="application/json")
        if kept.body
        else empty_response(kept.status)
    )
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _hash_of_request() -> str:
    # An endpoint has one rule, written with a last slash or without.
    where = (str(request.url_rule), sorted((request.view_args or {}).items()), request.query_string)
    digest = hashlib.sha256(f"{request.method} {where}\n".encode())
    digest.update(request.get_data())
    # A form with files was read before; its body is no longer there to be hashed.
    for name, value in request.form.items(multi=True):
        digest.update(repr((name, value)).encode())
    for name, file in request.files.items(multi=True):
        digest.update(repr((name, file.filename)).encode() + file.read())
        file.seek(0)
    return digest.hexdigest()
