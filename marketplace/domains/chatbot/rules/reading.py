"""Reading a message: everything that it states of a task, each with the words that state it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from marketplace.domains.chatbot.rules import categories, dates, languages, masks, money, places, titles
from marketplace.domains.chatbot.rules.intents import WHOLE, Intent, Topic, intents_of, is_greeted, topic_of
from marketplace.domains.chatbot.rules.spelling import mend
from marketplace.domains.chatbot.rules.text import Text
from marketplace.domains.chatbot.rules.vocabulary import Vocabulary, spoken_in, vocabulary
from marketplace.domains.chatbot.types import Found, Language, Place, Reading, Slot, Span

MOST_ADDRESS = 255
# Where the work of each kind is done when nobody says so; what is missing may be done in both ways.
_DIGITAL = frozenset(
    {
        "web-development",
        "mobile-development",
        "data-automation",
        "design",
        "writing",
        "translation",
        "marketing",
        "administration",
    }
)
_PHYSICAL = frozenset(
    {
        "cleaning",
        "moving-delivery",
        "handyman",
        "plumbing",
        "electrical",
        "painting",
        "gardening",
        "cooking",
        "care",
        "photo-video",
        "events",
    }
)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A message as it was read: what it states, and what it is."""

    reading: Reading
    intents: frozenset[Intent]
    topic: Topic | None
    is_greeted: bool


def hear(said: str, *, now: datetime, cities: places.Gazetteer, asked: Slot | None = None) -> Heard:
    """Read a message, as the answer to what was asked, at a moment in the person's own time zone."""
    whole = Text(said)
    language = languages.detect(whole)
    text = mend(masks.without_orders(whole))
    spoken = languages.order(spoken_in(text), language) or [vocabulary(Language.ENGLISH)]
    topic = topic_of(text, spoken)
    matches = categories.rank(text.without(*masks.unwanted(text, spoken)), spoken)
    intents = intents_of(text, spoken)
    reading = Reading(language=language)
    if topic is None or matches:
        reading = _Reader(text, spoken, matches, intents=intents, asked=asked, language=language).read(
            now, cities
        )
    return Heard(
        reading=replace(reading, language=language),
        intents=intents,
        topic=topic,
        is_greeted=is_greeted(text, spoken),
    )


def rank(said: str) -> Sequence[categories.Match]:
    """The categories that a description speaks for, the surest first."""
    whole = Text(said)
    text = mend(masks.without_orders(whole))
    spoken = languages.order(spoken_in(text), languages.detect(whole))
    return categories.rank(text.without(*masks.unwanted(text, spoken)), spoken)


class _Reader:
    """Reads one message."""

    def __init__(
        self,
        text: Text,
        spoken: Sequence[Vocabulary],
        matches: Sequence[categories.Match],
        *,
        intents: frozenset[Intent],
        asked: Slot | None,
        language: Language | None,
    ) -> None:
        """Take the message and what is known of it already."""
        self.text = text
        self.spoken = spoken
        self.category = matches[0] if matches else None
        self.intents = intents
        self.asked = asked
        self.language = language

    def read(self, now: datetime, cities: places.Gazetteer) -> Reading:
        """What the message states."""
        address = self._address()
        quiet = masks.without_noise(self.text)
        days = [(day.start, day.end) for day in dates.mentions(quiet, self.spoken, now)]
        budget = money.find_budget(quiet.without(*days), self.spoken, is_asked=self.asked is Slot.BUDGET)
        city = places.find_city(
            quiet,
            [words for words in self.spoken if self.language in {None, words.language}] or self.spoken,
            cities,
            is_asked=self.asked is Slot.CITY,
            is_moving=self.category is not None and self.category.slug == "moving-delivery",
            is_remote=self.category is not None and self.category.slug in _DIGITAL,
        )
        slots = [found.span for found in (address, budget, city) if found is not None]
        is_talk = self._is_question and not any((self.category, budget, city))
        deadline = dates.find_deadline(quiet, self.spoken, now, needs_cue=is_talk)
        slots += [quiet.span(*day) for day in days]
        slots += [self.text.span(*stretch) for stretch in masks.unwanted(self.text, self.spoken)]
        title = titles.find_title(self.text, self.spoken, slots, is_asked=self._names_work(slots))
        is_wanted = Intent.WANTS in self.intents
        return Reading(
            title=title,
            is_title_guessed=self.category is None and not is_wanted,
            is_wanted=is_wanted,
            description=self._description(address) if title else None,
            category=Found(value=self.category.slug, span=self.category.span) if self.category else None,
            category_score=self.category.score if self.category else 0,
            place=self._place_said() or self._place_guessed(city),
            is_place_guessed=self._place_said() is None,
            city=city,
            address=address,
            budget=budget,
            deadline=deadline,
            is_deadline_open=deadline is None and self._leaves_deadline_open(),
        )

    @property
    def _is_question(self) -> bool:
        """Whether a message asks something while no work is spoken of: `How are you today?`."""
        is_under_way = self.asked not in {None, Slot.TITLE} or Intent.WANTS in self.intents
        return not is_under_way and self.text.folded.rstrip().endswith("?")

    def _names_work(self, slots: Sequence[Span]) -> bool:
        """Whether a message of no known kind of work is to be taken as one."""
        if not self.intents.isdisjoint(WHOLE):
            return False
        if self.asked is Slot.TITLE:
            return not self._is_question
        return Intent.WANTS in self.intents and not slots

    def _leaves_deadline_open(self) -> bool:
        is_no = self.asked is Slot.DEADLINE and Intent.NO in self.intents
        return is_no or Intent.OPEN_DEADLINE in self.intents

    def _address(self) -> Found[str] | None:
        for language in self.spoken:
            match = language.any("addresses", "patterns").search(self.text.folded)
            if match and match.end() - match.start() <= MOST_ADDRESS:
                span = self.text.span(*match.span())
                return Found(value=self.text.said[span.start : span.end], span=span)
        return None

    def _place_said(self) -> Found[Place] | None:
        """Where the work is done, as it is said outright."""
        for place in Place:
            for language in self.spoken:
                match = language.any("places_of_work", place).search(self.text.folded)
                if match:
                    return Found(value=place, span=self.text.span(*match.span()))
        return None

    def _place_guessed(self, city: Found[str] | None) -> Found[Place] | None:
        """Where work of its kind is done, else where there is a city."""
        if self.category and self.category.slug in _DIGITAL:
            return Found(value=Place.DIGITAL, span=self.category.span)
        if self.category and self.category.slug in _PHYSICAL:
            return Found(value=Place.PHYSICAL, span=self.category.span)
        return Found(value=Place.PHYSICAL, span=city.span) if city else None

    def _description(self, address: Found[str] | None) -> str:
        """What was said, without orders to the chatbot and the address, which is not for everybody."""
        kept = self.text.without(self.text.folded_span(address.span)) if address else self.text
        return re.sub(r"[^\S\n]+", " ", kept.shown()).strip()
