"""RQ's dashboard at `/rq/`, for administrators only."""

import hashlib
import secrets
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from time import monotonic
from typing import Any

from flask import Flask, Response, request, url_for
from redis import Redis
from rq.exceptions import NoSuchJobError
from rq_dashboard.web import blueprint, push_rq_connection

from marketplace.api.limits import limited

PREFIX = "/rq"
POLL_INTERVAL_MS = 5_000
REMEMBERED_S = 30.0
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# The one address that changes something on GET, which any page elsewhere could make a browser do.
CHANGES_ON_GET = "rq_dashboard.requeue_all"


class Doorkeeper:
    """Tells administrators from others, and remembers a right password for a moment.

    The dashboard asks for its numbers every few seconds, and checking a password costs processor time on
    purpose.
    """

    def __init__(self, authenticate: Callable[[str, str], bool]) -> None:
        """Ask `authenticate` with an email address and a password."""
        self._authenticate = authenticate
        self._key = secrets.token_bytes(32)
        self._admitted: dict[bytes, float] = {}

    def admits(self, email: str, password: str) -> bool:
        """Whether these are the credentials of an administrator."""
        credentials = hashlib.blake2b(repr((email, password)).encode(), key=self._key).digest()
        now = monotonic()
        if self._admitted.get(credentials, 0.0) > now:
            return True
        if not self._authenticate(email, password):
            return False
        still = {known: until for known, until in self._admitted.items() if until > now}
        self._admitted = {**still, credentials: now + REMEMBERED_S}
        return True


def mount(app: Flask, *, authenticate: Callable[[str, str], bool], redis: Callable[[], Redis]) -> None:
    """Show the queues in `redis()` to whom `authenticate(email, password)` lets in."""
    doorkeeper = Doorkeeper(partial(_attempt, authenticate))

    def guard() -> Response | None:
        if not _is_dashboard():
            return None
        refusal = _refusal(doorkeeper)
        if refusal is None:
            vars(app)["redis_conn"] = redis()
        return refusal

    # On the application and not on the blueprint: so it also stands before what is not found below /rq/.
    app.before_request(guard)
    app.after_request(_protect)
    app.register_blueprint(blueprint, url_prefix=PREFIX)
    app.error_handler_spec[blueprint.name][None][NoSuchJobError] = _job_is_gone
    # Left alone it would open a connection for each request, by an address that it also shows.
    app.before_request_funcs[blueprint.name].remove(push_rq_connection)
    app.url_build_error_handlers.append(_icon)
    app.config["RQ_DASHBOARD_REDIS_URL"] = ("Redis",)
    app.config["RQ_DASHBOARD_POLL_INTERVAL"] = POLL_INTERVAL_MS


# Only an attempt that has to be checked counts: a remembered login may poll as often as it likes. Decorated
# once and not at each mounting: the limiter knows a function by its name, and would count more each time.
@limited("sign_in")
def _attempt(authenticate: Callable[[str, str], bool], email: str, password: str) -> bool:
    return authenticate(email, password)


def _icon(error: Exception, endpoint: str, _values: dict[str, Any]) -> str:
    """Where its icon is: its pages look for it among static files of the application, which has none."""
    if endpoint != "static":
        raise error
    return url_for("rq_dashboard.favicon")


def _is_dashboard() -> bool:
    return (
        request.path == PREFIX or request.path.startswith(f"{PREFIX}/") or request.blueprint == blueprint.name
    )


def _refusal(doorkeeper: Doorkeeper) -> Response | None:
    login = request.authorization
    if login is None or not login.username or not login.password:
        return _ask_for_login()
    if not login.username.isprintable() or not doorkeeper.admits(login.username, login.password):
        return _ask_for_login()
    if request.method in READING and request.endpoint == CHANGES_ON_GET:
        return _plain("Use POST.", HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "POST"})
    if request.method not in READING and not _is_same_origin():
        return _plain("This request came from another site.", HTTPStatus.FORBIDDEN)
    if (request.view_args or {}).get("instance_number", 0) != 0:
        return _plain("There is one Redis here: number 0.", HTTPStatus.NOT_FOUND)
    return None


def _is_same_origin() -> bool:
    """Whether the request was made by the dashboard itself or by no web page at all.

    Browsers send a remembered Basic login along with whatever request any page makes.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or origin == request.host_url.rstrip("/")


def _protect(response: Response) -> Response:
    """Keep text out of the jobs (an address, an error message) from acting in an administrator's browser."""
    if not _is_dashboard():
        return response
    nonce = secrets.token_urlsafe(16)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        # Its templates are compiled in the browser, hence unsafe-eval.
        f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'"
    )
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html" and not response.direct_passthrough:
        # Only its own templates hold these words: Jinja escapes what it fills in. `<%-` is an escaping `<%=`.
        page = response.get_data(as_text=True).replace("<script", f'<script nonce="{nonce}"')
        response.set_data(page.replace("<%= d.", "<%- d.").replace("<%= JSON.", "<%- JSON."))
    return response


def _job_is_gone(_: NoSuchJobError) -> Response:
    return _plain("There is no such job any more.", HTTPStatus.NOT_FOUND)


def _ask_for_login() -> Response:
    challenge = {"WWW-Authenticate": 'Basic realm="Jobs", charset="UTF-8"', "Cache-Control": "no-store"}
    return _plain("Log in as an administrator.", HTTPStatus.UNAUTHORIZED, challenge)


def _plain(sentence: str, status: HTTPStatus, headers: dict[str, str] | None = None) -> Response:
    return Response(f"{sentence}\n", status, headers, mimetype="text/plain")
