"""Suggesting cities while somebody types."""

from collections.abc import Sequence

from marketplace.domains.catalog import queries, rules
from marketplace.domains.catalog.types import Named

MOST = 10
# The cities of a country are read once a process: they change with a release, and each letter typed asks.
_known: dict[str, Sequence[Named]] = {}


def suggest_cities(typed: str, *, country: str) -> list[str]:
    """The names of at most ten cities of a country, by its ISO 3166-1 code, that somebody may be typing."""
    cities = _known.get(country) or queries.list_named(country)
    if cities:
        _known[country] = cities
    return rules.suggest(typed, cities, most=MOST)
