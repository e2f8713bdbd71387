"""What recommendations speaks of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from marketplace.kernel.money import Money


class Field(StrEnum):
    """What sort of thing a term is: the stem of a word, or the id of a skill or category."""

    WORD = "word"
    SKILL = "skill"
    CATEGORY = "category"


class Source(StrEnum):
    """Where a freelancer's term comes from: what they say of themselves, or what they did."""

    PROFILE = "profile"
    HISTORY = "history"


class Deed(StrEnum):
    """What somebody did with a task."""

    SAVED = "saved"
    APPLIED = "applied"
    HIRED = "hired"


class Factor(StrEnum):
    """What may speak for a recommendation."""

    SKILLS = "skills"
    WORDS = "words"
    CATEGORY = "category"
    PAST_SKILLS = "past_skills"
    PAST_WORDS = "past_words"
    PAST_CATEGORY = "past_category"
    PLACE = "place"
    BUDGET = "budget"
    FRESH = "fresh"
    RATING = "rating"
    KNOWN = "known"
    NEWCOMER = "newcomer"


Evidence = Mapping[Factor, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class SkillName:
    """A skill as texts name it: its name, and the stems of the words in it."""

    id: int
    name: str
    stems: Sequence[str]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a task or a freelancer, and how much it says of them: 0 to 1."""

    field: Field
    name: str
    weight: float
    source: Source = Source.PROFILE


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A text as terms: how often each word's stem stands in it, its skills and its category."""

    words: Mapping[str, int]
    skill_ids: frozenset[int] = frozenset()
    category_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """A task that somebody had to do with, and how much that still says: 1 is an application of today."""

    document: Document
    strength: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """How alike a task and a freelancer are, each 0 to 1."""

    words: float = 0.0
    skills: float = 0.0
    category: float = 0.0
    past_words: float = 0.0
    past_skills: float = 0.0
    past_category: float = 0.0


# The skills and categories that two share, the most telling first, by where the freelancer's are from.
InCommon = Mapping[tuple[Source, Field], Sequence[int]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Whose likeness is asked for: of the `most` that are most alike, and `among` some; `without` some."""

    most: int
    among: Collection[int] = ()
    without: Collection[int] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What a freelancer looks for: near which cities, at which prices, on site or from anywhere."""

    homes: frozenset[str] = frozenset()
    lowest: Money | None = None
    highest: Money | None = None
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Reputation:
    """What was said of somebody: the sum and the number of their ratings of 1 to 5."""

    ratings_sum: int = 0
    ratings_count: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """What a task and a freelancer are to each other besides their likeness; `None` is unknown.

    `nearness` is 1 in the same place and 0 out of reach, `suits` whether work of that sort is looked for,
    `price_ratio` 1 within the budgets looked for and less the further outside.
    """

    nearness: float | None = None
    suits: bool | None = None
    price_ratio: float | None = None
    is_overdue: bool = False
    idle_days: float = 0.0
    reputation: Reputation = Reputation()
    is_known: bool = False
    is_newcomer: bool = False
