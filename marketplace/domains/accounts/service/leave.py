"""Deleting an account: what is known of a person goes, what they did with others stays under no name."""

from sqlalchemy import delete

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import NotConfirmed, WrongPassword
from marketplace.domains.accounts.events import AccountDeleted
from marketplace.domains.accounts.models import IdentityRow, OneTimeCode, User, UserRole
from marketplace.domains.accounts.service import locks
from marketplace.domains.accounts.service.sign_in import revoke_sessions
from marketplace.domains.accounts.types import Person, Status
from marketplace.kernel import idempotency
from marketplace.kernel.passwords import verify_password
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

_FORGOTTEN = ("first_name", "last_name", "phone_number", "city", "country", "bio")


def confirm_leaving(*, actor: Person, password: str | None, is_confirmed: bool) -> str | None:
    """The hash of the password by which the actor has shown that it is them; outside any unit of work.

    Whoever has none, since they sign in elsewhere, confirms in so many words.
    """
    stored = queries.find_password_hash(person_id=actor.id)
    if stored is None:
        if not is_confirmed:
            raise NotConfirmed
        return None
    if password is None:
        raise WrongPassword("This field is required.")
    if not verify_password(stored, password):
        raise WrongPassword
    return stored


def begin_leaving(*, actor: Person, proven: str | None) -> None:
    """Lock the actor, so that nobody takes them up on anything; joins an open unit of work."""
    with unit_of_work() as unit:
        if locks.lock_active(unit, actor.id).password_hash != proven:
            raise WrongPassword


def erase(*, actor: Person) -> None:
    """Forget who the actor is and end all their sessions; joins an open unit of work.

    What hangs on them is for the caller to see to.
    """
    with unit_of_work() as unit:
        user = locks.lock_active(unit, actor.id)
        _forget(unit, user)
        revoke_sessions(unit, person_id=user.id)
        unit.record(AccountDeleted(person_id=user.id))


def _forget(unit: UnitOfWork, user: User) -> None:
    user.username = user.email = rules.name_of_the_deleted(user.id)
    for name in _FORGOTTEN:
        setattr(user, name, "")
    user.password_hash = user.avatar = user.email_verified_at = None
    user.locale, user.time_zone = "en", "UTC"
    user.status = Status.DELETED
    for table in (UserRole, OneTimeCode, IdentityRow):
        unit.session.execute(delete(table).where(table.user_id == user.id))
    idempotency.forget_answers(unit.session, person_id=user.id)
