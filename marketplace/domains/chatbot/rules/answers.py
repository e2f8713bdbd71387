"""What a language model answers, checked like what anybody else sends.

The model points at words of the person; what they mean is read by the same rules as without a model. So it
can find what the rules overlooked, and cannot put anything into a draft that nobody said.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from marketplace.domains.chatbot.rules import dates, money, places
from marketplace.domains.chatbot.rules.masks import without_noise, without_orders
from marketplace.domains.chatbot.rules.text import WORD, Text, fold
from marketplace.domains.chatbot.rules.vocabulary import spoken_in, vocabulary
from marketplace.domains.chatbot.types import Found, Language, Place, Reading, Slot, Span

MOST_REPLY = 1500
MOST_TITLE = 120
LEAST_SPAN = 2
# A category that a model is sure of counts as much as two good words.
SCORE = 10.0
_FARTHEST = timedelta(days=366)
_FENCE = re.compile(r"^\s*```(?:json)?|```\s*$")
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LINK = re.compile(r"https?:|www\.|\]\(", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,']\d+)*")
_NOT_DIGITS = re.compile(r"\D")


class _Pointer(msgspec.Struct, frozen=True):
    """Words of the person, and what the model takes them for."""

    span: str | None = None
    value: str | int | float | None = None


class _Answer(msgspec.Struct, frozen=True):
    """The answer that the model is asked for."""

    reply: str | None = None
    slots: dict[str, _Pointer | None] = {}


@dataclass(frozen=True, kw_only=True)
class Pointed:
    """What a model answered, as far as it has the form that was asked for."""

    reply: str = ""
    spans: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def parse(content: str) -> Pointed | None:
    """The answer in what a model wrote; `None` where that is something else."""
    try:
        answer = msgspec.json.decode(_FENCE.sub("", content).strip(), type=_Answer, strict=True)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    spans = {
        name: (pointer.span, "" if pointer.value is None else str(pointer.value))
        for name, pointer in answer.slots.items()
        if pointer is not None and pointer.span
    }
    return Pointed(reply=answer.reply or "", spans=spans)


def checked(
    pointed: Pointed,
    said: str,
    *,
    reading: Reading,
    now: datetime,
    cities: places.Gazetteer,
    categories: Collection[str],
) -> Reading:
    """What the rules read in a message, and what a model found in it beside, as far as it stands there."""
    check = _Check(said, now=now, cities=cities, categories=categories)
    found: dict[str, Any] = {}
    for slot, (span, value) in pointed.spans.items():
        stretch = check.find(span)
        if stretch is not None and slot in check.slots:
            found[slot] = check.slots[slot](*stretch, value)
    found = {name: slot for name, slot in found.items() if slot is not None}
    if "category" in found:
        found["category_score"] = max(SCORE, reading.category_score)
    if "place" in found:
        found["is_place_guessed"] = False
    if "title" in found:
        found["is_title_guessed"] = False
        found["description"] = reading.description or check.description
    return replace(reading, **found)


def chosen_category(pointed: Pointed, description: str, categories: Collection[str]) -> str | None:
    """The category that a model chose, if it is one and the words for it stand in the description."""
    span, value = pointed.spans.get(Slot.CATEGORY, ("", ""))
    shown = without_orders(Text(description)).shown()
    return value if value in categories and len(span.strip()) >= LEAST_SPAN and span in shown else None


class _Check:
    """Reads the stretches of one message that a model points at."""

    def __init__(
        self, said: str, *, now: datetime, cities: places.Gazetteer, categories: Collection[str]
    ) -> None:
        """Take the message, without the orders to the chatbot that it may hold."""
        self._text = without_orders(Text(said))
        self._quiet = without_noise(self._text)
        self._languages = spoken_in(self._text) or [vocabulary(Language.ENGLISH)]
        self._now = now
        self._cities = cities
        self._categories = categories
        self.slots: Mapping[str, Callable[[int, int, str], Found[Any] | None]] = {
            Slot.TITLE: self._title,
            Slot.CATEGORY: self._category,
            Slot.PLACE: self._place,
            Slot.CITY: self._city,
            Slot.BUDGET: self._budget,
            Slot.DEADLINE: self._deadline,
        }

    @property
    def description(self) -> str:
        """The message as it may be shown."""
        return " ".join(self._text.shown().split())

    def find(self, span: str) -> tuple[int, int] | None:
        """Where the words stand in the message, letter by letter; `None` where they do not."""
        start = self._text.shown().find(span)
        if start < 0 or len(span.strip()) < LEAST_SPAN:
            return None
        first, last = self._text.folded_span(Span(start, start + len(span)))
        return (first, last) if first < last else None

    def _title(self, start: int, end: int, _value: str) -> Found[str] | None:
        words = " ".join(self._text.quote(start, end).split())
        if len(words) > MOST_TITLE or not WORD.search(words):
            return None
        return Found(value=words[:1].upper() + words[1:], span=self._text.span(start, end))

    def _category(self, start: int, end: int, value: str) -> Found[str] | None:
        return Found(value=value, span=self._text.span(start, end)) if value in self._categories else None

    def _place(self, start: int, end: int, value: str) -> Found[Place] | None:
        return Found(value=Place(value), span=self._text.span(start, end)) if value in set(Place) else None

    def _city(self, start: int, end: int, _value: str) -> Found[str] | None:
        return places.city_at(self._quiet, (start, end), self._languages, self._cities)

    def _budget(self, start: int, end: int, _value: str) -> Found[Any] | None:
        days = [(day.start, day.end) for day in dates.mentions(self._quiet, self._languages, self._now)]
        return money.budget_at(self._quiet.without(*days), (start, end), self._languages)

    def _deadline(self, start: int, end: int, value: str) -> Found[date] | None:
        is_read, deadline = dates.deadline_at(self._quiet, (start, end), self._languages, self._now)
        return deadline if is_read else self._deadline_of_model(start, end, value)

    def _deadline_of_model(self, start: int, end: int, value: str) -> Found[date] | None:
        """A day that the rules have no words for, such as a feast, within a year."""
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return None
        today = self._now.date()
        has_digits = any(letter.isdigit() for letter in self._text.folded[start:end])
        if has_digits or not today <= day <= today + _FARTHEST:
            return None
        return Found(value=day, span=self._text.span(start, end))


def is_sound(reply: str, *, known: Iterable[str], cities: places.Gazetteer) -> bool:
    """Whether a reply names no number and no city that is not known, leads nowhere else and can be shown."""
    if not 0 < len(reply.strip()) <= MOST_REPLY or _UNSTORABLE.search(reply) or _LINK.search(reply):
        return False
    known = list(known)
    if not _numbers(reply) <= {number for text in known for number in _numbers(text)}:
        return False
    text = Text(reply)
    city = places.find_city(text, spoken_in(text), cities)
    return city is None or any(fold(city.value) in fold(one) for one in known)


def _numbers(text: str) -> set[str]:
    return {_NOT_DIGITS.sub("", number) for number in _NUMBER.findall(fold(text))}
