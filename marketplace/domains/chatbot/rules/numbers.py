"""Numbers in a text: in digits, with whatever stands between their groups, and in words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from marketplace.domains.chatbot.rules.text import END, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary

MOST_DIGITS = 12
_THOUSAND = 1000
MOST = Decimal(10) ** MOST_DIGITS
# 1,200.50 and 1,20,000; 1.200,50; 1 200,50 and 1'200; 1200.50. The first that fits is meant.
_DIGITS = re.compile(
    r"(?<![\d])(?<!\d[.,])(?:"
    r"(?P<commas>[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}(?:\.\d{1,2})?)"
    r"|(?P<points>[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?)"
    r"|(?P<spaces>[1-9]\d{0,2}(?:[ ']\d{3})+(?:[.,]\d{1,2})?)"
    r"|(?P<plain>\d+(?:[.,]\d{1,2})?)"
    r")(?!\d)(?![.,]\d)"
)
_LATIN = re.compile("[a-z_]")


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number and where it stands in the folded text; a glued one has a letter before it: `Rs500`, `m2`."""

    start: int
    end: int
    value: Decimal
    is_in_words: bool = False
    is_glued: bool = False


def numbers_in(text: Text, languages: Iterable[Vocabulary]) -> list[Number]:
    """The numbers of a text, from left to right."""
    languages = list(languages)
    found = [*_in_digits(text, languages), *_in_words(text, languages)]
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in found:
        if number.value <= MOST and (not kept or number.start >= kept[-1].end):
            kept.append(number)
    return kept


def _in_digits(text: Text, languages: list[Vocabulary]) -> Iterator[Number]:
    multipliers = {word: worth for language in languages for word, worth in language.multipliers.items()}
    behind = _any_behind(tuple(multipliers))
    for match in _DIGITS.finditer(text.folded):
        if len(match[0]) > MOST_DIGITS + 6:
            continue
        value, end = _value(match), match.end()
        while word := behind.match(text.folded, end):
            value, end = value * multipliers[word[1]], word.end()
        is_glued = _LATIN.fullmatch(text.folded[max(0, match.start() - 1) : match.start()]) is not None
        yield Number(start=match.start(), end=end, value=value, is_glued=is_glued)


@lru_cache
def _any_behind(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf" ?({'|'.join(sorted(words, key=len, reverse=True)) or '(?!)'}){END}")


def _value(match: re.Match[str]) -> Decimal:
    said = match[0]
    kind = match.lastgroup
    if kind == "commas":
        said = said.replace(",", "")
    elif kind == "points":
        said = said.replace(".", "").replace(",", ".")
    else:
        said = said.replace(" ", "").replace("'", "").replace(",", ".")
    return Decimal(said)


def _in_words(text: Text, languages: Iterable[Vocabulary]) -> Iterator[Number]:
    for language in languages:
        pattern = language.compiled(*language.numbers, *language.multipliers)
        run: list[re.Match[str]] = []
        for match in pattern.finditer(text.folded):
            if run and text.folded[run[-1].end() : match.start()].strip(" -"):
                yield from _number(run, language)
                run = []
            run.append(match)
        yield from _number(run, language)


def _number(run: list[re.Match[str]], language: Vocabulary) -> Iterator[Number]:
    """What a run of number words says: `two hundred thousand fifty`."""
    if not run:
        return
    whole, current = Decimal(0), Decimal(0)
    for match in run:
        worth = language.multipliers.get(_word(match, language))
        if worth is None:
            current += Decimal(str(language.numbers[_word(match, language)]))
        elif worth >= _THOUSAND:
            whole, current = whole + (current or Decimal(1)) * worth, Decimal(0)
        else:
            current = (current or Decimal(1)) * worth
    total = whole + current
    yield Number(start=run[0].start(), end=run[-1].end(), value=total, is_in_words=True)


def _word(match: re.Match[str], language: Vocabulary) -> str:
    """The number word of a match without what may be written to it, and without doubled spaces."""
    said = re.sub(" +", " ", match[0])
    cuts = (said[cut:] for cut in range(len(said)))
    return next(word for word in cuts if word in language.numbers or word in language.multipliers)
