"""Which of the four languages a text is in."""

from collections.abc import Sequence
from functools import cache

from marketplace.domains.chatbot.rules.text import WORD, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary, vocabulary
from marketplace.domains.chatbot.types import Language

_LATIN = (Language.ENGLISH, Language.FRENCH)


def detect(text: Text) -> Language | None:
    """The language of a text; `None` where it has no word that tells."""
    scripts = text.scripts
    for language in Language:
        if vocabulary(language).script in scripts - {"latin"}:
            return language
    words = WORD.findall(text.folded)
    scores = {language: sum(word in _telling(language) for word in words) for language in _LATIN}
    best = max(_LATIN, key=scores.__getitem__)
    return best if scores[best] > min(scores.values()) else None


def order(languages: Sequence[Vocabulary], first: Language | None) -> list[Vocabulary]:
    """The languages, the one of the text before the others."""
    return sorted(languages, key=lambda words: words.language != first)


@cache
def _telling(language: Language) -> frozenset[str]:
    other = next(one for one in _LATIN if one != language)
    return frozenset(_common(language)) - frozenset(_common(other))


def _common(language: Language) -> list[str]:
    words = vocabulary(language)
    named = [*words.weekdays, *words.months, *words.numbers, *words.multipliers]
    intents = [
        word
        for patterns in words.table("intents").values()
        for text in patterns
        for word in WORD.findall(text)
    ]
    stems = [word for entries in words.table("categories").values() for word in entries]
    return [*words.words("", "detect"), *named, *intents, *stems]
