"""People under a lock.

Who changes a person locks them, and who does something that a change would undo keeps them: any number may
keep somebody at once, nobody meanwhile changes them. Whoever locks or keeps people does that before all else,
so that two commands never wait for each other.
"""

from collections.abc import Collection

from sqlalchemy import select

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import RoleRequired
from marketplace.domains.accounts.models import User
from marketplace.domains.accounts.types import Person, Role, Status
from marketplace.kernel.tokens import TokenNotValid
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

# Rows that only point at a person may be written meanwhile.
_CHANGING = {"key_share": True}


def lock(unit: UnitOfWork, person_id: int) -> User:
    """A person whom nobody else changes until this unit ends, whatever their status."""
    return unit.session.get_one(User, person_id, with_for_update=_CHANGING, populate_existing=True)


def lock_active(unit: UnitOfWork, person_id: int) -> User:
    """The same for somebody who acts; refuses one who has been barred meanwhile."""
    user = lock(unit, person_id)
    if not rules.may_sign_in(Status(user.status)):
        raise TokenNotValid
    return user


def keep(actor: Person, *roles: Role, others: Collection[int] = ()) -> None:
    """Keep the actor in these roles, and others, until the open unit of work ends.

    Refuses an actor who has been barred or has given up a role meanwhile.
    """
    query = select(User.id, User.status).where(User.id.in_({actor.id, *others})).order_by(User.id)
    with unit_of_work() as unit:
        statuses = dict(unit.session.execute(query.with_for_update(read=True)).all())
        if not rules.may_sign_in(Status(statuses[actor.id])):
            raise TokenNotValid
        if not queries.roles_of(person_id=actor.id) >= set(roles):
            raise RoleRequired


def keep_proven(unit: UnitOfWork, person_id: int, *, password_hash: str | None) -> bool:
    """Keep somebody who has just proven the password behind this hash; whether it is still theirs."""
    query = select(User.password_hash, User.status).where(User.id == person_id).with_for_update(read=True)
    now_hash, status = unit.session.execute(query).one()
    return now_hash == password_hash and rules.may_sign_in(Status(status))
