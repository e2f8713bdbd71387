"""The page where the holder of a connected account completes it: a link that works once, for five minutes."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers.sandbox.models import SandboxObject
from marketplace.providers.sandbox.stripe import accounts, forms, store
from marketplace.providers.sandbox.stripe.calls import Call
from marketplace.providers.sandbox.stripe.errors import StripeRefusal
from marketplace.providers.sandbox.stripe.house import house

LIVES_FOR = timedelta(minutes=5)
PATH = "/sandbox/stripe/onboarding"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a visitor of the link finds, and where the page leads them next."""

    is_complete: bool
    next_url: str | None


def create_link(unit: UnitOfWork, call: Call) -> dict[str, Any]:
    """Make a link for an account. What is kept of its token is a digest."""
    account = store.get_locked(unit, "account", forms.text(call.params, "account"), param="account")
    token = secrets.token_urlsafe(24)
    expires_at = int((clock.real_now() + LIVES_FOR).timestamp())
    hidden = {
        "digest": _digest(token),
        "used": False,
        "return_url": _url(call, "return_url"),
        "refresh_url": _url(call, "refresh_url"),
    }
    row = store.create(unit, "account_link", {"expires_at": expires_at}, account=account.id, hidden=hidden)
    return {
        "object": "account_link",
        "created": row.body["created"],
        "expires_at": expires_at,
        "url": f"{house.public_url}{PATH}/{account.id}?token={token}",
    }


def visit(account_reference: str, token: str) -> Visit:
    """Complete the account if the link is fresh; a used, expired or wrong one leads to its refresh page."""
    with unit_of_work() as unit:
        account = store.find_locked(unit, "account", account_reference)
        if account is None:
            return Visit(is_complete=False, next_url=None)
        link = unit.session.scalars(
            select(SandboxObject).where(
                SandboxObject.kind == "account_link",
                SandboxObject.account == account.id,
                SandboxObject.hidden["digest"].astext == _digest(token),
            )
        ).one_or_none()
        if link is None:
            return Visit(is_complete=False, next_url=None)
        if link.hidden["used"] or link.body["expires_at"] < clock.real_now().timestamp():
            return Visit(is_complete=False, next_url=link.hidden["refresh_url"])
        store.note(link, used=True)
        accounts.complete(unit, account)
        return Visit(is_complete=True, next_url=link.hidden["return_url"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _url(call: Call, name: str) -> str:
    url = forms.text(call.params, name)
    if urlsplit(url).scheme not in {"http", "https"}:
        raise StripeRefusal("Not a valid URL", code="url_invalid", param=name)
    return url
