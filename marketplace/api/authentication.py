"""Who is asking: the three ways in which a route lets people in."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, has_request_context, request  # noqa: TID251 - the one place that keeps who is asking

from marketplace.api.notes import note
from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Role
from marketplace.kernel.errors import Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])
_BEARER = "bearer "


def signed_in(*roles: Role) -> Callable[[View], View]:
    """Let in whoever holds a live access token and, where roles are named, one of them."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            person = _identify()
            if person is None:
                raise Unauthenticated
            if roles and not person.has(*roles):
                raise accounts.RoleRequired
            return view(*args, **kwargs)

        return _describe(cast("View", wrapper), access="signed_in", roles=roles)

    return decorate


def optionally_signed_in(view: View) -> View:
    """Let in everybody; a token that is shown must be live, so that its holder knows to refresh it."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        _identify()
        return view(*args, **kwargs)

    return _describe(cast("View", wrapper), access="optional", roles=())


def public(view: View) -> View:
    """Let in everybody, whatever token they show."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return _describe(cast("View", wrapper), access="public", roles=())


def current_person() -> Person:
    """Who is asking; only where the route lets in nobody unknown."""
    person = find_current_person()
    if person is None:
        raise Unauthenticated
    return person


def find_current_person() -> Person | None:
    """Who is asking, or `None` for somebody who shows no token."""
    if not has_request_context():
        return None
    person: Person | None = g.get("person")
    return person


def _identify() -> Person | None:
    header = request.headers.get("Authorization", "")
    if not header.lower().startswith(_BEARER):
        return None
    g.person, _ = accounts.identify(header[len(_BEARER) :].strip())
    person: Person = g.person
    return person


def _describe(wrapper: View, *, access: str, roles: tuple[Role, ...]) -> View:
    note(wrapper, access={"access": access, "roles": [str(role) for role in roles]})
    return wrapper
