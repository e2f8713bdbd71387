"""How well messages are read: the utterances beside it, and the figures of either part of them."""

import csv
import hashlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from marketplace.domains.chatbot.rules.places import Gazetteer
from marketplace.domains.chatbot.rules.reading import Heard, hear
from marketplace.domains.chatbot.types import Budget, Language, Slot

FOLDER = Path(__file__).parent / "utterances"
NOW = datetime(2026, 3, 11, 12, tzinfo=ZoneInfo("Africa/Cairo"))
SLOTS = ("budget", "deadline", "city", "category")
NOTHING = "-"
ASKED = "asked:"


@dataclass(frozen=True)
class Utterance:
    """A message, what it states, and what the chatbot had asked before it."""

    language: Language
    text: str
    expected: dict[str, str]
    asked: Slot | None

    @property
    def is_held_out(self) -> bool:
        """Whether it is one of the third that nothing is built on."""
        return int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % 3 == 0

    def read(self, cities: Gazetteer) -> Heard:
        """The message as it is read."""
        return hear(self.text, now=NOW, cities=cities, asked=self.asked)


@dataclass
class Figures:
    """How often a slot was found, was something else, was overlooked, was made up."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    invented: int = 0

    def count(self, expected: str, found: str) -> None:
        """Count one message."""
        if expected == found:
            self.right += expected != NOTHING
            return
        self.wrong += found != NOTHING
        self.missed += expected != NOTHING
        self.invented += expected == NOTHING

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of what was stated that was found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Both in one: their harmonic mean."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass
class Result:
    utterances: int = 0
    slots: dict[str, Figures] = field(default_factory=lambda: {slot: Figures() for slot in SLOTS})

    @property
    def category_top1(self) -> float:
        """The share of messages of some kind of work whose category is right."""
        figures = self.slots["category"]
        return figures.right / max(1, figures.right + figures.missed)

    @property
    def invented(self) -> int:
        """How many budgets, deadlines and cities nobody had stated."""
        return sum(self.slots[slot].invented for slot in ("budget", "deadline", "city"))


def utterances(folder: Path = FOLDER) -> list[Utterance]:
    """All of a folder."""
    return [
        Utterance(
            language, row["text"], {slot: _normal(slot, row[slot]) for slot in SLOTS}, _asked(row["kind"])
        )
        for language in Language
        for row in _rows(folder, language)
    ]


def parts() -> dict[str, list[Utterance]]:
    """The two thirds to build on, the third that is held out, and what was written later."""
    everything = utterances()
    return {
        "built on": [utterance for utterance in everything if not utterance.is_held_out],
        "held out": [utterance for utterance in everything if utterance.is_held_out],
        "written later": utterances(FOLDER / "later"),
    }


def evaluate(chosen: Iterable[Utterance], cities: Gazetteer) -> Result:
    """Read them all and compare."""
    result = Result()
    for utterance in chosen:
        found = stated(utterance.read(cities))
        result.utterances += 1
        for slot, figures in result.slots.items():
            figures.count(utterance.expected[slot], found[slot])
    return result


def stated(heard: Heard) -> dict[str, str]:
    """What was read in a message, as the utterances write it."""
    reading = heard.reading
    return {
        "budget": _shown(reading.budget.value) if reading.budget else NOTHING,
        "deadline": reading.deadline.value.isoformat() if reading.deadline else NOTHING,
        "city": reading.city.value if reading.city else NOTHING,
        "category": reading.category.value if reading.category else NOTHING,
    }


def times(
    chosen: Iterable[Utterance], cities: Gazetteer, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """What each message costs in seconds, from the quickest to the slowest."""
    found = []
    for utterance in chosen:
        start = clock()
        utterance.read(cities)
        found.append(clock() - start)
    return sorted(found)


def percentile(ordered: list[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _rows(folder: Path, language: Language) -> Iterable[dict[str, str]]:
    with (folder / f"{language}.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _asked(kind: str) -> Slot | None:
    return Slot(kind.removeprefix(ASKED)) if kind.startswith(ASKED) else None


def _normal(slot: str, value: str) -> str:
    if slot != "budget" or value == NOTHING:
        return value
    amount, _, currency = value.partition(" ")
    return _shown(Budget(high=Decimal(amount), currency=currency or None))


def _shown(budget: Budget) -> str:
    return f"{budget.amount.normalize():f} {budget.currency or ''}".strip()
