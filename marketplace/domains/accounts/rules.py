"""The rules of accounts: pure."""

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from marketplace.domains.accounts.errors import (
    BadEmail,
    BadUsername,
    NoRoleLeft,
    ShortPassword,
    StaffRole,
    WeakPassword,
)
from marketplace.domains.accounts.types import STAFF, Registration, Role, Status

MIN_PASSWORD = 8
MAX_PASSWORD = 128
TOO_ALIKE = 0.7
MAX_WORDS = 10
# Shorter names have too many neighbours, longer words are no names.
LEAST_SPELT, MOST_SPELT = 5, 20
USERNAME = re.compile(r"[A-Za-z0-9._+-]{3,30}", re.ASCII)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")
RESERVED_USERNAMES = frozenset(
    {"admin", "administrator", "api", "me", "null", "root", "staff", "support", "system"}
)

_COMMON = frozenset(FREQUENCY_LISTS["passwords"])


def check_password(password: str, *, username: str, email: str, field: str = "password") -> None:
    """Refuse a password that is short, very long, only digits, common, or like the name or the address."""
    complaint = _complaint(password, (username, email, email.partition("@")[0]))
    if complaint:
        raise WeakPassword(complaint, field=field)


def _complaint(password: str, own: tuple[str, ...]) -> str:
    if len(password) < MIN_PASSWORD:
        return f"This password is too short. It must contain at least {MIN_PASSWORD} characters."
    if len(password) > MAX_PASSWORD:
        return f"This password is too long. It must contain at most {MAX_PASSWORD} characters."
    if password.isdigit():
        return "This password is entirely numeric."
    if password.lower() in _COMMON:
        return "This password is too common."
    if any(name and _alike(password.lower(), name.lower()) for name in own):
        return "The password is too similar to the username or the email address."
    return ""


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(a=one, b=other).quick_ratio() >= TOO_ALIKE


def check_length(password: str, *, field: str = "password") -> None:
    """Refuse a password that is short or very long, for faces whose document asks for no more."""
    if len(password) < MIN_PASSWORD:
        raise ShortPassword(field=field)
    if len(password) > MAX_PASSWORD:
        message = f"Password must be at most {MAX_PASSWORD} characters long."
        raise ShortPassword(message, field=field)


def is_username(username: str) -> bool:
    """Whether it is 3 to 30 letters, digits and `. _ + -`, and not a reserved word."""
    return USERNAME.fullmatch(username) is not None and username.lower() not in RESERVED_USERNAMES


def is_email(email: str) -> bool:
    """Whether it looks like an address for mail."""
    return EMAIL.fullmatch(email) is not None


def change_roles(held: frozenset[Role], wanted: Mapping[Role, bool]) -> frozenset[Role]:
    """The roles after a change; refuses to give or take those of the staff, and to leave none."""
    if wanted.keys() & STAFF:
        raise StaffRole
    roles = held - wanted.keys() | {role for role, is_wanted in wanted.items() if is_wanted}
    if roles != held and not roles - STAFF:
        raise NoRoleLeft
    return roles


def words_of(search: str) -> tuple[str, ...]:
    """The words that must all occur; a search of very many words is cut."""
    return tuple(search.split()[:MAX_WORDS])


def can_be_misspelt(form: str) -> bool:
    """Whether a word that no name has may be meant as another; numbers and signs mean what they say."""
    return LEAST_SPELT <= len(form) <= MOST_SPELT and form.isalpha()


def slips(form: str) -> list[str]:
    """What a word of letters may be meant as, in which `_` is any letter.

    One letter is another, too many or missing, or has changed places with the next.
    """
    heads_and_tails = [(form[:place], form[place:]) for place in range(len(form) + 1)]
    meant = {f"{head}_{tail}" for head, tail in heads_and_tails}
    for head, tail in heads_and_tails[:-1]:
        meant |= {f"{head}_{tail[1:]}", f"{head}{tail[1:]}", f"{head}{tail[1:2]}{tail[0]}{tail[2:]}"}
    return sorted(meant)


def may_sign_in(status: Status) -> bool:
    """Whether a person of that status may sign in."""
    return status is Status.ACTIVE


def awaits_proof(status: Status) -> bool:
    """Whether a person of that status has still to prove the address before they may sign in."""
    return status is Status.INACTIVE


def may_prove(status: Status) -> bool:
    """Whether a person of that status may prove the address or reset the password."""
    return may_sign_in(status) or awaits_proof(status)


def has_left(status: Status) -> bool:
    """Whether a person of that status has deleted their account."""
    return status is Status.DELETED


def name_of_the_deleted(person_id: int) -> str:
    """What somebody is called who has deleted their account: nobody can register that, nor mail to it."""
    return f"deleted user {person_id}"


def check_roles(registration: Registration) -> None:
    """Refuse staff roles, whatever a body asks."""
    if registration.roles & STAFF:
        raise StaffRole


def check_registration(registration: Registration) -> None:
    """Refuse staff roles and weak passwords, whatever a body asks."""
    check_roles(registration)
    check_password(registration.password, username=registration.username, email=registration.email)


def check_person(registration: Registration) -> None:
    """Refuse a name, an address or a password of a wrong form; reserved names are the operator's to give."""
    if USERNAME.fullmatch(registration.username) is None:
        raise BadUsername
    if not is_email(registration.email):
        raise BadEmail
    check_password(registration.password, username=registration.username, email=registration.email)
