"""What the house asks of whoever vouches for people: Google today.

A person signs in there, and their browser is given a token that only that house can have signed. Reading one
may ask for the house's keys over the network, so it never happens inside a transaction.
"""

import re
from dataclasses import dataclass
from typing import Protocol

MAX_SUBJECT, MAX_EMAIL, MAX_NAME = 255, 254, 150
# Addresses that mail can be sent to, and texts that PostgreSQL can store.
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}", re.ASCII)
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class IdentityError(Exception):
    """Nobody is vouched for."""


class TokenRefused(IdentityError):
    """The token is forged, expired, for somebody else, or vouches for no address; the message says which."""


class Unreachable(IdentityError):
    """The keys by which a token is verified cannot be had right now."""


class NotConfigured(IdentityError):
    """This deployment asks nobody to vouch for people."""


@dataclass(frozen=True, kw_only=True)
class Vouched:
    """Who somebody is: `subject` is theirs for ever, the address is proven."""

    subject: str
    email: str
    first_name: str = ""
    last_name: str = ""


class IdentityProvider(Protocol):
    """A house that vouches for people; `name` is stored with what it says."""

    name: str

    def verify(self, token: str) -> Vouched:
        """Who a token speaks for; refuses every token that does not prove it."""
        ...


def vouched_for(
    *, subject: object, email: object, first_name: object = "", last_name: object = ""
) -> Vouched:
    """What a verified token says, checked; refuses one without somebody's name or a usable address."""
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT or _UNSTORABLE.search(subject):
        raise TokenRefused("It names nobody.")
    if not isinstance(email, str) or len(email) > MAX_EMAIL or not _is_address(email):
        raise TokenRefused("It has no address.")
    return Vouched(subject=subject, email=email, first_name=_name(first_name), last_name=_name(last_name))


def _is_address(email: str) -> bool:
    return _EMAIL.fullmatch(email) is not None and not _UNSTORABLE.search(email)


def _name(value: object) -> str:
    return _UNSTORABLE.sub("", value).strip()[:MAX_NAME] if isinstance(value, str) else ""
