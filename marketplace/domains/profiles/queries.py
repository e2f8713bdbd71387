"""What profiles reads."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Row,
    RowMapping,
    Select,
    SQLColumnExpression,
    exists,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.domains.accounts.public import HOLDERS, PEOPLE, Role
from marketplace.domains.catalog.public import SKILLS, Skill
from marketplace.domains.profiles import rules
from marketplace.domains.profiles.models import (
    ClientRow,
    EducationRow,
    ExperienceRow,
    FreelancerRow,
    LanguageRow,
    PersonCategory,
    PersonOffering,
    PersonSkill,
    PortfolioItem,
    ProfileRow,
)
from marketplace.domains.profiles.types import (
    AccountType,
    Card,
    Client,
    ClientFilters,
    Conditions,
    Education,
    Experience,
    Freelancer,
    FreelancerFilters,
    Introduction,
    Item,
    Language,
    Order,
    Place,
    Preferences,
)
from marketplace.kernel.money import Money
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import ANY_OF_IDS, Statement

T = TypeVar("T")


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
_CONDITIONS = Statement(
    select(
        ProfileRow.person_id,
        ProfileRow.cities,
        ProfileRow.places,
        ProfileRow.min_budget_minor,
        ProfileRow.max_budget_minor,
        ProfileRow.budget_currency,
    ).where(
        ProfileRow.person_id == ANY_OF_IDS,
        (ProfileRow.cities != []) | (ProfileRow.places != []) | ProfileRow.budget_currency.is_not(None),
    )
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
_MEMBER = (
    PEOPLE.c.name,
    PEOPLE.c.first_name,
    PEOPLE.c.last_name,
    PEOPLE.c.country,
    PEOPLE.c.city.label("location"),
    PEOPLE.c.avatar.label("picture"),
)
_FREELANCER = (
    select(
        *FreelancerRow.__table__.c,
        *_MEMBER,
        PEOPLE.c.bio.label("about"),
        PEOPLE.c.email_verified,
        ProfileRow.phone_verified,
        ProfileRow.id_verified,
        ProfileRow.video_verified,
    )
    .join(PEOPLE, PEOPLE.c.id == FreelancerRow.person_id)
    .join(ProfileRow, ProfileRow.person_id == FreelancerRow.person_id)
)
_CLIENT = select(*ClientRow.__table__.c, *_MEMBER).join(PEOPLE, PEOPLE.c.id == ClientRow.person_id)
_ITEM = select(*PortfolioItem.__table__.c)


def list_skills(*, person_id: int, page: PageRequest) -> Page[Skill]:
    """One page of what somebody is good at, in the order in which they named it."""
    mine = PersonSkill.person_id == person_id
    query = _SKILL.where(mine).order_by(PersonSkill.place, SKILLS.c.id).limit(page.size).offset(page.offset)
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(PersonSkill).where(mine)) or 0
        rows = connection.execute(query).mappings().all()
    return Page(items=[Skill(**row) for row in rows], total=total, request=page)


def skills_of(person_ids: Collection[int]) -> Mapping[int, Sequence[Skill]]:
    """What each of these people is good at, in their order, in one query; who named nothing has no skills."""
    found: dict[int, list[Skill]] = {person_id: [] for person_id in person_ids}
    if not found:
        return found
    query = (
        _SKILL.add_columns(PersonSkill.person_id)
        .where(PersonSkill.person_id.in_(set(found)))
        .order_by(PersonSkill.person_id, PersonSkill.place, SKILLS.c.id)
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


def conditions_of(person_ids: Collection[int]) -> Mapping[int, Conditions]:
    """Where and for how much each of these people works, in one query."""
    found = dict.fromkeys(person_ids, Conditions())
    if found:
        rows = _CONDITIONS.all(ids=list(found))
        found |= {row[0]: Conditions(**_said(row[1:])) for row in rows}
    return found


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


def find_freelancer(*, person_id: int) -> Freelancer | None:
    """Somebody's profile as a freelancer."""
    return _one(_FREELANCER.where(FreelancerRow.person_id == person_id), _freelancer)


def find_listed_freelancer(profile_id: int) -> Freelancer | None:
    """A freelancer that everybody may see, by the id of their profile."""
    return _one(_FREELANCER.where(FreelancerRow.id == profile_id, *_is_listed(Role.FREELANCER)), _freelancer)


def list_freelancers(filters: FreelancerFilters, page: PageRequest) -> Page[Freelancer]:
    """One page of the freelancers who match."""
    said = [PEOPLE.c.name, PEOPLE.c.bio, PEOPLE.c.city, FreelancerRow.title]
    conditions = [
        *_is_listed(Role.FREELANCER),
        *(
            _occurs(word, said) | _has_skill(SKILLS.c.name.icontains(word, autoescape=True))
            for word in filters.words
        ),
        *_equal(PEOPLE.c.city, filters.location),
    ]
    if filters.skill is not None:
        conditions.append(_has_skill(func.lower(SKILLS.c.name) == func.lower(filters.skill)))
    if filters.is_available is not None:
        conditions.append(FreelancerRow.is_available == filters.is_available)
    query = _FREELANCER.where(*conditions).order_by(*_order(FreelancerRow, filters.order))
    return _page(query, page, _freelancer)


