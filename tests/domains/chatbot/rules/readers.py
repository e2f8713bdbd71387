"""Reading one message without a database: a gazetteer of a few cities, one moment."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from marketplace.domains.chatbot.rules.places import FAMOUS
from marketplace.domains.chatbot.rules.reading import hear

NOW = datetime(2026, 3, 11, 12, tzinfo=ZoneInfo("Africa/Cairo"))


@dataclass(frozen=True)
class City:
    name: str
    population: int


CITIES = {
    "cairo": City("Cairo", 9_600_000),
    "القاهرة": City("Cairo", 9_600_000),
    "giza": City("Giza", 4_300_000),
    "الجيزة": City("Giza", 4_300_000),
    "paris": City("Paris", 2_100_000),
    "lyon": City("Lyon", 520_000),
    "nice": City("Nice", 340_000),
    "tours": City("Tours", 140_000),
    "springfield": City("Springfield", 60_000),
    "delhi": City("Delhi", 11_000_000),
    "दिल्ली": City("Delhi", 11_000_000),
    "नोएडा": City("Noida", 640_000),
    "al-mansura": City("Mansoura", 620_000),
}


class Gazetteer:
    """Those few cities, and how often it was asked for how many names."""

    def __init__(self):
        self.asked = []

    def find_cities(self, names):
        self.asked.append(len(names))
        return {name: CITIES[name.casefold()] for name in names if name.casefold() in CITIES}

    def famous_cities(self):
        return [city for city in CITIES.values() if city.population >= FAMOUS]


cities = Gazetteer()


def read(said, *, asked=None, now=NOW):
    """What a message states."""
    return hear(said, now=now, cities=cities, asked=asked).reading
