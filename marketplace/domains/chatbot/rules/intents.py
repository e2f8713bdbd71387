"""What a message is, beside what it states of a task: a greeting, a question about the platform, a yes."""

from collections.abc import Sequence
from enum import StrEnum

from marketplace.domains.chatbot.rules.text import WORD, Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary


class Intent(StrEnum):
    """What a message may be besides a statement."""

    GREETING = "greeting"
    THANKS = "thanks"
    YES = "yes"
    NO = "no"
    OPEN_DEADLINE = "open_deadline"
    WANTS = "wants"


class Topic(StrEnum):
    """What people ask about the platform."""

    ESCROW = "escrow"
    REFUND = "refund"
    WITHDRAW = "withdraw"
    FEES = "fees"
    PAY = "pay"
    APPLY = "apply"
    POST = "post"
    REVIEW = "review"
    HUMAN = "human"
    HELP = "help"


# These are the whole of a message or nothing.
WHOLE = frozenset({Intent.GREETING, Intent.THANKS, Intent.YES, Intent.NO})


def intents_of(text: Text, languages: Sequence[Vocabulary]) -> frozenset[Intent]:
    """What a message is."""
    said = " ".join(WORD.findall(text.folded))
    found = set()
    for intent in Intent:
        for language in languages:
            pattern = language.any("intents", intent)
            if pattern.fullmatch(said) if intent in WHOLE else pattern.search(text.folded):
                found.add(intent)
    return frozenset(found)


def is_greeted(text: Text, languages: Sequence[Vocabulary]) -> bool:
    """Whether a message begins with a greeting."""
    return any(language.any("intents", Intent.GREETING).match(text.folded.lstrip()) for language in languages)


def topic_of(text: Text, languages: Sequence[Vocabulary]) -> Topic | None:
    """What a message asks about the platform."""
    said = text.folded.strip(" ?!.\n")
    for topic in Topic:
        for language in languages:
            if language.any("topics", topic).search(said):
                return topic
    return None
