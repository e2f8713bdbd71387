import pytest

from marketplace.domains.catalog import public as catalog
from tests.query_count import counted_queries


@pytest.mark.parametrize(
    ("said", "country", "meant"),
    [
        ("Cairo", None, ("Cairo", "EG")),
        ("  cairo ", "Egypt", ("Cairo", "EG")),
        ("القاهرة", None, ("Cairo", "EG")),
        ("Bombay", None, ("Mumbai", "IN")),
        ("Alger", "DZ", ("Algiers", "DZ")),
        ("alger", "dza", ("Algiers", "DZ")),
        ("Paris", None, ("Paris", "FR")),
        ("Paris", "united states", ("Paris", "US")),
        ("Cordoba", None, ("Córdoba", "AR")),
        ("Córdoba", "Spain", ("Córdoba", "ES")),
        ("Paris", "Nowhere", ("Paris", "FR")),
        ("Paris", "", ("Paris", "FR")),
    ],
)
def test_a_city_is_found_by_any_of_its_names(app, said, country, meant):
    city = catalog.find_city(said, country)
    assert (city.name, city.country_code) == meant
    assert city.population > 15_000


@pytest.mark.parametrize("said", ["", "  ", "Nowhere at all", "%", "\x00", "\ud800", "x" * 100_000])
def test_what_is_no_city_is_none(app, said):
    assert catalog.find_city(said) is None


def test_no_city_of_another_country_is_meant(app):
    assert catalog.find_city("Cairo", "France") is None


def test_many_cities_are_found_in_one_query(app):
    with counted_queries() as queries:
        found = catalog.find_cities(["Cairo", "giza", "Nowhere at all", ""])
    assert {said: city.name for said, city in found.items()} == {"Cairo": "Cairo", "giza": "Giza"}
    assert len(queries) == 1
    assert catalog.find_cities([]) == {}


@pytest.mark.parametrize(
    ("prefix", "first"),
    [("cai", "Cairo"), ("bom", "Mumbai"), ("القا", "Cairo"), ("são p", "São Paulo"), ("par", "Paris")],
)
def test_the_beginning_of_a_name_is_enough(app, prefix, first):
    found = catalog.search_cities(prefix, limit=5)
    assert len(found) == len({city.id for city in found}) == 5
    assert found[0].name == first


def test_only_the_cities_of_a_country_may_be_wanted(app):
    found = catalog.search_cities("par", country="usa")
    assert {city.country_code for city in found} == {"US"}
    assert "Paramount" in {city.name for city in found}


@pytest.mark.parametrize("prefix", ["", " ", "%", "_", "no city begins so"])
def test_what_no_city_begins_with_finds_none(app, prefix):
    assert catalog.search_cities(prefix) == []


def test_the_largest_cities_come_first(app):
    largest = catalog.list_large_cities(10_000_000)
    assert "Shanghai" in {city.name for city in largest}
    populations = [city.population for city in largest]
    assert populations == sorted(populations, reverse=True)
    assert populations[-1] >= 10_000_000
