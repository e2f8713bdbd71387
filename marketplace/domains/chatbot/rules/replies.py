"""What the chatbot answers by itself."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from marketplace.domains.chatbot.rules.drafts import is_foreign, is_too_high, missing_from, most
from marketplace.domains.chatbot.rules.intents import Intent
from marketplace.domains.chatbot.rules.reading import Heard
from marketplace.domains.chatbot.rules.spelling import is_near
from marketplace.domains.chatbot.rules.text import fold
from marketplace.domains.chatbot.types import Budget, Draft, Filled, Language, Place, Slot

_EXAMPLES = ("cleaning", "plumbing", "moving-delivery", "translation", "design", "web-development")
_COMMA = {Language.ARABIC: "، "}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the chatbot says, and the slot that it asks for by it."""

    text: str
    asks: Slot | None


def reply_to(heard: Heard, draft: Draft, *, message_id: int, language: Language, currency: str) -> Reply:
    """The answer to a message, given the draft that it led to: it asks for the first missing thing."""
    phrases = _Phrases(language, currency)
    asks = next(iter(missing_from(draft, currency)), None)
    question = phrases.question(asks, draft) if asks else phrases.complete(draft)
    if heard.topic is not None:
        return Reply(
            text=_joined(phrases.say(f"topic_{heard.topic}"), question if draft.title else ""), asks=asks
        )
    if Intent.THANKS in heard.intents:
        is_under_way = draft.title is not None and asks is not None
        return Reply(text=_joined(phrases.say("thanks"), question if is_under_way else ""), asks=asks)
    news = phrases.facts(draft, of_message=message_id)
    if news and asks is not None:
        return Reply(text=_joined(phrases.say("noted", facts=phrases.listed(news)), question), asks=asks)
    if heard.is_greeted and draft.title is None:
        return Reply(text=phrases.say("greeting"), asks=asks)
    is_clear = asks is None or heard.reading.title is not None or heard.reading.is_deadline_open
    return Reply(text=question if is_clear else _joined(phrases.say("unclear"), question), asks=asks)


def summary(draft: Draft, *, language: Language, currency: str) -> str:
    """The whole of a draft in a line."""
    phrases = _Phrases(language, currency)
    return phrases.listed(phrases.facts(draft))


def _city(city: Filled[str]) -> str:
    """A city as it was called, but spelt right."""
    is_misspelt = fold(city.text) != fold(city.value) and is_near(fold(city.text), fold(city.value))
    return city.value if is_misspelt else city.text


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


class _Phrases:
    """The sentences of one language."""

    def __init__(self, language: Language, currency: str) -> None:
        """Take the language, and the currency of the platform."""
        self.language = language
        self.currency = currency

    def say(self, name: str, **holes: str) -> str:
        """A sentence with its holes filled."""
        said: str = _replies()[name][self.language]
        return said.format(**holes)

    def listed(self, facts: Sequence[str]) -> str:
        """Facts one after another."""
        return _COMMA.get(self.language, ", ").join(facts)

    def question(self, slot: Slot, draft: Draft) -> str:
        """The question for a slot."""
        if slot is Slot.CATEGORY:
            return self.say(
                "ask_category", examples=self.listed([self._category(slug) for slug in _EXAMPLES])
            )
        if slot is Slot.BUDGET:
            return self._ask_budget(draft.budget)
        return self.say(f"ask_{slot}")

    def _ask_budget(self, said: Filled[Budget] | None) -> str:
        """The question for a budget, and why one that was said will not do."""
        if said and is_foreign(said.value, self.currency):
            return self.say("ask_budget_again", said=said.text, currency=self.currency)
        if said and is_too_high(said.value, self.currency):
            return self.say("ask_budget_lower", most=self._amount(Budget(high=most(self.currency))))
        return self.say("ask_budget", currency=self.currency)

    def complete(self, draft: Draft) -> str:
        """What is said once nothing is missing."""
        return self.say("complete", facts=self.listed(self.facts(draft)))

    def facts(self, draft: Draft, *, of_message: int | None = None) -> list[str]:
        """What a draft says: all of it, or what one message has brought into it."""
        is_whole = of_message is None
        shown: list[tuple[Filled[Any] | None, Callable[[Any], str]]] = [
            (draft.title if is_whole else None, lambda one: self.say("fact_title", title=one.value)),
            (draft.category, lambda one: self._category(one.value)),
            (None if draft.city else draft.place, lambda one: self._place(one.value)),
            (draft.city, lambda one: self.say("fact_city", city=_city(one))),
            (draft.budget, lambda one: self.say("fact_budget", amount=self._amount(one.value))),
            (draft.deadline, lambda one: self.say("fact_deadline", day=self._day(one.value))),
        ]
        facts = [say(one) for one, say in shown if one and of_message in {None, one.message_id}]
        if is_whole and draft.is_deadline_open:
            facts.append(self.say("fact_no_deadline"))
        return facts

    def _place(self, place: Place) -> str:
        name: str = _replies()["fact_place"][place][self.language]
        return name

    def _day(self, day: date) -> str:
        return str(format_date(day, "full", locale=self.language))

    def _amount(self, budget: Budget) -> str:
        currency = budget.currency or self.currency
        ends = [end for end in (budget.low, budget.high) if end is not None]
        said = "–".join(self._decimal(end) for end in ends)
        return f"{said}+ {currency}" if budget.high is None else f"{said} {currency}"

    def _decimal(self, amount: Decimal) -> str:
        return str(format_decimal(amount, locale=self.language))

    def _category(self, slug: str) -> str:
        name: str = _replies()["categories"][slug][self.language]
        return name


@cache
def _replies() -> Mapping[str, Any]:
    path = files("marketplace.domains.chatbot").joinpath("languages", "replies.toml")
    return tomllib.loads(path.read_text("utf-8"))
