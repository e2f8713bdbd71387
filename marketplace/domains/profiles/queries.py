"""What profiles reads."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.domains.accounts.public import PEOPLE
from marketplace.domains.catalog.public import SKILLS, Skill
from marketplace.domains.profiles import rules
from marketplace.domains.profiles.models import (
    ClientRow,
    FreelancerRow,
    PersonCategory,
    PersonOffering,
    PersonSkill,
    PortfolioItem,
    ProfileRow,
)
from marketplace.domains.profiles.types import Card, Introduction, Item, Place, Preferences
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.unit_of_work import reading


def _gathered(value: InstrumentedAttribute[int], person: InstrumentedAttribute[int]) -> Any:
    found = select(func.array_agg(aggregate_order_by(value, value))).where(person == ProfileRow.person_id)
    return func.coalesce(found.scalar_subquery(), [])


_PROFILE = select(
    ProfileRow.person_id,
    ProfileRow.cities,
    ProfileRow.places,
    ProfileRow.min_budget_minor,
    ProfileRow.max_budget_minor,
    ProfileRow.budget_currency,
    ProfileRow.introduced_at,
    _gathered(PersonSkill.skill_id, PersonSkill.person_id).label("skill_ids"),
    _gathered(PersonCategory.category_id, PersonCategory.person_id).label("category_ids"),
    _gathered(PersonOffering.offering_id, PersonOffering.person_id).label("offering_ids"),
)
_SKILL = select(SKILLS.c.id, SKILLS.c.name, SKILLS.c.category_id).join(
    PersonSkill, PersonSkill.skill_id == SKILLS.c.id
)
_CARD = (
    select(
        PEOPLE.c.id.label("person_id"),
        PEOPLE.c.name,
        PEOPLE.c.city.label("location"),
        PEOPLE.c.avatar.label("picture"),
        FreelancerRow.id.label("freelancer_id"),
        func.coalesce(FreelancerRow.title, "").label("title"),
        ClientRow.id.label("client_id"),
        func.coalesce(ClientRow.company_name, "").label("company_name"),
    )
    .outerjoin(FreelancerRow, FreelancerRow.person_id == PEOPLE.c.id)
    .outerjoin(ClientRow, ClientRow.person_id == PEOPLE.c.id)
)
_ITEM = select(*PortfolioItem.__table__.c)


def list_skills(*, person_id: int, page: PageRequest) -> Page[Skill]:
    """One page of what somebody is good at, by id."""
    mine = PersonSkill.person_id == person_id
    query = _SKILL.where(mine).order_by(SKILLS.c.id).limit(page.size).offset(page.offset)
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(PersonSkill).where(mine)) or 0
        rows = connection.execute(query).mappings().all()
    return Page(items=[Skill(**row) for row in rows], total=total, request=page)


def skills_of(person_ids: Collection[int]) -> Mapping[int, Sequence[Skill]]:
    """What each of these people is good at, by id, in one query; whoever named nothing has an empty list."""
    found: dict[int, list[Skill]] = {person_id: [] for person_id in person_ids}
    if not found:
        return found
    query = (
        _SKILL.add_columns(PersonSkill.person_id)
        .where(PersonSkill.person_id.in_(set(found)))
        .order_by(PersonSkill.person_id, SKILLS.c.id)
    )
    with reading() as connection:
        for skill_id, name, category_id, person_id in connection.execute(query):
            found[person_id].append(Skill(id=skill_id, name=name, category_id=category_id))
    return found


def preferences_of(person_ids: Collection[int]) -> Mapping[int, Preferences]:
    """What each of these people looks for, in one query; whoever said nothing looks for anything."""
    found = {person_id: Preferences() for person_id in person_ids}
    if found:
        rows = _execute(_PROFILE.where(ProfileRow.person_id.in_(set(found))))
        found |= {row.person_id: _preferences(row) for row in rows}
    return found


def get_preferences(*, person_id: int) -> Preferences:
    """What somebody looks for."""
    return preferences_of([person_id])[person_id]


def get_introduction(*, person_id: int) -> Introduction:
    """How far somebody has come in introducing themselves."""
    rows = _execute(_PROFILE.where(ProfileRow.person_id == person_id))
    return Introduction(
        completed_at=rows[0].introduced_at if rows else None,
        missing=rules.missing(
            skill_ids=rows[0].skill_ids if rows else (),
            preferences=_preferences(rows[0]) if rows else Preferences(),
        ),
    )


def cards_of(person_ids: Collection[int]) -> Mapping[int, Card]:
    """What is shown of each of these people beside what they do, whatever became of them, in one query."""
    if not person_ids:
        return {}
    with reading() as connection:
        rows = connection.execute(_CARD.where(PEOPLE.c.id.in_(set(person_ids)))).mappings()
        return {row["person_id"]: Card(**row) for row in rows}


def find_item(item_id: int) -> Item | None:
    """An item of somebody's portfolio by id."""
    with reading() as connection:
        row = connection.execute(_ITEM.where(PortfolioItem.id == item_id)).mappings().one_or_none()
    return None if row is None else Item(**row)


def list_items(*, owner_id: int, page: PageRequest) -> Page[Item]:
    """One page of somebody's portfolio, newest first."""
    theirs = PortfolioItem.owner_id == owner_id
    query = _ITEM.where(theirs).order_by(PortfolioItem.id.desc()).limit(page.size).offset(page.offset)
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(PortfolioItem).where(theirs)) or 0
        rows = connection.execute(query).mappings().all()
    return Page(items=[Item(**row) for row in rows], total=total, request=page)


def count_items(*, owner_id: int) -> int:
    """How many items somebody's portfolio has."""
    query = select(func.count()).select_from(PortfolioItem).where(PortfolioItem.owner_id == owner_id)
    with reading() as connection:
        return connection.scalar(query) or 0


def _execute(query: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
    with reading() as connection:
        return connection.execute(query).all()


def _preferences(row: Row[Any]) -> Preferences:
    return Preferences(
        category_ids=row.category_ids,
        offering_ids=row.offering_ids,
        cities=row.cities,
        places=[Place(place) for place in row.places],
        min_budget=_budget(row.min_budget_minor, row.budget_currency),
        max_budget=_budget(row.max_budget_minor, row.budget_currency),
    )


def _budget(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)
