"""The words round a find: how far the clause reaches that says what it is."""

import re
from collections.abc import Sequence
from functools import lru_cache

from marketplace.domains.chatbot.rules.text import Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary

# A point or a comma between digits ends nothing.
_ENDS = re.compile(r"[.!?;]+(?=\s|$)|\n|,(?!\d)|[()\[\]\"]")
_SENTENCE_ENDS = re.compile(r"[.!?;]+(?=\s|$)|\n")
MOST_LETTERS = 120


def before(text: Text, start: int, languages: Sequence[Vocabulary]) -> str:
    """What the clause says before a place, at most 120 letters of it."""
    said = text.folded[max(0, start - MOST_LETTERS) : start]
    cut = max((match.end() for match in _clause_ends(tuple(languages)).finditer(said)), default=0)
    return said[cut:]


def after(text: Text, end: int, languages: Sequence[Vocabulary]) -> str:
    """What the clause says after a place, at most 120 letters of it."""
    said = text.folded[end : end + MOST_LETTERS]
    cut = _clause_ends(tuple(languages)).search(said)
    return said[: cut.start()] if cut else said


def sentences(folded: str) -> list[tuple[int, int]]:
    """Where the sentences of a folded text stand."""
    found, start = [], 0
    for match in _SENTENCE_ENDS.finditer(folded):
        found.append((start, match.start()))
        start = match.end()
    return [(first, last) for first, last in [*found, (start, len(folded))] if folded[first:last].strip()]


@lru_cache(maxsize=64)
def _clause_ends(languages: tuple[Vocabulary, ...]) -> re.Pattern[str]:
    words = [language.compiled(*language.words("", "clause_ends")).pattern for language in languages]
    return re.compile("|".join([_ENDS.pattern, *words]))
