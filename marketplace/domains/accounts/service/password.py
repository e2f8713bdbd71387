"""Changing a password: by the old one, or by a link in a mail."""

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import BadToken, WrongPassword
from marketplace.domains.accounts.events import PasswordChanged, PasswordResetAsked
from marketplace.domains.accounts.models import User
from marketplace.domains.accounts.service import codes, locks
from marketplace.domains.accounts.service.administer import get_account
from marketplace.domains.accounts.service.sign_in import revoke_sessions
from marketplace.domains.accounts.types import Person, Purpose, Status
from marketplace.kernel.passwords import hash_password, verify_password
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

NEW = "new_password"
OLD = "old_password"


def change_password(*, actor: Person, old: str, new: str) -> None:
    """Put a new password in the place of the old one; the actor's other sessions end."""
    stored = queries.find_password_hash(person_id=actor.id)
    if stored is None:
        raise WrongPassword("This account has no password yet: set one by a password reset.", field=OLD)
    if not verify_password(stored, old):
        raise WrongPassword(field=OLD)
    password_hash = _hash(actor.id, new)
    with unit_of_work() as unit:
        user = locks.lock_active(unit, actor.id)
        if user.password_hash != stored:
            raise WrongPassword(field=OLD)
        set_password(unit, user, password_hash, but_session_id=actor.session_id)


def ask_for_reset(*, email: str) -> None:
    """Have a link mailed to whoever has the address.

    The same is written for an address that nobody has, so that the time tells nothing; the code is made by
    the worker that sends the mail.
    """
    account = queries.find_account_by_email(email)
    is_known = account is not None and rules.may_sign_in(account.status)
    with unit_of_work() as unit:
        unit.record(PasswordResetAsked(person_id=account.id if account and is_known else None))


def open_reset(*, person_id: int) -> tuple[int, str] | None:
    """The id and token of a new reset code, for its mail; `None` for somebody who is barred by now."""
    with unit_of_work() as unit:
        user = locks.lock(unit, person_id)
        if not rules.may_sign_in(Status(user.status)):
            return None
        code_id = codes.make(unit, person_id=person_id, purpose=Purpose.RESET_PASSWORD)
    return code_id, codes.token_of(code_id, Purpose.RESET_PASSWORD)


def reset_password(*, token: str, new: str) -> None:
    """Take a token once; its person has a new password, and all their sessions end."""
    code_id, person_id = codes.read(token, Purpose.RESET_PASSWORD)
    password_hash = _hash(person_id, new)
    with unit_of_work() as unit:
        user = locks.lock(unit, person_id)
        codes.take(unit, code_id)
        if not rules.may_sign_in(Status(user.status)):
            raise BadToken
        set_password(unit, user, password_hash)


def _hash(person_id: int, new: str) -> str:
    account = get_account(person_id=person_id)
    rules.check_password(new, username=account.username, email=account.email, field=NEW)
    return hash_password(new)


def set_password(
    unit: UnitOfWork, user: User, password_hash: str, *, but_session_id: int | None = None
) -> None:
    """Give somebody a new password, and end their sessions or all but one; the caller holds their lock."""
    user.password_hash = password_hash
    codes.revoke(unit, person_id=user.id, purposes=(Purpose.RESET_PASSWORD,))
    revoke_sessions(unit, person_id=user.id, but_session_id=but_session_id)
    unit.record(PasswordChanged(person_id=user.id))
