"""Joining."""

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import EmailTaken, UsernameTaken
from marketplace.domains.accounts.events import Registered
from marketplace.domains.accounts.models import User, UserRole
from marketplace.domains.accounts.service import locks
from marketplace.domains.accounts.service.sign_in import open_session
from marketplace.domains.accounts.service.verify import ask_for_verification
from marketplace.domains.accounts.types import Registration, Role, SignedIn, Status
from marketplace.kernel.clock import clock
from marketplace.kernel.passwords import hash_password, verify_password
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

_TAKEN = {"uq_users_email": EmailTaken, "uq_users_username": UsernameTaken}


def register(registration: Registration, *, face: str) -> SignedIn:
    """Create a person and sign them in; somebody known who proves the password gains the roles instead."""
    rules.check_registration(registration)
    known = _prove_known(registration)
    password_hash = hash_password(registration.password) if known is None else ""
    with unit_of_work() as unit:
        if known is None:
            user = add_user(unit, registration, password_hash)
            ask_for_verification(unit, person_id=user.id)
            person_id = user.id
        else:
            person_id, proven = known
            if not locks.keep_proven(unit, person_id, password_hash=proven):
                raise EmailTaken
            unit.session.add_all(UserRole(user_id=person_id, role=role) for role in registration.roles)
            unit.flush({"pk_user_roles": EmailTaken})
        unit.record(Registered(person_id=person_id, face=face))
        return open_session(unit, person_id=person_id, face=face)


def add_user(
    unit: UnitOfWork, registration: Registration, password_hash: str | None, *, status: Status = Status.ACTIVE
) -> User:
    """Insert a person with their roles; refuses a taken name or address."""
    user = User(
        email=registration.email,
        username=registration.username,
        password_hash=password_hash,
        first_name=registration.first_name,
        last_name=registration.last_name,
        phone_number=registration.phone_number,
        city=registration.city,
        country=registration.country,
        status=status,
        joined_at=clock.now(),
    )
    unit.session.add(user)
    unit.flush(_TAKEN)
    unit.session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(registration.roles))
    unit.session.flush()
    return user


def _prove_known(registration: Registration) -> tuple[int, str | None] | None:
    """Who has that address, and the hash of the password that proves it; `None` for a newcomer.

    Refuses the address to whoever does not prove it, and a role that its owner has.
    """
    credentials = queries.find_credentials(registration.email)
    if credentials is None:
        return None
    person_id, stored, status = credentials
    account = queries.find_account(person_id=person_id)
    holds: frozenset[Role] = account.roles if account else frozenset()
    if (
        not verify_password(stored, registration.password)
        or not rules.may_sign_in(status)
        or holds & registration.roles
    ):
        raise EmailTaken
    return person_id, stored
