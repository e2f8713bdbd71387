"""People under a lock.

Who changes a person locks them, and who does something that a change would undo keeps them: any number may
keep somebody at once, nobody meanwhile changes them. Whoever locks or keeps people does that before all else,
so that two commands never wait for each other.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from marketplace.domains.accounts import queries, rules
from marketplace.domains.accounts.errors import PersonGone, PersonNotFound, RoleRequired
from marketplace.domains.accounts.models import User
from marketplace.domains.accounts.types import Person, Role, Status
from marketplace.kernel.errors import DomainError
from marketplace.kernel.statements import ANY_OF_IDS, Statement
from marketplace.kernel.tokens import TokenNotValid
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

# Rows that only point at a person may be written meanwhile.
_CHANGING = {"key_share": True}
_KEPT = Statement(
    select(User.id, User.status).where(User.id == ANY_OF_IDS).order_by(User.id).with_for_update(read=True)
)
_KEPT_PRESENT = Statement(
    select(User.id, User.status)
    .where(User.id == ANY_OF_IDS)
    .order_by(User.id)
    .with_for_update(read=True, key_share=True)
)


def lock(unit: UnitOfWork, person_id: int) -> User:
    """A person whom nobody else changes until this unit ends, whatever their status."""
    user = unit.session.get(User, person_id, with_for_update=_CHANGING, populate_existing=True)
    if user is None:
        raise PersonNotFound
    return user


def lock_active(unit: UnitOfWork, person_id: int) -> User:
    """The same for somebody who acts; refuses one who has been barred meanwhile."""
    user = lock(unit, person_id)
    if not rules.may_sign_in(Status(user.status)):
        raise TokenNotValid
    return user


def keep(actor: Person, *roles: Role, other_id: int | None = None) -> None:
    """Keep the actor in these roles, and somebody else, until the open unit of work ends.

    Refuses an actor who has been barred or has given up a role meanwhile, and somebody who has left.
    """
    with unit_of_work():
        rows = _KEPT.all(ids=[actor.id] if other_id is None else [actor.id, other_id])
        statuses = {person_id: Status(status) for person_id, status in rows}
        if not rules.may_sign_in(statuses[actor.id]):
            raise TokenNotValid
        if not queries.roles_of(person_id=actor.id) >= set(roles):
            raise RoleRequired
        if other_id is not None and rules.has_left(statuses[other_id]):
            raise PersonGone


def keep_all(actors: Collection[Person], role: Role) -> Mapping[int, DomainError]:
    """Keep several people in a role, as `keep` does; who of them may not act so any more, by id, and why."""
    ids = [actor.id for actor in actors]
    with unit_of_work():
        statuses = {person_id: Status(status) for person_id, status in _KEPT.all(ids=ids)}
        holding = queries.holding(role, among=ids)
    refusals: dict[int, DomainError] = {}
    for person_id in ids:
        if not rules.may_sign_in(statuses[person_id]):
            refusals[person_id] = TokenNotValid()
        elif person_id not in holding:
            refusals[person_id] = RoleRequired()
    return refusals


def keep_present(person_ids: Collection[int]) -> list[int]:
    """Who of these people is there, while rows about them are written; `see_off` waits for their transaction.

    Unlike `keep` this waits for nobody, so it may come after other locks.
    """
    with unit_of_work():
        rows = _KEPT_PRESENT.all(ids=list(person_ids))
    return [person_id for person_id, status in rows if not rules.has_left(Status(status))]


def see_off(person_id: int) -> None:
    """Wait until all is written that was begun before somebody left, so that it can be forgotten."""
    with unit_of_work() as unit:
        unit.session.execute(select(User.id).where(User.id == person_id).with_for_update())


def keep_proven(unit: UnitOfWork, person_id: int, *, password_hash: str | None) -> bool:
    """Keep somebody who has just proven the password behind this hash; whether it is still theirs."""
    query = select(User.password_hash, User.status).where(User.id == person_id).with_for_update(read=True)
    now_hash, status = unit.session.execute(query).one()
    return now_hash == password_hash and rules.may_sign_in(Status(status))
