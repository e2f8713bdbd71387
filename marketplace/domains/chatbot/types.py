"""What the chatbot speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from marketplace.kernel.money import Money

T = TypeVar("T")


class Language(StrEnum):
    """The languages that the chatbot understands and answers in."""

    ENGLISH = "en"
    FRENCH = "fr"
    ARABIC = "ar"
    HINDI = "hi"


class Status(StrEnum):
    """Where a talk stands."""

    ACTIVE = "active"
    ENDED = "ended"


class Place(StrEnum):
    """Whether the work needs somebody to be there."""

    PHYSICAL = "physical"
    DIGITAL = "digital"


class Slot(StrEnum):
    """What the chatbot wants to know of a task, in the order in which it asks."""

    TITLE = "title"
    CATEGORY = "category"
    PLACE = "place"
    CITY = "city"
    BUDGET = "budget"
    DEADLINE = "deadline"


@dataclass(frozen=True)
class Span:
    """A stretch of what somebody said: `said[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Found(Generic[T]):
    """A value and the words that it was taken from."""

    value: T
    span: Span


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What somebody would pay: at least `low`, at most `high`; one of them is known.

    The currency is of ISO 4217, or the word where several countries share it (`dinar`); without one it is the
    platform's.
    """

    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None

    @property
    def amount(self) -> Decimal:
        """The most that was said."""
        amount = self.high if self.high is not None else self.low
        return Decimal(0) if amount is None else amount


@dataclass(frozen=True, kw_only=True)
class Filled(Found[T]):
    """A slot of a draft: its value, and the words of the message that it was taken from."""

    text: str
    message_id: int


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is known of a task from everything that was said about it."""

    title: Filled[str] | None = None
    description: str | None = None
    category: Filled[str] | None = None
    place: Filled[Place] | None = None
    city: Filled[str] | None = None
    address: Filled[str] | None = None
    budget: Filled[Budget] | None = None
    deadline: Filled[date] | None = None
    is_deadline_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message of somebody and what was read in it."""

    message_id: int
    body: str
    reading: "Reading"


class Author(StrEnum):
    """Who said something in a talk."""

    USER = "user"
    ASSISTANT = "assistant"


class Mode(StrEnum):
    """How an answer was made: by rules alone, or with a language model."""

    RULES = "rules"
    LLM = "llm"


@dataclass(frozen=True, kw_only=True)
class ChatSession:
    """A talk with the chatbot."""

    id: int
    title: str
    status: Status
    message_count: int
    created_at: datetime
    updated_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChatMessage:
    """A message of a talk, number `seq` of it from 1."""

    id: int
    session_id: int
    seq: int
    author: Author
    body: str
    rating: int | None
    feedback: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What somebody said, and what the chatbot answered."""

    question: ChatMessage
    answer: ChatMessage
    mode: Mode


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """The draft that a talk has come to, its price in the platform's currency, and what is still missing."""

    session_id: int
    draft: Draft
    category_id: int | None
    price: Money | None
    missing: Sequence[Slot]
    mode: Mode


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """The figures of one person's talks."""

    total_sessions: int
    active_sessions: int
    total_messages: int
    tasks_extracted: int
    average_rating: float | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one message states, each with the words that state it."""

    language: Language | None = None
    title: Found[str] | None = None
    is_title_guessed: bool = False
    is_wanted: bool = False
    description: str | None = None
    category: Found[str] | None = None
    category_score: float = 0
    place: Found[Place] | None = None
    is_place_guessed: bool = False
    city: Found[str] | None = None
    address: Found[str] | None = None
    budget: Found[Budget] | None = None
    deadline: Found[date] | None = None
    is_deadline_open: bool = False
