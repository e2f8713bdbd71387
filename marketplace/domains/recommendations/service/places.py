"""How near cities are to each other."""

from collections.abc import Collection

from marketplace.domains.catalog import public as catalog
from marketplace.domains.recommendations import rules


class Places:
    """Cities by the names that people gave them, looked up at once."""

    def __init__(self, *names: Collection[str]) -> None:
        """Look up every name, in one query."""
        every = {name for some in names for name in some if name.strip()}
        self._cities = catalog.find_cities(every) if every else {}
        self._known: dict[tuple[frozenset[str], str], float] = {}

    def nearness(self, homes: frozenset[str], city: str) -> float | None:
        """How near a city is to the nearest of somebody's; `None` where one side said nothing."""
        if not homes or not city.strip():
            return None
        key = (homes, city)
        if key not in self._known:
            self._known[key] = max(self._between(home, city) for home in homes)
        return self._known[key]

    def nearest(self, homes: frozenset[str], cities: Collection[str]) -> tuple[float | None, str]:
        """How near the nearest of several cities is, and which that is."""
        known = [(near, city) for city in cities if (near := self.nearness(homes, city)) is not None]
        return max(known, default=(None, ""))

    def _between(self, home: str, city: str) -> float:
        one, other = self._cities.get(home), self._cities.get(city)
        if one is None or other is None:
            return float(home.strip().casefold() == city.strip().casefold())
        return rules.nearness(
            rules.distance_km((one.latitude, one.longitude), (other.latitude, other.longitude))
        )
