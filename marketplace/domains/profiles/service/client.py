"""What a person says of themselves as somebody who has work done."""

from typing import Any

from sqlalchemy import select

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.files.public import Stored
from marketplace.domains.profiles import queries, rules
from marketplace.domains.profiles.errors import NoSuchProfile, ProfileExists, ProfileNotFound
from marketplace.domains.profiles.models import ClientRow
from marketplace.domains.profiles.service.avatar import receive_avatar, wear_avatar
from marketplace.domains.profiles.service.drafts import ClientChanges
from marketplace.domains.profiles.service.profile import lock_profile
from marketplace.domains.profiles.types import Client, ClientValues
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

_ONCE = {"uq_client_profiles_person_id": ProfileExists}
_BUDGETS = ("monthly_budget", "project_budget")
_TEXTS = frozenset(ClientValues.__annotations__) - {"account_type", "website", *_BUDGETS}


def create_client(*, actor: Person, changes: ClientChanges) -> Client:
    """Make the actor's profile as a client, `account_type` said; a person has one."""
    if queries.find_client(person_id=actor.id) is not None:
        raise ProfileExists
    picture = receive_avatar(changes.picture) if changes.picture else None
    now = clock.now()
    with unit_of_work() as unit:
        _hold(unit, actor, changes)
        row = ClientRow(person_id=actor.id, created_at=now, updated_at=now, **dict.fromkeys(_TEXTS, ""))
        _write(actor, row, changes, picture)
        unit.session.add(row)
        unit.flush(_ONCE)
        return get_own_client(actor=actor)


def change_client(*, actor: Person, changes: ClientChanges) -> Client:
    """Change the actor's profile as a client; what is not said stays."""
    if queries.find_client(person_id=actor.id) is None:
        raise ProfileNotFound
    picture = receive_avatar(changes.picture) if changes.picture else None
    with unit_of_work() as unit:
        _hold(unit, actor, changes)
        row = unit.session.scalar(select(ClientRow).where(ClientRow.person_id == actor.id))
        if row is None:
            raise ProfileNotFound
        _write(actor, row, changes, picture)
        row.updated_at = clock.now()
        unit.session.flush()
        return get_own_client(actor=actor)


def get_own_client(*, actor: Person) -> Client:
    """The actor's profile as a client; refuses whoever has none."""
    found = queries.find_client(person_id=actor.id)
    if found is None:
        raise ProfileNotFound
    return found


def get_client(profile_id: int) -> Client:
    """A client's profile by its id; refuses one of somebody who is no client any more, is barred or gone."""
    found = queries.find_listed_client(profile_id)
    if found is None:
        raise NoSuchProfile
    return found


def _hold(unit: UnitOfWork, actor: Person, changes: ClientChanges) -> None:
    """Change the person first, so that nobody changes them or their profile meanwhile."""
    accounts.change(actor=actor, changes=changes.account)
    accounts.keep(actor, Role.CLIENT)
    lock_profile(unit, actor.id)


def _write(actor: Person, row: ClientRow, changes: ClientChanges, picture: Stored | None) -> None:
    values: dict[str, Any] = {**changes.values}
    for name in _BUDGETS:
        if name in values:
            money = values.pop(name)
            values[f"{name}_minor"] = None if money is None else money.minor
            row.budget_currency = row.budget_currency if money is None else money.currency
    for name, value in values.items():
        setattr(row, name, value)
    if row.monthly_budget_minor is None and row.project_budget_minor is None:
        row.budget_currency = None
    rules.check_company(row.account_type, row.company_name)
    if changes.picture is not None:
        wear_avatar(actor=actor, stored=picture)