def find_client(*, person_id: int) -> Client | None:
    """Somebody's profile as a client."""
    return _one(_CLIENT.where(ClientRow.person_id == person_id), _client)


def find_listed_client(profile_id: int) -> Client | None:
    """A client that everybody may see, by the id of their profile."""
    return _one(_CLIENT.where(ClientRow.id == profile_id, *_is_listed(Role.CLIENT)), _client)


def list_clients(filters: ClientFilters, page: PageRequest) -> Page[Client]:
    """One page of the clients who match."""
    said = [
        PEOPLE.c.name,
        PEOPLE.c.city,
        ClientRow.company_name,
        ClientRow.company_description,
        ClientRow.industry,
    ]
    query = _CLIENT.where(
        *_is_listed(Role.CLIENT),
        *(_occurs(word, said) for word in filters.words),
        *_equal(PEOPLE.c.country, filters.country),
        *_equal(PEOPLE.c.city, filters.location),
        *_equal(ClientRow.industry, filters.industry),
    ).order_by(*_order(ClientRow, filters.order))
    return _page(query, page, _client)


def educations_of(person_id: int) -> list[Education]:
    """Where somebody learned."""
    return _entries(EducationRow, Education, person_id)


def experiences_of(person_id: int) -> list[Experience]:
    """What somebody has worked as."""
    return _entries(ExperienceRow, Experience, person_id)


def languages_of(person_id: int) -> list[Language]:
    """The languages that somebody speaks."""
    return _entries(LanguageRow, Language, person_id)


def portfolio_of(person_id: int) -> list[Item]:
    """All that somebody shows of their work, the oldest first."""
    with reading() as connection:
        query = _ITEM.where(PortfolioItem.owner_id == person_id).order_by(PortfolioItem.id)
        return [Item(**row) for row in connection.execute(query).mappings()]


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
    return Preferences(category_ids=row.category_ids, offering_ids=row.offering_ids, **_said(row[1:6]))


def _said(row: Sequence[Any]) -> dict[str, Any]:
    cities, places, lowest, highest, currency = row
    return {
        "cities": cities,
        "places": [Place(place) for place in places],
        "min_budget": _budget(lowest, currency),
        "max_budget": _budget(highest, currency),
    }


def _budget(minor: int | None, currency: str | None) -> Money | None:
    return None if minor is None or currency is None else Money(minor, currency)


def _entries(table: Any, kind: type[T], person_id: int) -> list[T]:
    columns = [column for column in table.__table__.c if column.name != "person_id"]
    query = select(*columns).where(table.person_id == person_id).order_by(table.id)
    with reading() as connection:
        return [kind(**row) for row in connection.execute(query).mappings()]


def _one(query: Select[*tuple[Any, ...]], show: Callable[[RowMapping], T]) -> T | None:
    with reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else show(row)


def _page(query: Select[*tuple[Any, ...]], page: PageRequest, show: Callable[[RowMapping], T]) -> Page[T]:
    counted = select(func.count()).select_from(query.order_by(None).subquery())
    with reading() as connection:
        total = connection.scalar(counted) or 0
        rows = connection.execute(query.limit(page.size).offset(page.offset)).mappings().all()
    return Page(items=[show(row) for row in rows], total=total, request=page)


def _freelancer(row: RowMapping) -> Freelancer:
    return Freelancer(**row)


def _client(row: RowMapping) -> Client:
    currency = row["budget_currency"]
    minor = {name.removesuffix("_minor"): row[name] for name in row if name.endswith("_minor")}
    values = {name: row[name] for name in row if not name.endswith("_minor") and name != "budget_currency"}
    budgets = {name: _budget(amount, currency) for name, amount in minor.items()}
    return Client(**{**values, **budgets, "account_type": AccountType(row["account_type"])})


def _is_listed(role: Role) -> tuple[ColumnElement[bool], ...]:
    return PEOPLE.c.is_active, exists().where(HOLDERS.c.person_id == PEOPLE.c.id, HOLDERS.c.role == role)


def _occurs(word: str, places: Collection[SQLColumnExpression[str]]) -> ColumnElement[bool]:
    # a word has no line break: it is found in one of the places, and each row is folded once
    return func.concat_ws("\n", *places).icontains(word, autoescape=True)


def _equal(place: SQLColumnExpression[str], text: str | None) -> list[ColumnElement[bool]]:
    return [] if text is None else [func.lower(place) == func.lower(text)]


def _has_skill(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    able = select(PersonSkill.person_id).join(SKILLS, SKILLS.c.id == PersonSkill.skill_id).where(condition)
    return FreelancerRow.person_id.in_(able)


def _order(table: type[FreelancerRow | ClientRow], order: Order) -> Sequence[Any]:
    if order is Order.COMPANY:
        return func.lower(ClientRow.company_name), table.id
    if order is Order.OLDEST:
        return table.created_at, table.id
    return table.created_at.desc(), table.id.desc()
