"""What to call a task: the stretch of what was said that names the work, without what leads up to it."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from marketplace.domains.chatbot.rules import categories, clauses
from marketplace.domains.chatbot.rules.text import WORD, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary
from marketplace.domains.chatbot.types import Found, Span

MOST_LETTERS = 80
LEAST_LETTERS = 4
_BREAKS = re.compile(r"[,:()\[\]\"]+(?=\s|$)|\s-\s")


def find_title(
    text: Text, languages: Sequence[Vocabulary], slots: Sequence[Span], *, is_asked: bool = False
) -> Found[str] | None:
    """The words of a text that name the work; none where nothing speaks of work, unless it was asked for."""
    best: tuple[float, int, tuple[int, int]] | None = None
    for piece in _pieces(text, slots):
        start, end = _trimmed(text, *piece, languages)
        if len(text.folded[start:end].strip()) < LEAST_LETTERS or not WORD.search(text.folded, start, end):
            continue
        score = _score(text, start, end, languages)
        if score >= categories.LEAST_SCORE or is_asked:
            ranked = (score, end - start, (start, end))
            if best is None or ranked[:2] > best[:2]:
                best = ranked
    if best is None:
        return None
    span = _fitting(text, *best[2])
    title = re.sub(r"\s+", " ", text.said[span.start : span.end]).strip()
    return Found(value=title[:1].upper() + title[1:], span=span)


def _score(text: Text, start: int, end: int, languages: Sequence[Vocabulary]) -> float:
    matches = categories.rank(text, languages, (start, end))
    return matches[0].score if matches else 0


def _pieces(text: Text, slots: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """The stretches between punctuation and what fills other slots."""
    taken = [text.folded_span(span) for span in slots]
    for first, last in clauses.sentences(text.folded):
        cuts = [match.span() for match in _BREAKS.finditer(text.folded, first, last)]
        cuts += [(start, end) for start, end in taken if first <= start < last]
        start = first
        for cut_start, cut_end in sorted(cuts):
            if cut_start > start:
                yield start, cut_start
            start = max(start, cut_end)
        if start < last:
            yield start, last


def _trimmed(text: Text, start: int, end: int, languages: Sequence[Vocabulary]) -> tuple[int, int]:
    """A stretch without what leads up to the work and without loose words at its end."""
    moved = True
    while moved:
        moved = False
        start = _at_word(text, start, end, languages)
        for language in languages:
            lead = _leads(language).match(text.folded, start, end)
            if lead and lead.end() > start and WORD.search(text.folded, lead.end(), end):
                start, moved = lead.end(), True
                break
    return start, _trimmed_end(text, start, end, languages)


def _at_word(text: Text, start: int, end: int, languages: Sequence[Vocabulary]) -> int:
    """The first word of a stretch that is not a loose one."""
    loose = {word for language in languages for word in language.words("title", "leading")}
    for match in WORD.finditer(text.folded, start, end):
        if match[0] not in loose:
            return match.start()
    return end


def _trimmed_end(text: Text, start: int, end: int, languages: Sequence[Vocabulary]) -> int:
    words = list(WORD.finditer(text.folded, start, end))
    loose = {word for language in languages for word in language.words("title", "trailing")}
    while len(words) > 1 and words[-1][0] in loose:
        words.pop()
    return words[-1].end() if words else end


def _fitting(text: Text, start: int, end: int) -> Span:
    """As many whole words as a title has room for."""
    words = [match.end() for match in WORD.finditer(text.folded, start, end)]
    fitting = [last for last in words if last - start <= MOST_LETTERS] or [start + MOST_LETTERS]
    return text.span(start, fitting[-1])


@cache
def _leads(language: Vocabulary) -> re.Pattern[str]:
    leads = sorted(language.words("title", "leads"), key=len, reverse=True)
    return re.compile("|".join(leads) or "(?!)")
