"""Joining by mail: a person is let in once they have typed the digits that were sent to them."""

import re
import secrets
from datetime import timedelta

from sqlalchemy import delete

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import (
    AlreadyVerified,
    BadDigits,
    EmailTaken,
    NoSuchAccount,
    ShortPassword,
    UnknownEmail,
    UsernameTaken,
)
from marketplace.domains.accounts.events import EmailVerified, EnrolmentLapses, Registered
from marketplace.domains.accounts.models import OneTimeCode, User, UserRole
from marketplace.domains.accounts.service import digits, locks
from marketplace.domains.accounts.service.password import set_password
from marketplace.domains.accounts.service.register import add_user
from marketplace.domains.accounts.service.sign_in import open_session
from marketplace.domains.accounts.types import Account, Purpose, Registration, Role, SignedIn, Status
from marketplace.kernel.clock import clock
from marketplace.kernel.passwords import hash_password
from marketplace.kernel.unit_of_work import unit_of_work

LAPSES_AFTER = timedelta(hours=24)
NEW_PASSWORD = "new_password"  # noqa: S105 - a field's name
_ATTEMPTS = 5
_STEM = 22


def enrol(*, email: str, password: str, role: Role, face: str) -> None:
    """Take a newcomer in, who cannot sign in before they have proven the address."""
    _check_newcomer(email, password)
    password_hash = hash_password(password)
    for attempt in range(_ATTEMPTS):
        registration = Registration(
            username=username_for(email), email=email, password=password, roles=frozenset({role})
        )
        rules.check_roles(registration)
        try:
            _add(registration, password_hash, face=face)
        except UsernameTaken:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def confirm_enrolment(*, email: str, code: str, face: str) -> SignedIn:
    """Let somebody in who has the newest digits, and sign them in."""
    account = _unproven(email)
    code_id = digits.prove(person_id=account.id, purpose=Purpose.VERIFY_EMAIL, digits=code)
    with unit_of_work() as unit:
        user = locks.lock(unit, account.id)
        if user.email != account.email:
            raise BadDigits
        digits.take(unit, code_id)
        let_in(user)
        unit.record(EmailVerified(person_id=user.id))
        return open_session(unit, person_id=user.id, face=face)


def resend_digits(*, email: str) -> None:
    """Send new digits to somebody who has still to prove the address."""
    account = _unproven(email)
    with unit_of_work() as unit:
        locks.lock(unit, account.id)
        digits.send(unit, person_id=account.id, purpose=Purpose.VERIFY_EMAIL)


def ask_for_reset_digits(*, email: str) -> None:
    """Send digits with which a password is reset."""
    account = queries.find_account_by_email(email)
    if account is None or not rules.may_prove(account.status):
        raise NoSuchAccount
    with unit_of_work() as unit:
        locks.lock(unit, account.id)
        digits.send(unit, person_id=account.id, purpose=Purpose.RESET_PASSWORD)


def check_reset_digits(*, email: str, code: str) -> None:
    """Refuse digits that would not reset the password; they stay good for doing so."""
    digits.prove(person_id=_known(email).id, purpose=Purpose.RESET_PASSWORD, digits=code)


def reset_password_by_digits(*, email: str, code: str, new: str) -> None:
    """Give somebody a new password, who reads the mail and so has proven the address; all sessions end."""
    rules.check_length(new, field=NEW_PASSWORD)
    account = _known(email)
    code_id = digits.prove(person_id=account.id, purpose=Purpose.RESET_PASSWORD, digits=code)
    password_hash = hash_password(new)
    with unit_of_work() as unit:
        user = locks.lock(unit, account.id)
        if user.email != account.email or not rules.may_prove(Status(user.status)):
            raise BadDigits
        digits.take(unit, code_id)
        let_in(user)
        set_password(unit, user, password_hash)


def forget_unproven(*, person_id: int) -> None:
    """Forget a newcomer who never proved the address, so that its owner may join."""
    with unit_of_work() as unit:
        user = unit.session.get(User, person_id, with_for_update=True)
        if user is None or user.email_verified_at is not None or not rules.awaits_proof(Status(user.status)):
            return
        unit.session.execute(delete(OneTimeCode).where(OneTimeCode.user_id == person_id))
        unit.session.execute(delete(UserRole).where(UserRole.user_id == person_id))
        unit.session.delete(user)


def username_for(email: str) -> str:
    """A free username that looks like the address."""
    stem = re.sub(r"[^A-Za-z0-9._+-]", "", email.partition("@")[0])[:_STEM]
    if len(stem) > 2 and rules.is_username(stem) and queries.is_username_free(stem):  # noqa: PLR2004 - the least
        return stem
    return f"{stem}.{secrets.token_hex(3)}"


def _check_newcomer(email: str, password: str) -> None:
    """Refuse all that is wrong at once."""
    is_taken = queries.find_credentials(email) is not None
    try:
        rules.check_length(password)
    except ShortPassword as short:
        if is_taken:
            raise EmailTaken(also=short) from short
        raise
    if is_taken:
        raise EmailTaken


def _add(registration: Registration, password_hash: str, *, face: str) -> None:
    with unit_of_work() as unit:
        user = add_user(unit, registration, password_hash, status=Status.INACTIVE)
        unit.record(Registered(person_id=user.id, face=face))
        unit.record(EnrolmentLapses(person_id=user.id), due_at=clock.now() + LAPSES_AFTER)
        digits.send(unit, person_id=user.id, purpose=Purpose.VERIFY_EMAIL)


def let_in(user: User) -> None:
    """Let somebody in who has proven the address; the caller holds their lock."""
    user.email_verified_at = user.email_verified_at or clock.now()
    if rules.awaits_proof(Status(user.status)):
        user.status = Status.ACTIVE


def _unproven(email: str) -> Account:
    account = _known(email)
    if account.email_verified:
        raise AlreadyVerified
    return account


def _known(email: str) -> Account:
    account = queries.find_account_by_email(email)
    if account is None or not rules.may_prove(account.status):
        raise UnknownEmail
    return account
