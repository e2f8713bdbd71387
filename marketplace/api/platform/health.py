"""Whether this process is alive, and whether it can work."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

import structlog
from flask import Blueprint, Response, current_app

EXTENSION = "marketplace.readiness"
Check = Callable[[], bool]

log = structlog.get_logger()
blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> dict[str, str]:
    """Answer as long as this process does."""
    return {"status": "ok"}


@blueprint.get("/readyz")
def readyz() -> tuple[dict[str, object], HTTPStatus]:
    """Say whether what this process stands on answers, and name what does not."""
    checks: Mapping[str, Check] = current_app.extensions[EXTENSION]
    not_ready = [name for name, check in checks.items() if not _passes(name, check)]
    if not_ready:
        return {"status": "unavailable", "not_ready": not_ready}, HTTPStatus.SERVICE_UNAVAILABLE
    return {"status": "ok"}, HTTPStatus.OK


@blueprint.after_request
def forbid_caching(response: Response) -> Response:
    """Keep proxies from answering with yesterday's health."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _passes(name: str, check: Check) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the answer is: not ready
        # The kind alone: a driver's message may hold an address or a name.
        log.warning("not_ready", check=name, error=type(error).__name__)
        return False
