"""What the operator does from the command line."""

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import PersonNotFound
from marketplace.domains.accounts.service import sign_in
from marketplace.domains.accounts.service.register import add_user
from marketplace.domains.accounts.types import Account, Registration, Role, Status
from marketplace.kernel.clock import clock
from marketplace.kernel.passwords import hash_password
from marketplace.kernel.unit_of_work import unit_of_work


def create_person(registration: Registration) -> Account:
    """Create a person with any roles, staff's included, and a proven address."""
    rules.check_person(registration)
    password_hash = hash_password(registration.password)
    with unit_of_work() as unit:
        user = add_user(unit, registration, password_hash)
        user.email_verified_at = clock.now()
    return get_account(person_id=user.id)


def suspend(identifier: str) -> Account:
    """Bar a person from signing in, and end their sessions."""
    return _set_status(identifier, Status.SUSPENDED)


def activate(identifier: str) -> Account:
    """Let a person sign in again."""
    return _set_status(identifier, Status.ACTIVE)


def get_account(*, person_id: int) -> Account:
    """A person by id; refuses an unknown one."""
    account = queries.find_account(person_id=person_id)
    if account is None:
        raise PersonNotFound
    return account


def get_account_by_username(username: str) -> Account:
    """An active person by username; refuses an unknown or barred one."""
    account = queries.find_account_by_username(username)
    if account is None or not rules.may_sign_in(account.status):
        raise PersonNotFound
    return account


def get_member(username: str, *, among: frozenset[Role]) -> Account:
    """Somebody active by username who holds one of these roles; refuses everybody else."""
    account = queries.find_member(username, among=among)
    if account is None:
        raise PersonNotFound
    return account


def get_account_of(identifier: str) -> Account:
    """A person by username, or by address if it has an `@`, whatever their status; refuses an unknown one."""
    find = queries.find_account_by_email if "@" in identifier else queries.find_account_by_username
    account = find(identifier)
    if account is None:
        raise PersonNotFound
    return account


def _set_status(identifier: str, status: Status) -> Account:
    account = get_account_of(identifier)
    sign_in.set_status(person_id=account.id, status=status)
    return get_account(person_id=account.id)
