"""How the twins send their webhooks: over HTTP to the ordinary receiver, again until it says 2xx."""

import time
from collections.abc import Callable, Mapping

import requests
import structlog

TIMEOUT_S = (3.05, 20)
UNREACHABLE = 0
PATIENCE_S = 25
PAUSE_S = 0.05

log = structlog.get_logger()


class NotDelivered(Exception):
    """The receiver did not answer 2xx: the outbox tries again."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a webhook; answers the receiver's status code, 0 for no connection."""
    try:
        response = requests.post(url, body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as error:
        log.warning("webhook_receiver_unreachable", url=url, error=repr(error))
        return UNREACHABLE
    return response.status_code


def check(event_id: str, status: int) -> None:
    """Refuse to have delivered an event that the receiver has not taken in."""
    if not requests.codes.ok <= status < requests.codes.multiple_choices:
        raise NotDelivered(f"{event_id}: the receiver answered {status}")


def wait(read_status: Callable[[], int | None]) -> int | None:
    """What the receiver answered: a status code, 0 for no connection, `None` if nobody asked it in time.

    The commit that announced the event has sent it, unless another process took it up a moment earlier.
    """
    deadline = time.monotonic() + PATIENCE_S
    while (status := read_status()) is None:
        if time.monotonic() > deadline:
            return None
        time.sleep(PAUSE_S)
    return int(status)
