"""Rate limits: one table, per address and per account; counted in Redis, in memory while Redis is away."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import structlog
from flask import request
from flask_limiter.util import get_remote_address
from limits import parse
from redis.exceptions import RedisError

from marketplace.api.authentication import find_current_person
from marketplace.api.parser import peek
from marketplace.extensions import limiter
from marketplace.kernel.errors import TooMany

View = TypeVar("View", bound=Callable[..., Any])

# What a person may do by hand many times over, and a script may not.
RATES = {
    "sign_in": "20/minute",
    "register": "20/hour",
    "check": "60/minute",
    "refresh": "60/minute",
    "mail": "5/minute",
    "profile": "30/minute",
    "upload": "120/hour",
    "apply": "60/hour",
    "talk": "120/minute",
    "chat": "30/minute",
    "money": "60/minute",
}

log = structlog.get_logger()


def limited(kind: str) -> Callable[[View], View]:
    """Limit a route by its row in `RATES`, per address and, where one is named or signed in, per account."""

    def decorate(view: View) -> View:
        by_address = limiter.shared_limit(RATES[kind], scope=f"{kind}:address", key_func=get_remote_address)
        by_account = limiter.shared_limit(
            RATES[kind], scope=f"{kind}:account", key_func=_account, exempt_when=lambda: _account() is None
        )
        return cast("View", by_address(by_account(view)))

    return decorate


def spend(kind: str, *, person_id: int) -> None:
    """Count what somebody does on a socket with their requests of that kind; refuses too many."""
    if not limiter.enabled:
        return
    rate = parse(RATES[kind])
    try:
        is_within = limiter.limiter.hit(rate, str(person_id), f"{kind}:account")
    except RedisError:
        # The next request finds out and turns to memory; a message is not lost for want of a counter.
        log.warning("limit_not_counted", kind=kind)
        return
    if not is_within:
        raise TooMany(retry_after_s=rate.get_expiry())


def limits_storage(redis_url: str | None) -> str:
    """Where the counters live, in the words of the `limits` library."""
    if redis_url is None:
        return "memory://"
    return redis_url.replace("unix://", "redis+unix://", 1)


def _account() -> Any:
    person = find_current_person()
    if person is not None:
        return str(person.id)
    login = request.authorization
    if login is not None and login.username:
        return login.username.lower()
    body = peek(request)
    if not isinstance(body, dict):
        return None
    named = body.get("username_or_email") or body.get("email") or body.get("username")
    return named.lower() if isinstance(named, str) else None
