"""Changing what one says of oneself."""

from sqlalchemy import delete

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import EmailTaken
from marketplace.domains.accounts.events import AccountChanged
from marketplace.domains.accounts.models import User, UserRole
from marketplace.domains.accounts.service import codes, locks
from marketplace.domains.accounts.service.administer import get_account
from marketplace.domains.accounts.service.verify import ask_for_verification
from marketplace.domains.accounts.types import Account, AccountChanges, Person, Role
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

_VALUES = ("first_name", "last_name", "phone_number", "city", "country", "bio", "first_login")


def change(*, actor: Person, changes: AccountChanges) -> frozenset[Role]:
    """Change the actor's account; answers the roles that they have given up. Joins an open unit of work.

    Whether somebody still counts on such a role is for the caller to know: nobody meanwhile acts in it.
    """
    with unit_of_work() as unit:
        user = locks.lock_active(unit, actor.id)
        for name in _VALUES:
            value = getattr(changes, name)
            if value is not None:
                setattr(user, name, value)
        if changes.email is not None:
            _change_email(unit, user, changes.email)
        given_up = _change_roles(unit, user, changes)
        unit.record(AccountChanged(person_id=user.id))
        return given_up


def change_flags(*, actor: Person, first_login: bool | None = None) -> Account:
    """Change what is kept of the actor's way through a face."""
    change(actor=actor, changes=AccountChanges(first_login=first_login))
    return get_account(person_id=actor.id)


def set_avatar(*, actor: Person, avatar: str | None) -> None:
    """Let a picture stand beside the actor's name: its address, or its path below that of this house."""
    with unit_of_work() as unit:
        locks.lock_active(unit, actor.id).avatar = avatar


def _change_email(unit: UnitOfWork, user: User, email: str) -> None:
    is_other = email.lower() != user.email.lower()
    user.email = email
    unit.flush({"uq_users_email": EmailTaken})
    if is_other:
        user.email_verified_at = None
        # What was sent to the old address proves nothing about the new one.
        codes.revoke(unit, person_id=user.id)
        ask_for_verification(unit, person_id=user.id)


def _change_roles(unit: UnitOfWork, user: User, changes: AccountChanges) -> frozenset[Role]:
    held = queries.roles_of(person_id=user.id)
    roles = rules.change_roles(held, changes.roles)
    unit.session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(roles - held))
    unit.session.execute(delete(UserRole).where(UserRole.user_id == user.id, UserRole.role.in_(held - roles)))
    return held - roles
