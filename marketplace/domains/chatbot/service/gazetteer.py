"""The cities of the catalogue, as messages are read with them."""

from collections.abc import Collection, Mapping, Sequence

from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.public import City
from marketplace.domains.chatbot.rules.places import FAMOUS


class _Gazetteer:
    """Asks the catalogue; the famous cities are asked for once a process, as they hardly change."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._famous: Sequence[City] = ()

    def find_cities(self, names: Collection[str]) -> Mapping[str, City]:
        """The city that each of these names means."""
        return catalog.find_cities(names)

    def famous_cities(self) -> Sequence[City]:
        """The cities of so many people that they are known even misspelt, the largest first."""
        if not self._famous:
            self._famous = catalog.list_large_cities(FAMOUS)
        return self._famous


gazetteer = _Gazetteer()
