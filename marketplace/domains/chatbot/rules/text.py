"""Text as it is read: folded for comparing, with every letter knowing where it stood in what was said."""

import re
import unicodedata
from bisect import bisect_left
from functools import lru_cache
from typing import Self

from marketplace.domains.chatbot.types import Span

# Python's \w leaves out the vowel signs of Devanagari (Unicode 16.0, chapter 12.1).
LETTER = r"\w\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963"
START = rf"(?<![{LETTER}])"
END = rf"(?![{LETTER}])"
# A stretch of the folded text, from its first letter to after its last.
Stretch = tuple[int, int]
WORD = re.compile(rf"[{LETTER}]+")
# Letters that people write for one another, and punctuation that means the same.
_SAME = str.maketrans(
    "\u0623\u0625\u0622\u0671\u0649\u06cc\u06a9\u0629\u0901",  # forms of alef, yeh, kaf, teh; chandrabindu
    "\u0627\u0627\u0627\u0627\u064a\u064a\u0643\u0647\u0902",
    "\u0640",  # tatweel, which only stretches a word
) | str.maketrans(
    "\u060c\u061b\u061f\u066b\u066c\u0964\u0965\u2019\u2018\u02bc\u201c\u201d\u00ab\u00bb\u2013\u2014\u2212",
    ',;?.,..\'\'\'""""---',
)
_SCRIPTS = {
    "ar": re.compile("[\u0620-\u064a]"),
    "hi": re.compile("[\u0904-\u0939]"),
    "latin": re.compile("[a-z]"),
}


class Text:
    """What somebody said, and the same folded: without case, accents and variants of digits and letters."""

    def __init__(self, said: str) -> None:
        """Fold what was said."""
        letters: list[str] = []
        self._at: list[int] = []
        for index, character in enumerate(said):
            folded = _fold(character)
            letters.append(folded)
            self._at += [index] * len(folded)
        self.said = said
        self.folded = "".join(letters)

    def span(self, start: int, end: int) -> Span:
        """Where a stretch of the folded text stood in what was said."""
        first, last = self._at[start], self._at[end - 1]
        after = last + 1
        while after < len(self.said) and not _fold(self.said[after]):
            after += 1
        return Span(first, after)

    def folded_span(self, span: Span) -> tuple[int, int]:
        """Where a stretch of what was said stands in the folded text."""
        start, end = bisect_left(self._at, span.start), bisect_left(self._at, span.end)
        return start, end

    def quote(self, start: int, end: int) -> str:
        """A stretch of the folded text as it was said."""
        span = self.span(start, end)
        return self.said[span.start : span.end]

    def without(self, *stretches: tuple[int, int]) -> Self:
        """The same text with stretches of its folded form blanked: what is left stays where it was."""
        copy = object.__new__(type(self))
        copy.said, copy._at = self.said, self._at
        folded = self.folded
        for start, end in stretches:
            folded = f"{folded[:start]}{' ' * (end - start)}{folded[end:]}"
        copy.folded = folded
        return copy

    def mended(self, stretches: list[tuple[int, int, str]]) -> Self:
        """The same text with misspelt words of its folded form replaced, each still standing where it was."""
        copy = object.__new__(type(self))
        copy.said = self.said
        letters: list[str] = []
        copy._at = []
        done = 0
        for start, end, word in stretches:
            letters += [self.folded[done:start], word]
            copy._at += self._at[done:start]
            room = end - start
            copy._at += [
                self._at[start + min(index * room // len(word), room - 1)] for index in range(len(word) - 1)
            ]
            copy._at.append(self._at[end - 1])
            done = end
        copy.folded = "".join(letters) + self.folded[done:]
        copy._at += self._at[done:]
        return copy

    def shown(self) -> str:
        """What was said, without what is blanked."""
        hidden = {self._at[index] for index, letter in enumerate(self.folded) if letter == " "}
        return "".join(" " if index in hidden else character for index, character in enumerate(self.said))

    @property
    def scripts(self) -> set[str]:
        """The scripts that the text is written in: `ar`, `hi` and `latin`, as far as they are known."""
        return {name for name, letters in _SCRIPTS.items() if letters.search(self.folded)}


def fold(text: str) -> str:
    """A text as it is compared."""
    return "".join(map(_fold, text))


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    if character.isspace():
        return "\n" if character == "\n" else " "
    decomposed = unicodedata.normalize("NFKD", character.casefold().translate(_SAME))
    kept = (
        part for part in decomposed if not unicodedata.combining(part) and unicodedata.category(part) != "Cf"
    )
    return "".join(kept).translate(_SAME)
