"""What kind of work it is: weighted words, and the category that most of them speak for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from marketplace.domains.chatbot.rules.spelling import LEAST_LETTERS, Neighbours
from marketplace.domains.chatbot.rules.text import LETTER, WORD, Stretch, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary, all_words, vocabulary
from marketplace.domains.chatbot.types import Language, Span

LEAST_SCORE = 3.0
_LEAST_PREFIX = 2
# A letter of Devanagari carries its vowel.
_LEAST_STEM = 4
_GUESSED = 0.7
_LATIN = re.compile("[a-z]+")


@dataclass(frozen=True, kw_only=True)
class Match:
    """A category that words of a text speak for, how much, and the word that does most."""

    slug: str
    score: float
    span: Span


@dataclass(frozen=True)
class _Lexicon:
    """The words of one language: what each says of categories, itself and as the beginning of others."""

    words: Mapping[str, list[tuple[str, float]]]
    phrases: Sequence[tuple[re.Pattern[str], str, float]]
    neighbours: Neighbours
    longest: int


def rank(text: Text, languages: Sequence[Vocabulary], within: Stretch | None = None) -> list[Match]:
    """The categories that a text, or a part of it, speaks for, the surest first; a word counts once."""
    votes: dict[tuple[str, int], tuple[float, int]] = {}
    for slug, weight, start, end in _votes(text, languages, within or (0, len(text.folded))):
        if weight > votes.get((slug, start), (0, 0))[0]:
            votes[slug, start] = (weight, end)
    totals: dict[str, float] = {}
    best: dict[str, tuple[float, int, int]] = {}
    for (slug, start), (weight, end) in votes.items():
        totals[slug] = totals.get(slug, 0) + weight
        best[slug] = max(best.get(slug, (0, 0, 0)), (weight, -start, end))
    matches = [
        Match(slug=slug, score=score, span=text.span(-best[slug][1], best[slug][2]))
        for slug, score in totals.items()
        if score >= LEAST_SCORE
    ]
    return sorted(matches, key=lambda match: (-match.score, match.span.start, match.slug))


def confidence(matches: Sequence[Match]) -> float:
    """How sure the first of them is, from 0 to 1: its share of what all say, and whether that is enough."""
    if not matches:
        return 0.0
    share = matches[0].score / sum(match.score for match in matches[:3])
    return round(share * matches[0].score / (matches[0].score + 1), 2)


def _votes(
    text: Text, languages: Sequence[Vocabulary], within: Stretch
) -> Iterator[tuple[str, float, int, int]]:
    words = [match.span() for match in WORD.finditer(text.folded, *within)]
    for language in languages:
        lexicon = _lexicon(language)
        for pattern, slug, weight in lexicon.phrases:
            found = pattern.finditer(text.folded, *within)
            yield from ((slug, weight, *match.span()) for match in found)
        seen: set[tuple[str, str]] = set()
        for start, end in words:
            word, votes = _meaning(text.folded[start:end], lexicon, language)
            for slug, weight in votes:
                if (slug, word) not in seen:
                    seen.add((slug, word))
                    yield slug, weight, start, end


def _meaning(said: str, lexicon: _Lexicon, language: Vocabulary) -> tuple[str, list[tuple[str, float]]]:
    """The entry that a word is, begins with or was meant to be, and what it says."""
    for bare in _without_prefix(said, language):
        for length in range(min(len(bare), lexicon.longest), _LEAST_PREFIX - 1, -1):
            stem = bare[:length]
            if stem in lexicon.words and _is_form(bare, stem, language):
                return stem, list(lexicon.words[stem])
    if not _LATIN.fullmatch(said) or len(said) < LEAST_LETTERS or said in all_words():
        return said, []
    for length in range(min(len(said), lexicon.longest + 1), LEAST_LETTERS - 1, -1):
        near = sorted(word for word in lexicon.neighbours.near(said[:length]) if word[0] == said[0])
        if near:
            return near[0], [(slug, weight * _GUESSED) for slug, weight in lexicon.words[near[0]]]
    return said, []


def _is_form(word: str, stem: str, language: Vocabulary) -> bool:
    """Whether a word may be a form of an entry: short entries stand for themselves and their plural."""
    rest = len(word) - len(stem)
    is_long = len(stem) >= (_LEAST_STEM if language.script != "hi" else _LEAST_STEM - 1)
    return rest == 0 or is_long or (rest == 1 and word[-1] in "sx")


def _without_prefix(said: str, language: Vocabulary) -> Iterator[str]:
    yield said
    prefix = language.prefix.match(said)
    if prefix and prefix.end():
        yield said[prefix.end() :]
        yield said[1:]


@cache
def _lexicon(language: Vocabulary) -> _Lexicon:
    words: dict[str, list[tuple[str, float]]] = {}
    phrases = []
    for slug, entries in language.table("categories").items():
        for entry, weight in entries.items():
            if WORD.fullmatch(entry):
                words.setdefault(entry, []).append((slug, float(weight)))
            else:
                phrases.append((language.compiled(f"{entry}[{LETTER}]*"), slug, float(weight)))
    return _Lexicon(
        words=words, phrases=phrases, neighbours=Neighbours(words), longest=max(map(len, words), default=0)
    )


def slugs() -> frozenset[str]:
    """Every category that the words speak of."""
    return frozenset(slug for language in Language for slug in vocabulary(language).table("categories"))
