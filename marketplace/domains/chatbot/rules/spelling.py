"""Misspelt words: one letter wrong, missing, too many, or two of them swapped."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

from marketplace.domains.chatbot.rules.text import WORD, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary, all_words, vocabulary
from marketplace.domains.chatbot.types import Language

LEAST_LETTERS = 5
_LATIN = re.compile(r"[a-z]+")


def mend(text: Text) -> Text:
    """The text with those of its words spelt right that dates and money depend on."""
    mended = [
        (match.start(), match.end(), word)
        for match in WORD.finditer(text.folded)
        if (word := _meant(match[0])) is not None
    ]
    return text.mended(mended) if mended else text


def is_near(one: str, other: str) -> bool:
    """Whether two words are the same but for one slip of the fingers."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    start = next(
        (index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one)
    )
    left, right = one[start:], other[start:]
    return (
        left[1:] == right[1:]
        or left[1:] == right
        or left == right[1:]
        or (left[:2] == right[1::-1] and left[2:] == right[2:])
    )


class Neighbours:
    """Words that can be found by what is left of them when one letter is missing."""

    def __init__(self, words: Iterable[str]) -> None:
        """Index the words that are long enough to be recognized."""
        self._by_rest: dict[str, set[str]] = {}
        for word in words:
            if len(word) >= LEAST_LETTERS:
                for rest in _rests(word):
                    self._by_rest.setdefault(rest, set()).add(word)

    def near(self, said: str) -> Collection[str]:
        """The words that somebody may have meant."""
        if len(said) < LEAST_LETTERS - 1:
            return ()
        likely = {word for rest in _rests(said) for word in self._by_rest.get(rest, ())}
        return [word for word in likely if is_near(said, word)]


def _rests(word: str) -> Iterator[str]:
    yield word
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]


@cache
def _meant(said: str) -> str | None:
    if len(said) < LEAST_LETTERS or not _LATIN.fullmatch(said):
        return None
    if not {said, said.removesuffix("s")}.isdisjoint(all_words()):
        return None
    near = [word for word in _important().near(said) if word[0] == said[0]]
    return near[0] if len(near) == 1 else None


@cache
def _important() -> Neighbours:
    return Neighbours(word for language in Language for word in _important_words(vocabulary(language)))


def _important_words(language: Vocabulary) -> Iterator[str]:
    if language.script == "latin":
        named: Mapping[str, int] = {**language.weekdays, **language.months}
        yield from named
        yield from language.words("", "spelled")
