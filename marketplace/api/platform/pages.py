"""Pages for people: the greeting, and each face's document as Swagger UI, as ReDoc and as OpenAPI itself."""

from typing import Any, Protocol

import msgspec
from flask import Blueprint, Response, current_app, make_response, render_template, request
from werkzeug.exceptions import NotFound

SEALED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PLAIN = f"{SEALED}; style-src 'self'; img-src 'self'"
# Both draw icons from data URLs.
SWAGGER = f"{SEALED}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
# ReDoc writes style elements of its own, and makes the worker of its search out of its own text.
REDOC = (
    f"{SEALED}; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; worker-src blob:"
)

blueprint = Blueprint(
    "platform", __name__, template_folder="templates", static_folder="static", static_url_path="/docs/assets"
)


class Face(Protocol):
    """What the pages ask of a product that is mounted on this server."""

    @property
    def name(self) -> str:
        """The word in its URLs, such as `multitask`."""

    @property
    def title(self) -> str:
        """Its name for people, such as `MultiTask`."""

    @property
    def summary(self) -> str:
        """What it sells, in one sentence."""

    def spec(self) -> dict[str, Any]:
        """Its OpenAPI document."""


class FaceNotMounted(NotFound):
    """There is no such document here."""

    description = "There is no such document here."


@blueprint.get("/")
def home() -> Response:
    """Greet a person and show the way."""
    has_sandbox, has_demo = _is_mounted("/sandbox/"), _is_mounted("/demo/")
    return _page("home.html", faces=_faces().values(), has_sandbox=has_sandbox, has_demo=has_demo)


@blueprint.get("/docs/")
def documents() -> Response:
    """List the documents of the mounted faces."""
    return _page("documents.html", faces=_faces().values())


@blueprint.get("/docs/<name>/")
def swagger(name: str) -> Response:
    """Show a face's document in Swagger UI, where each request can be tried."""
    return _page("swagger.html", policy=SWAGGER, face=_face(name))


@blueprint.get("/docs/<name>/redoc/")
def redoc(name: str) -> Response:
    """Show a face's document in ReDoc, made for reading."""
    return _page("redoc.html", policy=REDOC, face=_face(name))


@blueprint.get("/docs/<name>/openapi.json")
def openapi(name: str) -> Response:
    """Answer a face's OpenAPI document."""
    # Encoded here and not by Flask, whose encoder sorts the keys: the order of the document means something.
    response = Response(msgspec.json.encode(_face(name).spec()), mimetype="application/json")
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.errorhandler(NotFound)
def missing(error: NotFound) -> Response:
    """Say on a plain page that there is nothing here."""
    response = _page("missing.html", sentence=error.description)
    response.status_code = NotFound.code
    return response


@blueprint.after_request
def protect(response: Response) -> Response:
    """Let a page load from this server alone, and say to nobody where its reader came from."""
    response.headers.setdefault("Content-Security-Policy", PLAIN)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _page(template: str, *, policy: str = PLAIN, **context: object) -> Response:
    response = make_response(render_template(f"platform/{template}", **context))
    response.headers["Content-Security-Policy"] = policy
    return response


def _faces() -> dict[str, Face]:
    faces: dict[str, Face] = current_app.extensions["marketplace.faces"]
    return faces


def _face(name: str) -> Face:
    face = _faces().get(name)
    if face is None:
        raise FaceNotMounted
    return face


def _is_mounted(path: str) -> bool:
    return current_app.url_map.bind("localhost").test(path, method="GET")
