"""What is not to be read: telephones, clocks, addresses of mail and pages, orders to the chatbot."""

import re
from collections.abc import Sequence

from marketplace.domains.chatbot.rules import clauses
from marketplace.domains.chatbot.rules.text import WORD, Stretch, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary, vocabulary
from marketplace.domains.chatbot.types import Language

_NOISE = re.compile(
    r"(?:https?://|www\.)\S+"
    r"|\S+@\S+\.\w+"
    r"|(?<![\d.,])\d{1,2}(?::\d{2})+(?: ?[ap]\.?m\b)?"
    r"|(?<![\d.,])\d{1,2} ?[ap]\.?m\b"
    r"|\b24/7\b"
    r"|#\d+"
)
_TELEPHONE = re.compile(r"(?<![\d.,])\+?\(?\d(?:[ .()-]?\d){8,14}(?![\d])")
_GROUPS_OF_THREE = re.compile(r"\d{1,3}([ .])\d{3}(?:\1\d{3})+")
_TAGS = re.compile(
    r"\[(inst|system)\].*?(?:\[/\1\]|$)|<\|?(system|im_start)\|?>.*?(?:</?\|?(?:\2|im_end)\|?>|$)", re.DOTALL
)
_CLOSING_TAGS = re.compile(r"</?\|?(?:system|user|assistant|im_start|im_end)\|?>|\[/?inst\]")
_QUOTED = re.compile(r'"[^"]*"?')
# How many words a `not` takes the work out of: `not a full website`.
_REACH = 2


def without_noise(text: Text) -> Text:
    """The text without what has digits and states neither an amount nor a day."""
    telephones = [
        match.span() for match in _TELEPHONE.finditer(text.folded) if not _GROUPS_OF_THREE.fullmatch(match[0])
    ]
    return text.without(*(match.span() for match in _NOISE.finditer(text.folded)), *telephones)


def without_orders(text: Text) -> Text:
    """The text without the quotations and sentences that tell the chatbot what to do instead of its work."""
    text = text.without(*(match.span() for match in _TAGS.finditer(text.folded)))
    hidden = [
        stretch
        for language in Language
        for match in vocabulary(language).any("injection", "markers").finditer(text.folded)
        for stretch in [_round(text.folded, match.start(), match.end())]
    ]
    tags = [match.span() for match in _CLOSING_TAGS.finditer(text.folded)]
    return text.without(*hidden, *tags)


def unwanted(text: Text, languages: Sequence[Vocabulary]) -> list[Stretch]:
    """Where a text speaks of work that is not wanted: `I don't need a plumber`."""
    stretches = []
    for language in languages:
        for cue in language.any("unwanted", "before").finditer(text.folded):
            words = list(WORD.finditer(clauses.after(text, cue.end(), languages)))[:_REACH]
            stretches.append((cue.start(), cue.end() + (words[-1].end() if words else 0)))
        for cue in language.any("unwanted", "after").finditer(text.folded):
            ahead = clauses.before(text, cue.start(), languages)
            words = list(WORD.finditer(ahead))[-_REACH:]
            stretches.append((cue.start() - (len(ahead) - words[0].start() if words else 0), cue.end()))
    return stretches


def _round(folded: str, start: int, end: int) -> tuple[int, int]:
    """The quotation that an order stands in, else its sentence."""
    for match in _QUOTED.finditer(folded):
        if match.start() < start < match.end():
            return match.span()
    first, last = next(one for one in clauses.sentences(folded) if one[0] <= start < one[1])
    return first, max(last, end)
