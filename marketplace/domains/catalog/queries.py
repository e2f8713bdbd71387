"""What the catalogue reads."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from marketplace.domains.catalog.models import (
    CategoryRow,
    CityNameRow,
    CityRow,
    CountryRow,
    ServiceOfferingRow,
    SkillRow,
)
from marketplace.domains.catalog.rules import fold
from marketplace.domains.catalog.types import Category, City, Contents, Named, ServiceOffering, Skill
from marketplace.kernel.kept import kept
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading

_CATEGORY = select(CategoryRow.id, CategoryRow.name, CategoryRow.slug, CategoryRow.description)
_SKILL = select(SkillRow.id, SkillRow.name, SkillRow.category_id)
_OFFERING = select(
    ServiceOfferingRow.id,
    ServiceOfferingRow.name,
    ServiceOfferingRow.description,
    ServiceOfferingRow.category_id,
)
_CITY = (
    CityRow.id,
    CityRow.name,
    CountryRow.name.label("country"),
    CityRow.country_code,
    CityRow.region,
    CityRow.latitude,
    CityRow.longitude,
    CityRow.population,
    CityRow.time_zone,
)
_NAMED = (
    select(*_CITY)
    .join(CountryRow, CountryRow.code == CityRow.country_code)
    .join(CityNameRow, CityNameRow.city_id == CityRow.id)
)
KEPT_FOR_S = 60.0
# For whoever links something to skills and reads both in one query.
SKILLS = _SKILL.subquery("known_skills")
CATEGORIES = _CATEGORY.subquery("known_categories")


@kept(for_s=KEPT_FOR_S, fixed=True)
def categories() -> Mapping[int, Category]:
    """Every category by id, in the order of their ids; what a new catalogue brought is seen in a minute."""
    with reading() as connection:
        rows = connection.execute(_CATEGORY.order_by(CategoryRow.id)).mappings().all()
    return {row["id"]: Category(**row) for row in rows}


def categories_with(category_ids: Collection[int]) -> Mapping[int, Category]:
    """Every category by id, these among them, were they brought a moment ago."""
    known = categories()
    return known if all(key in known for key in category_ids) else categories.anew()


@kept(for_s=KEPT_FOR_S)
def skills() -> Mapping[int, Skill]:
    """Every listed skill by id, in the order of their ids; new ones are seen in a minute."""
    with reading() as connection:
        rows = connection.execute(_SKILL.where(SkillRow.is_listed).order_by(SkillRow.id)).mappings().all()
    return {row["id"]: Skill(**row) for row in rows}


def list_skills(page: PageRequest) -> Page[Skill]:
    """One page of the listed skills, by id."""
    listed = _SKILL.where(SkillRow.is_listed)
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(listed.subquery())) or 0
        rows = connection.execute(_paged(listed.order_by(SkillRow.id), page)).mappings().all()
    return Page(items=[Skill(**row) for row in rows], total=total, request=page)


def find_skills(skill_ids: Collection[int]) -> Mapping[int, Skill]:
    """Those of these skills that there are, in one query."""
    with reading() as connection:
        rows = connection.execute(_SKILL.where(SkillRow.id.in_(set(skill_ids)))).mappings().all()
    return {row["id"]: Skill(**row) for row in rows}


def find_skills_by_name(names: Collection[str]) -> Mapping[str, Skill]:
    """Those of these names that are skills, whatever their case: the skill by its name in small letters."""
    wanted = {name.lower() for name in names}
    with reading() as connection:
        rows = connection.execute(_SKILL.where(func.lower(SkillRow.name).in_(wanted))).mappings().all()
    return {row["name"].lower(): Skill(**row) for row in rows}


def list_service_offerings(page: PageRequest) -> Page[ServiceOffering]:
    """One page of the kinds of service, by id."""
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(ServiceOfferingRow)) or 0
        rows = connection.execute(_paged(_OFFERING.order_by(ServiceOfferingRow.id), page)).mappings().all()
    return Page(items=[ServiceOffering(**row) for row in rows], total=total, request=page)


def find_service_offerings(offering_ids: Collection[int]) -> Mapping[int, ServiceOffering]:
    """Those of these kinds of service that there are, in one query."""
    with reading() as connection:
        query = _OFFERING.where(ServiceOfferingRow.id.in_(set(offering_ids)))
        rows = connection.execute(query).mappings().all()
    return {row["id"]: ServiceOffering(**row) for row in rows}


def find_city(name: str, country: str | None = None) -> City | None:
    """The city that people mean by a name in any language: the largest that is called so.

    `country` is a name or an ISO 3166-1 code; one that the gazetteer does not know says nothing.
    """
    query = (
        _NAMED.where(CityNameRow.name == fold(name), *_in_country(country))
        .order_by(CityNameRow.is_main.desc(), CityRow.population.desc(), CityRow.id)
        .limit(1)
    )
    with reading() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else City(**row)


def find_cities(names: Collection[str]) -> Mapping[str, City]:
    """The city that people mean by each of these names, in one query; those that mean none are left out."""
    folded = {name: fold(name) for name in names}
    query = (
        _NAMED.add_columns(CityNameRow.name.label("said"))
        .where(CityNameRow.name.in_(set(folded.values())))
        .ext(distinct_on(CityNameRow.name))
        .order_by(CityNameRow.name, CityNameRow.is_main.desc(), CityRow.population.desc(), CityRow.id)
    )
    with reading() as connection:
        rows = connection.execute(query).mappings().all()
    found = {row["said"]: City(**{key: row[key] for key in row if key != "said"}) for row in rows}
    return {name: found[said] for name, said in folded.items() if said in found}


def list_large_cities(least_population: int) -> list[City]:
    """The cities of at least so many people, the larger first."""
    query = (
        select(*_CITY)
        .join(CountryRow, CountryRow.code == CityRow.country_code)
        .where(CityRow.population >= least_population)
        .order_by(CityRow.population.desc(), CityRow.id)
    )
    with reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [City(**row) for row in rows]


def list_named(country_code: str) -> list[Named]:
    """The cities of a country with all their names, the larger first."""
    query = (
        select(
            CityRow.name,
            CityRow.population,
            func.array_agg(
                aggregate_order_by(CityNameRow.name, CityNameRow.is_main.desc(), CityNameRow.name)
            ),
        )
        .join(CityNameRow, CityNameRow.city_id == CityRow.id)
        .where(CityRow.country_code == country_code)
        .group_by(CityRow.id)
        .order_by(CityRow.population.desc(), CityRow.id)
    )
    with reading() as connection:
        rows = connection.execute(query).all()
    return [Named(name=name, population=population, forms=forms) for name, population, forms in rows]


def search_cities(prefix: str, *, country: str | None = None, limit: int = 10) -> list[City]:
    """The cities of which a name begins so, the larger first; a city's own name makes it ten times larger."""
    begun = fold(prefix)
    if not begun:
        return []
    weight = case((func.bool_or(CityNameRow.is_main), 10), else_=1)
    query = (
        _NAMED.where(CityNameRow.name.startswith(begun, autoescape=True), *_in_country(country))
        .group_by(CityRow.id, CountryRow.code)
        .order_by((CityRow.population * weight).desc(), CityRow.id)
        .limit(limit)
    )
    with reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [City(**row) for row in rows]


def contents() -> Contents:
    """How much the catalogue holds."""
    counts = [
        select(func.count()).select_from(table).scalar_subquery()
        for table in (CategoryRow, SkillRow, ServiceOfferingRow, CityRow)
    ]
    with reading() as connection:
        categories, skills, service_offerings, cities = connection.execute(select(*counts)).one()
    return Contents(categories=categories, skills=skills, service_offerings=service_offerings, cities=cities)


def _paged(query: Select[*tuple[Any, ...]], page: PageRequest) -> Select[*tuple[Any, ...]]:
    return query.limit(page.size).offset(page.offset)


def _in_country(country: str | None) -> list[ColumnElement[bool]]:
    if country is None or not fold(country):
        return []
    known = or_(
        CountryRow.code == country.strip().upper(),
        CountryRow.code3 == country.strip().upper(),
        CountryRow.folded_name == fold(country),
    )
    meant = select(CountryRow.code).where(known)
    return [CityRow.country_code.in_(meant) | ~meant.exists()]
