"""The words of the four languages, read from their files and compiled once."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from importlib.resources import files
from itertools import chain
from typing import Any

from marketplace.domains.chatbot.rules.text import END, START, WORD, Text, fold
from marketplace.domains.chatbot.types import Language

UNITS = ("hour", "day", "week", "month", "year")
_DAY = r"(?P<day>\d{1,2})(?!\d|[.,:/]\d)"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
_SPACE = re.compile(" (?![?*+])")
_NOTHING = re.compile(r"(?!)")


class Vocabulary:
    """What one language file says."""

    def __init__(self, language: Language) -> None:
        """Read the file of a language."""
        path = files("marketplace.domains.chatbot").joinpath("languages", f"{language}.toml")
        self.language = language
        self._data: dict[str, Any] = _folded(tomllib.loads(path.read_text("utf-8")))
        self.script: str = self._data["script"]

    def words(self, section: str, name: str) -> list[str]:
        """A list of words or patterns as the file has it, folded."""
        found: list[str] = self._data[section][name] if section else self._data[name]
        return found

    def table(self, section: str) -> Mapping[str, Any]:
        """A whole section of the file, folded."""
        found: Mapping[str, Any] = self._data[section]
        return found

    @cached_property
    def says_next_week(self) -> bool:
        """Whether the next Friday is the Friday of next week, and not just the coming one."""
        return bool(self._data["next_weekday"] == "of next week")

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        """What the words for numbers are worth; those that multiply are apart."""
        return {word: float(value) for word, value in self.table("numbers").items()}

    @cached_property
    def multipliers(self) -> Mapping[str, int]:
        """What the words are worth that multiply the number before them."""
        return dict(self.table("multipliers"))

    @cached_property
    def units(self) -> Mapping[str, tuple[str, int]]:
        """The words for lengths of time: the unit, and how many of it the word says by itself."""
        found = {word: (unit, 1) for unit, words in self.table("units").items() for word in words}
        return found | {word: (unit, 2) for unit, words in self.table("duals").items() for word in words}

    @cached_property
    def weekdays(self) -> Mapping[str, int]:
        """The names of the days, Monday being 0."""
        return _numbered(self.table("calendar")["weekdays"], 0)

    @cached_property
    def months(self) -> Mapping[str, int]:
        """The names of the months, January being 1."""
        return _numbered(self.table("calendar")["months"], 1)

    @cache  # noqa: B019 - there are four vocabularies, and they live as long as the process
    def any(self, section: str, name: str) -> re.Pattern[str]:
        """Any word or pattern of a list, as a whole word."""
        return self.compiled(*self.words(section, name))

    @cache  # noqa: B019 - there are four vocabularies, and they live as long as the process
    def each(self, section: str, name: str) -> list[re.Pattern[str]]:
        """The templates of a list one by one: for those with holes of the same name."""
        return [self.compiled(template) for template in self.words(section, name)]

    @cache  # noqa: B019 - there are four vocabularies, and they live as long as the process
    def ends_with(self, section: str, name: str) -> re.Pattern[str]:
        """Any of a list at the end of a text, with nothing but the section's fillers behind it."""
        alternatives = self._alternatives(self.words(section, name))
        fillers = self._alternatives(self.table(section).get("fillers", []))
        return re.compile(f"{START}{self._prefix}(?:{alternatives}){END}[ :='\"(]*(?:(?:{fillers}){END} *)*$")

    @cache  # noqa: B019 - there are four vocabularies, and they live as long as the process
    def begins_with(self, section: str, name: str) -> re.Pattern[str]:
        """Any of a list at the beginning of a text."""
        return re.compile(rf"[ '\"),]*(?:{self._alternatives(self.words(section, name))}){END}")

    @cache  # noqa: B019 - there are four vocabularies, and they live as long as the process
    def compiled(self, *templates: str) -> re.Pattern[str]:
        """Templates such as `next {weekday}` as one pattern of whole words."""
        if not templates:
            return _NOTHING
        return re.compile(f"{START}{self._prefix}(?:{self._alternatives(templates)}){END}")

    @cached_property
    def prefix(self) -> re.Pattern[str]:
        """What may be written to a word without a space."""
        return re.compile(self._prefix)

    @property
    def _prefix(self) -> str:
        return str(self._data["prefix"])

    def _alternatives(self, templates: Iterable[str]) -> str:
        ordered = sorted(templates, key=len, reverse=True)
        return "|".join(self._filled(template) for template in ordered) or "(?!)"

    def _filled(self, template: str) -> str:
        for hole, pattern in self._holes.items():
            template = template.replace(hole, pattern)
        return _SPACE.sub(" +", template)

    @cached_property
    def _holes(self) -> Mapping[str, str]:
        counts = {*self.table("counts"), *self.numbers}
        units, duals = (chain.from_iterable(self.table(name).values()) for name in ("units", "duals"))
        return {
            "{n}": rf"(?P<n>\d{{1,3}}|{_listed(counts)})",
            "{unit}": f"(?P<unit>{_listed(units)})",
            "{dual}": f"(?P<unit>{_listed(duals)})",
            "{weekday}": f"(?P<weekday>{_listed(self.weekdays)})",
            "{other_weekday}": f"(?:{_listed(self.weekdays)})",
            "{month}": f"(?P<month>{_listed(self.months)})",
            "{day}": _DAY,
            "{year}": _YEAR,
        }


@cache
def vocabulary(language: Language) -> Vocabulary:
    """The words of a language."""
    return Vocabulary(language)


def spoken_in(text: Text) -> list[Vocabulary]:
    """The languages that a text may be in, by the letters it is written in."""
    scripts = text.scripts
    return [words for language in Language if (words := vocabulary(language)).script in scripts]


@cache
def all_words() -> frozenset[str]:
    """Every word that a file of a language has: spelt as it is meant."""
    return frozenset(word for language in Language for word in _texts(vocabulary(language)._data))  # noqa: SLF001 - the one who reads all of it


def _texts(data: Any) -> Iterable[str]:
    if isinstance(data, str):
        yield from WORD.findall(data)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from WORD.findall(key)
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def _folded(data: Any) -> Any:
    if isinstance(data, str):
        return fold(data)
    if isinstance(data, Mapping):
        return {_key(key): _folded(value) for key, value in data.items()}
    return [_folded(value) for value in data] if isinstance(data, list) else data


def _key(key: str) -> str:
    return key if key.isupper() else fold(key)


def _numbered(names: list[list[str]], first: int) -> Mapping[str, int]:
    return {word: number for number, words in enumerate(names, first) for word in words}


def _listed(words: Iterable[str]) -> str:
    return "|".join(sorted((word.replace(" ", " +") for word in words), key=len, reverse=True)) or "(?!)"
