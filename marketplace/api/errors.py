"""The one translator: every way to fail, rendered in the dialect of the face that was asked."""

import re
from collections.abc import Sequence
from http import HTTPStatus

import msgspec
import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, InternalServerError

from marketplace.api.dialect import Dialect, InputInvalid, status_of
from marketplace.api.face import Face, face_of_path
from marketplace.kernel.database import is_passing
from marketplace.kernel.errors import DomainError, Kind, NotFound, Unavailable

log = structlog.get_logger()
INTERNAL = "Internal server error."
RETRY_AFTER_S = 2
# NUL cannot be stored by PostgreSQL, and none of our paths has it or what is no text at all.
_STORABLE = re.compile("[^\x00\ud800-\udfff]*")
# Sentences for what Werkzeug says in its own words.
_SENTENCES = {
    404: "Not found.",
    413: "Request body is too large.",
    429: "Request was throttled.",
}


def register(app: Flask, faces: Sequence[Face], platform: Dialect) -> None:
    """Render every error of the application."""

    def dialect() -> Dialect:
        face = face_of_path(faces, request.path)
        return face.dialect_of(request.path) if face else platform

    @app.before_request
    def storable() -> None:
        if face_of_path(faces, request.path) and not _STORABLE.fullmatch(request.path):
            raise NotFound

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        return render(error, dialect())

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        return _render_http(error, dialect())

    @app.errorhandler(Exception)
    def broke(error: Exception) -> Response:
        if is_passing(error):
            log.warning("database_away", path=request.path, error=repr(error))
            return render(Unavailable(retry_after_s=RETRY_AFTER_S), dialect())
        log.error("request_failed", path=request.path, method=request.method, exc_info=error)
        return _render_http(InternalServerError(INTERNAL), dialect())


def render(error: DomainError, dialect: Dialect) -> Response:
    """A refusal as a response."""
    body = dialect.invalid(error.messages) if isinstance(error, InputInvalid) else dialect.refusal(error)
    if error.also is not None:
        body |= dialect.refusal(error.also)
    response = _json(body, status_of(dialect, error))
    if error.kind is Kind.UNAUTHENTICATED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.retry_after_s is not None:
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def _render_http(error: HTTPException, dialect: Dialect) -> Response:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    sentence = _SENTENCES.get(status) or str(error.description)
    response = _json(dialect.plain(status, sentence), status)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _json(body: object, status: int) -> Response:
    return Response(msgspec.json.encode(body), status=status, mimetype="application/json")
