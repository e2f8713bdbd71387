"""Where it is to be done: the words that may name a city, and the choice among the cities that they name."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Protocol

from marketplace.domains.chatbot.rules.spelling import LEAST_LETTERS as MISSPELT_LETTERS
from marketplace.domains.chatbot.rules.spelling import Neighbours
from marketplace.domains.chatbot.rules.text import START, WORD, Stretch, Text, fold
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary, all_words
from marketplace.domains.chatbot.types import Found, Language

MOST_WORDS = 4
MOST_CANDIDATES = 48
LEAST_LETTERS = 3
# How many people live in a city that is meant by its own name, by a word in small letters, by a misspelt one.
_TOWN = 30_000
_LARGE = 100_000
FAMOUS = 300_000
# How many letters before a name say what it is.
_NEAR = 80
_SEGMENT = re.compile(r"[^,.;:!?\n()\"]+")
_BETWEEN_WORDS = re.compile(r"[ '-]+")
_ARABIC = re.compile("[\u0620-\u064a]")
_LATIN = re.compile("[a-z]+")


class City(Protocol):
    """What the gazetteer knows of a city."""

    @property
    def name(self) -> str:
        """Its English name."""
        ...

    @property
    def population(self) -> int:
        """How many people live in it."""
        ...


class Gazetteer(Protocol):
    """Who knows the cities."""

    def find_cities(self, names: Collection[str]) -> Mapping[str, City]:
        """The city that each of these names means; those that mean none are left out."""
        ...

    def famous_cities(self) -> Sequence[City]:
        """The cities that are known even misspelt."""
        ...


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    """Words that may name a city; `is_called` where something says so beside their being a name."""

    start: int
    end: int
    said: str
    is_called: bool


def find_city(
    text: Text,
    languages: Sequence[Vocabulary],
    cities: Gazetteer,
    *,
    is_asked: bool = False,
    is_moving: bool = False,
    is_remote: bool = False,
) -> Found[str] | None:
    """The city that a text states; of a move it is where that begins, if asked for it is the whole answer.

    Where somebody lives is where their work is done, unless that can be done from everywhere.
    """
    candidates = _candidates(text, languages, is_asked=is_asked, is_moving=is_moving)
    if is_remote:
        candidates = [one for one in candidates if not _is_weak(text, one, languages)]
    spellings = {candidate: _spellings(candidate.said, languages) for candidate in candidates}
    known = cities.find_cities({name for names in spellings.values() for name in names}) if candidates else {}
    for candidate in candidates:
        city = next((known[name] for name in spellings[candidate] if name in known), None)
        if city is not None and _is_meant(candidate, city, languages, is_asked=is_asked):
            return Found(value=city.name, span=text.span(candidate.start, candidate.end))
    return _misspelt(text, candidates, cities)


def city_at(
    text: Text, stretch: Stretch, languages: Sequence[Vocabulary], cities: Gazetteer
) -> Found[str] | None:
    """The city that a stretch of a text names, unless the text rules it out."""
    words = list(WORD.finditer(text.folded, *stretch))
    if not 0 < len(words) <= MOST_WORDS:
        return None
    candidate = _candidate(text, words[0].start(), words[-1].end(), is_called=True)
    if not _may_name_a_city(candidate, text, languages):
        return None
    spellings = _spellings(candidate.said, languages)
    known = cities.find_cities(spellings)
    city = next((known[name] for name in spellings if name in known), None)
    if city is None or not _is_meant(candidate, city, languages):
        return None
    return Found(value=city.name, span=text.span(candidate.start, candidate.end))


def _ahead(text: Text, candidate: _Candidate) -> str:
    return text.folded[max(0, candidate.start - _NEAR) : candidate.start]


def _is_weak(text: Text, candidate: _Candidate, languages: Sequence[Vocabulary]) -> bool:
    """Whether it is said to be where somebody lives: the work may be elsewhere."""
    return any(
        language.ends_with("places", "weak_before").search(_ahead(text, candidate))
        or language.begins_with("places", "weak_after").match(text.folded, candidate.end)
        for language in languages
    )


def _candidates(
    text: Text, languages: Sequence[Vocabulary], *, is_asked: bool, is_moving: bool
) -> list[_Candidate]:
    sources = [_labelled, _introduced, _followed, _attached, _alone]
    if is_moving:
        sources.insert(0, _left_behind)
    if is_asked:
        sources.append(_answered)
    found = (
        candidate for source in sources for language in languages for candidate in source(text, language)
    )
    kept: dict[_Candidate, None] = {}
    for candidate in islice(found, MOST_CANDIDATES * 2):
        if _may_name_a_city(candidate, text, languages):
            kept[candidate] = None
    return sorted(kept, key=lambda candidate: _is_weak(text, candidate, languages))[:MOST_CANDIDATES]


def _may_name_a_city(candidate: _Candidate, text: Text, languages: Sequence[Vocabulary]) -> bool:
    folded = text.folded[candidate.start : candidate.end]
    first = WORD.match(folded)
    if first is None or len(folded) < LEAST_LETTERS or any(letter.isdigit() for letter in folded):
        return False
    is_ours = _is_ours(folded, languages)
    for language in languages:
        words = _not_cities(language)
        if not is_ours and (folded in words or first[0] in words):
            return False
        if language.ends_with("places", "negated_before").search(_ahead(text, candidate)):
            return False
        if language.begins_with("places", "negated_after").match(text.folded, candidate.end):
            return False
    return True


def _is_meant(
    candidate: _Candidate, city: City, languages: Sequence[Vocabulary], *, is_asked: bool = False
) -> bool:
    """Whether a city that is called so is what somebody meant, and not an ordinary word."""
    if is_asked and candidate.is_called:
        return True
    folded = fold(candidate.said)
    if not _LATIN.match(folded):
        return city.population >= (_LARGE if candidate.is_called else FAMOUS)
    if _is_ours(folded, languages):
        return True
    is_own_name = f"{fold(city.name)} ".startswith(f"{folded} ")
    is_word = any(folded in language.words("places", "not_cities_in_small_letters") for language in languages)
    if candidate.said[0].isupper() and (candidate.is_called or not is_word):
        return city.population >= (_TOWN if is_own_name and candidate.is_called else _LARGE)
    is_known = city.population >= (_LARGE if is_own_name else FAMOUS)
    speaks_english = languages[0].language is Language.ENGLISH
    return candidate.is_called and is_known and not is_word and (is_own_name or not speaks_english)


def _is_ours(folded: str, languages: Sequence[Vocabulary]) -> bool:
    return any(folded in language.table("city_names") for language in languages)


def _labelled(text: Text, language: Vocabulary) -> Iterator[_Candidate]:
    """`City: Tunis`."""
    for match in language.any("places", "labels").finditer(text.folded):
        mark = re.compile(" *(?:is|:|=|-) *").match(text.folded, match.end())
        if mark:
            yield from _following(text, mark.end())


def _introduced(text: Text, language: Vocabulary) -> Iterator[_Candidate]:
    """`in Cairo`."""
    for pattern in language.each("places", "before"):
        for match in pattern.finditer(text.folded):
            yield from _following(text, match.end())


def _followed(text: Text, language: Vocabulary) -> Iterator[_Candidate]:
    """A name with the word that says where behind it, as in Hindi."""
    for match in language.any("places", "after").finditer(text.folded):
        yield from _preceding(text, match.start())


def _attached(text: Text, language: Vocabulary) -> Iterator[_Candidate]:
    """A name with the letter that says where written to it, as in Arabic."""
    letter = language.table("places")["attached"]
    if letter:
        for match in WORD.finditer(text.folded):
            if match[0].startswith(letter) and len(match[0]) > LEAST_LETTERS + 1:
                start = match.start() + len(letter)
                yield _candidate(text, start, match.end(), is_called=False)


def _alone(text: Text, _language: Vocabulary) -> Iterator[_Candidate]:
    """A name between commas: `Cairo, plumber, tomorrow`."""
    for segment in _SEGMENT.finditer(text.folded):
        words = list(WORD.finditer(text.folded, *segment.span()))
        if 0 < len(words) < MOST_WORDS:
            yield _candidate(text, words[0].start(), words[-1].end(), is_called=False)


def _answered(text: Text, language: Vocabulary) -> Iterator[_Candidate]:
    """The whole of a short answer to the question where."""
    words = [
        match
        for match in WORD.finditer(text.folded)
        if not language.any("places", "before").fullmatch(match[0])
    ]
    if 0 < len(words) <= MOST_WORDS:
        yield _candidate(text, words[0].start(), words[-1].end(), is_called=True)


def _left_behind(text: Text, language: Vocabulary) -> Iterator[_Candidate]:
    """Where a move begins: `from Cairo to Alexandria`."""
    for template in language.words("places", "from_to"):
        ahead, behind = template.split("{city}")
        start = re.compile(START + ahead) if ahead else None
        end = re.compile(behind)
        for match in start.finditer(text.folded) if start else ():
            for candidate in _following(text, match.end()):
                if end.match(text.folded, candidate.end):
                    yield candidate
        for match in end.finditer(text.folded) if start is None else ():
            yield from _preceding(text, match.start())


def _following(text: Text, start: int) -> Iterator[_Candidate]:
    """The next words, the most of them first."""
    ends: list[int] = []
    first = None
    position = start
    for match in islice(WORD.finditer(text.folded, start), MOST_WORDS):
        if text.folded[position : match.start()].strip(" '-"):
            break
        first = match.start() if first is None else first
        position = match.end()
        ends.append(position)
    if first is not None:
        for end in reversed(ends):
            yield _candidate(text, first, end, is_called=True)


def _preceding(text: Text, end: int) -> Iterator[_Candidate]:
    """The words before, the most of them first."""
    starts: list[int] = []
    last = None
    position = end
    for match in reversed(list(WORD.finditer(text.folded, max(0, end - 60), end))):
        if len(starts) == MOST_WORDS - 1 or text.folded[match.end() : position].strip(" '-"):
            break
        last = match.end() if last is None else last
        position = match.start()
        starts.append(position)
    if last is not None:
        for start in reversed(starts):
            yield _candidate(text, start, last, is_called=True)


def _candidate(text: Text, start: int, end: int, *, is_called: bool) -> _Candidate:
    return _Candidate(start=start, end=end, said=text.quote(start, end), is_called=is_called)


def _spellings(said: str, languages: Sequence[Vocabulary]) -> list[str]:
    """How the gazetteer may have a name: as it was said, under ours for it, in Arabic with its article."""
    folded = _BETWEEN_WORDS.sub(" ", fold(said))
    ours = [name for language in languages if (name := language.table("city_names").get(folded))]
    if not _ARABIC.search(folded):
        return [*ours, said]
    whole = f"{said[:-1]}\u0629" if said.endswith("\u0647") else said
    return [*ours, said, whole, f"\u0627\u0644{said}", f"\u0627\u0644{whole}"]


def _misspelt(text: Text, candidates: Sequence[_Candidate], cities: Gazetteer) -> Found[str] | None:
    """A famous city of which one letter went wrong."""
    likely = [
        candidate
        for candidate in candidates
        if candidate.is_called and _is_misspelt(text.folded[candidate.start : candidate.end])
    ]
    if not likely:
        return None
    famous = {fold(city.name): city for city in reversed(cities.famous_cities())}
    for candidate in likely:
        folded = text.folded[candidate.start : candidate.end]
        near = _neighbours(tuple(famous)).near(folded)
        if near and folded not in famous:
            city = max((famous[name] for name in near), key=lambda one: (one.population, one.name))
            return Found(value=city.name, span=text.span(candidate.start, candidate.end))
    return None


@lru_cache(maxsize=4)
def _neighbours(names: tuple[str, ...]) -> Neighbours:
    return Neighbours(name for name in names if _LATIN.fullmatch(name))


def _is_misspelt(folded: str) -> bool:
    return bool(_LATIN.fullmatch(folded)) and len(folded) >= MISSPELT_LETTERS and folded not in all_words()


@cache
def _not_cities(language: Vocabulary) -> frozenset[str]:
    return frozenset(language.words("places", "not_cities"))
