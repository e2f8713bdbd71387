"""Signing in by what somebody else vouches for: Google."""

from contextlib import suppress
from typing import overload

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import (
    BadCredentials,
    BadIdentityToken,
    EmailTaken,
    GoogleNotConfigured,
    GoogleUnreachable,
    LinkedMeanwhile,
    PasswordNeeded,
    PersonNotFound,
    UsernameTaken,
    WrongPassword,
)
from marketplace.domains.accounts.events import EmailVerified, Registered
from marketplace.domains.accounts.models import IdentityRow
from marketplace.domains.accounts.service import codes, locks
from marketplace.domains.accounts.service.enrol import let_in, username_for
from marketplace.domains.accounts.service.register import add_user
from marketplace.domains.accounts.service.sign_in import open_session
from marketplace.domains.accounts.types import Registration, Role, SignedIn, Status
from marketplace.kernel.clock import clock
from marketplace.kernel.passwords import verify_password
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers import google
from marketplace.providers.identity import NotConfigured, TokenRefused, Unreachable, Vouched

# Somebody may register the same name, address or identity while we look.
_ATTEMPTS = 5


_LINKED = {"uq_identities_provider_subject": LinkedMeanwhile}


@overload
def sign_in_with_google(
    *, token: str, roles: frozenset[Role], face: str, password: str | None = None
) -> SignedIn: ...


@overload
def sign_in_with_google(
    *, token: str, roles: frozenset[Role] | None, face: str, password: str | None = None
) -> SignedIn | None: ...


def sign_in_with_google(
    *, token: str, roles: frozenset[Role] | None, face: str, password: str | None = None
) -> SignedIn | None:
    """Open a session for whom Google vouches, outside any unit of work.

    A newcomer joins with these roles, and is answered `None` where none are said. An account that has not
    proven its address may be somebody else's: it is linked by its password alone. One that nobody has been
    let into yet goes to who proves the address, without the password.
    """
    provider = google.provider()
    try:
        vouched = provider.verify(token)
    except TokenRefused as error:
        raise BadIdentityToken from error
    except Unreachable as error:
        raise GoogleUnreachable from error
    except NotConfigured as error:
        raise GoogleNotConfigured from error
    for _ in range(_ATTEMPTS):
        with suppress(EmailTaken, UsernameTaken, LinkedMeanwhile, PersonNotFound):
            return _enter(provider.name, vouched, password=password, roles=roles, face=face)
    return _enter(provider.name, vouched, password=password, roles=roles, face=face)


def _enter(
    provider: str, vouched: Vouched, *, password: str | None, roles: frozenset[Role] | None, face: str
) -> SignedIn | None:
    person_id = queries.find_identified(provider=provider, subject=vouched.subject)
    if person_id is not None:
        return _return(person_id, face)
    credentials = queries.find_credentials(vouched.email)
    if credentials is None:
        return _join(provider, vouched, roles, face) if roles else None
    person_id, stored, status = credentials
    if rules.awaits_proof(status):
        return _admit(provider, vouched, person_id, face)
    if not rules.may_sign_in(status):
        raise BadCredentials
    account = queries.find_account(person_id=person_id)
    if account is None or not account.email_verified:
        _prove(stored, password)
        return _link(provider, vouched, person_id, face, stored=stored)
    return _link(provider, vouched, person_id, face)


def _return(person_id: int, face: str) -> SignedIn:
    with unit_of_work() as unit:
        if not rules.may_sign_in(Status(locks.lock(unit, person_id).status)):
            raise BadCredentials
        return open_session(unit, person_id=person_id, face=face)


def _admit(provider: str, vouched: Vouched, person_id: int, face: str) -> SignedIn:
    """Let somebody in for the first time; whoever chose the password need not be who proves the address."""
    with unit_of_work() as unit:
        user = locks.lock(unit, person_id)
        if not rules.awaits_proof(Status(user.status)) or user.email.lower() != vouched.email.lower():
            raise LinkedMeanwhile
        user.password_hash = None
        user.first_name = user.first_name or vouched.first_name
        user.last_name = user.last_name or vouched.last_name
        codes.revoke(unit, person_id=person_id)
        let_in(user)
        _add_identity(unit, person_id, provider, vouched)
        unit.record(EmailVerified(person_id=person_id))
        return open_session(unit, person_id=person_id, face=face)


def _prove(stored: str | None, password: str | None) -> None:
    if password is None:
        raise PasswordNeeded
    if not verify_password(stored, password):
        raise WrongPassword


def _link(
    provider: str, vouched: Vouched, person_id: int, face: str, *, stored: str | None = None
) -> SignedIn:
    """Link an account that has proven the address, or whose password `stored` was proven just now."""
    with unit_of_work() as unit:
        user = locks.lock(unit, person_id)
        is_theirs = user.email_verified_at is not None or (stored and user.password_hash == stored)
        is_same = user.email.lower() == vouched.email.lower()
        if not rules.may_sign_in(Status(user.status)) or not is_same or not is_theirs:
            raise LinkedMeanwhile
        if user.email_verified_at is None:
            user.email_verified_at = clock.now()
            unit.record(EmailVerified(person_id=person_id))
        _add_identity(unit, person_id, provider, vouched)
        return open_session(unit, person_id=person_id, face=face)


def _join(provider: str, vouched: Vouched, roles: frozenset[Role], face: str) -> SignedIn:
    registration = Registration(
        username=username_for(vouched.email),
        email=vouched.email,
        password="",
        roles=roles,
        first_name=vouched.first_name,
        last_name=vouched.last_name,
    )
    rules.check_roles(registration)
    with unit_of_work() as unit:
        user = add_user(unit, registration, None)
        user.email_verified_at = clock.now()
        _add_identity(unit, user.id, provider, vouched)
        unit.record(Registered(person_id=user.id, face=face))
        return open_session(unit, person_id=user.id, face=face)


def _add_identity(unit: UnitOfWork, person_id: int, provider: str, vouched: Vouched) -> None:
    unit.session.add(
        IdentityRow(user_id=person_id, provider=provider, subject=vouched.subject, created_at=clock.now())
    )
    unit.flush(_LINKED)
