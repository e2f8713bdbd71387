"""The rules of recommendations, pure: what counts, how much, and in which words it is said.

Every number that decides who comes first stands at the top of this page.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from marketplace.domains.recommendations.types import (
    Deed,
    Document,
    Evidence,
    Factor,
    Field,
    Fit,
    Likeness,
    Past,
    Reputation,
    SkillName,
    Source,
    Term,
    Wishes,
)
from marketplace.kernel.money import Money

# What each factor closes of the gap to a perfect match, when all of it is there.
TASK_WEIGHTS: Evidence = {
    Factor.SKILLS: 0.45,
    Factor.WORDS: 0.75,
    Factor.CATEGORY: 0.12,
    Factor.PAST_SKILLS: 0.20,
    Factor.PAST_WORDS: 0.90,
    Factor.PAST_CATEGORY: 0.15,
    Factor.PLACE: 0.12,
    Factor.BUDGET: 0.06,
    Factor.FRESH: 0.04,
    Factor.RATING: 0.06,
}
FREELANCER_WEIGHTS: Evidence = {
    Factor.SKILLS: 0.50,
    Factor.WORDS: 0.90,
    Factor.CATEGORY: 0.10,
    Factor.PAST_SKILLS: 0.20,
    Factor.PAST_WORDS: 0.90,
    Factor.PAST_CATEGORY: 0.12,
    Factor.PLACE: 0.12,
    Factor.BUDGET: 0.05,
    Factor.FRESH: 0.02,
    Factor.RATING: 0.15,
    Factor.KNOWN: 0.15,
    Factor.NEWCOMER: 0.04,
}
ALIKE = 0.4  # the cosine at which two texts are about the same
# What a misfit leaves of a score.
ELSEWHERE = 0.35
UNSUITED = 0.5
OVERDUE = 0.6
CHEAPEST = 0.3
# What was done counts by how much was meant by it, and half as much after each half-life.
STRENGTHS: Mapping[Deed, float] = {Deed.SAVED: 0.4, Deed.APPLIED: 1.0, Deed.HIRED: 2.0}
HALF_LIFE_DAYS = 45.0
FAMILIAR = 1.0  # applications of today after which something is half familiar
FRESH_HALF_LIFE_DAYS = 7.0
# So many of the last ratings count, as if a few of the usual had come before them.
LAST_RATINGS = 30
USUAL_REVIEWS = 4
USUAL_RATING = 3.8
WORST_RATING, BEST_RATING = 2.8, 5.0
NEWCOMER_DAYS = 30.0
NEAR_KM, FAR_KM = 20.0, 100.0
EARTH_RADIUS_KM = 6371.0
# How much of a text or a past is kept.
MOST_WORDS = 400
TASK_WORDS = 48
PROFILE_WORDS = 24
PAST_WORDS = 30
PAST_SKILLS = 8
PAST_CATEGORIES = 3
NEED_WORDS = 24
# How far candidates are looked for: for so many terms, of each in so many that have it, the heaviest first.
MOST_TERMS = 32
LIST_LENGTH = 200
# A word in more tasks than both of these says nothing; one that no task has used says as much as this.
COMMON_COUNT = 30
COMMON_SHARE = 0.05
UNHEARD = 0.5
LEAST_TELLING_SKILL = 0.2
UNNAMED_SKILLS = 1.0  # a text names only some of what it asks: so many rare skills more are supposed
SKILL_WINDOW = 3  # so many other words may stand between those of a skill's name
# A reason names the strongest factors, and none that is much weaker than the first.
REASONS = 3
MUCH_WEAKER = 0.25
NO_REASON = "Open to everybody"
TASK_WORDING: Mapping[Factor, str] = {
    Factor.SKILLS: "{skills}",
    Factor.WORDS: "close to your profile",
    Factor.CATEGORY: "{category}, as you prefer",
    Factor.PAST_SKILLS: "{past_skills} history",
    Factor.PAST_WORDS: "like {past_tasks} you chose before",
    Factor.PAST_CATEGORY: "{past_category} history",
    Factor.PLACE: "{place}",
    Factor.BUDGET: "within your budget",
    Factor.FRESH: "{posted}",
    Factor.RATING: "client rated {rating}",
}
FREELANCER_WORDING: Mapping[Factor, str] = {
    Factor.SKILLS: "{skills}",
    Factor.WORDS: "profile close to what you need",
    Factor.CATEGORY: "looks for {category}",
    Factor.PAST_SKILLS: "{past_skills} history",
    Factor.PAST_WORDS: "went for similar {past_tasks}",
    Factor.PAST_CATEGORY: "{past_category} history",
    Factor.PLACE: "{place}",
    Factor.BUDGET: "works for such budgets",
    Factor.FRESH: "{active}",
    Factor.RATING: "rated {rating}",
    Factor.KNOWN: "worked for you before",
    Factor.NEWCOMER: "new here",
}

Rarities = Mapping[tuple[Field, str], float]
Positions = Mapping[str, Sequence[int]]


def skills_in(text: str, positions: Positions, skills: Iterable[SkillName]) -> frozenset[int]:
    """The skills that a text names: one word as it is written, several near each other and inflected."""
    return frozenset(
        skill.id
        for skill in skills
        if all(stem in positions for stem in skill.stems)
        if (
            _stand_together([positions[stem] for stem in skill.stems])
            if len(skill.stems) > 1
            else re.search(rf"(?<!\w){re.escape(skill.name)}(?!\w)", text, re.IGNORECASE)
        )
    )


def rarity(count: int, total: int) -> float:
    """How telling a term is that stands in `count` of `total` tasks: 1 is the rarest, 0 stands everywhere."""
    if total == 0:
        return 1.0
    if count == 0:
        return UNHEARD
    if count > max(COMMON_COUNT, COMMON_SHARE * total):
        return 0.0
    return math.log(1 + total / count) / math.log(1 + total)


def lasting(deed: Deed, days_ago: float) -> float:
    """How much something done still says."""
    return STRENGTHS[deed] * half_life(days_ago, HALF_LIFE_DAYS)


def half_life(days: float, half_after: float) -> float:
    """What is left of 1 after some days."""
    return float(0.5 ** (max(0.0, days) / half_after))


def familiar(strength: float) -> float:
    """How familiar somebody is with what they did so much: 0 to 1."""
    return strength / (strength + FAMILIAR)


def task_terms(document: Document, rarities: Rarities) -> list[Term]:
    """The terms of a task: its words as a unit vector, its skills as shares of what it asks, its category.

    Words that say nothing are kept with no weight, so that they are counted and known to be common.
    """
    words = dict.fromkeys(sorted(document.words)[:MOST_WORDS], 0.0)
    words |= _unit(_telling(document.words, rarities), TASK_WORDS)
    rare = {
        str(skill): max(LEAST_TELLING_SKILL, rarities.get((Field.SKILL, str(skill)), 1.0))
        for skill in document.skill_ids
    }
    asked = math.fsum(rare.values()) + UNNAMED_SKILLS
    return [
        *(Term(Field.WORD, word, weight) for word, weight in words.items()),
        *(Term(Field.SKILL, skill, weight / asked) for skill, weight in sorted(rare.items())),
        *([Term(Field.CATEGORY, str(document.category_id), 1.0)] if document.category_id is not None else []),
    ]


def freelancer_terms(
    profile: Document, category_ids: Iterable[int], past: Iterable[Past], rarities: Rarities
) -> list[Term]:
    """The terms of a freelancer: what they say of themselves, and what the tasks of their past were about."""
    words: dict[str, float] = defaultdict(float)
    skills: dict[int, float] = defaultdict(float)
    categories: dict[int, float] = defaultdict(float)
    known = 0.0
    for task in past:
        known += task.strength
        for word, weight in _unit(_telling(task.document.words, rarities), TASK_WORDS).items():
            words[word] += task.strength * weight
        for skill in task.document.skill_ids:
            skills[skill] += task.strength
        if task.document.category_id is not None:
            categories[task.document.category_id] += task.strength
    said = _unit(_telling(profile.words, rarities), PROFILE_WORDS)
    return [
        *(Term(Field.WORD, word, weight) for word, weight in said.items()),
        *(Term(Field.SKILL, str(skill), 1.0) for skill in sorted(profile.skill_ids)),
        *(Term(Field.CATEGORY, str(category), 1.0) for category in sorted(set(category_ids))),
        *(
            Term(Field.WORD, word, familiar(known) * weight, Source.HISTORY)
            for word, weight in _unit(words, PAST_WORDS).items()
        ),
        *_familiar(Field.SKILL, skills, PAST_SKILLS),
        *_familiar(Field.CATEGORY, categories, PAST_CATEGORIES),
    ]


def pooled(described: Sequence[Iterable[Term]]) -> list[Term]:
    """The terms of several tasks as those of one: each counts as much as it does in the mean."""
    weights: dict[tuple[Field, str], float] = defaultdict(float)
    for term in (term for terms in described for term in terms):
        weights[term.field, term.name] += term.weight / len(described)
    ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    words = [Term(field, name, weight) for (field, name), weight in ranked if field is Field.WORD and weight]
    others = [Term(field, name, weight) for (field, name), weight in ranked if field is not Field.WORD]
    return others + words[:NEED_WORDS]


def evidence(likeness: Likeness, fit: Fit) -> Evidence:
    """How much of each factor is there, 0 to 1."""
    suited = 0.5 if fit.suits else 0.0
    return {
        Factor.SKILLS: min(1.0, likeness.skills),
        Factor.WORDS: min(1.0, likeness.words / ALIKE),
        Factor.CATEGORY: min(1.0, likeness.category),
        Factor.PAST_SKILLS: min(1.0, likeness.past_skills),
        Factor.PAST_WORDS: min(1.0, likeness.past_words / ALIKE),
        Factor.PAST_CATEGORY: min(1.0, likeness.past_category),
        Factor.PLACE: suited if fit.nearness is None else fit.nearness,
        Factor.BUDGET: float(fit.price_ratio is not None and fit.price_ratio >= 1),
        Factor.FRESH: half_life(fit.idle_days, FRESH_HALF_LIFE_DAYS),
        Factor.RATING: standing(fit.reputation),
        Factor.KNOWN: float(fit.is_known),
        Factor.NEWCOMER: float(fit.is_newcomer),
    }


def score(there: Evidence, fit: Fit, weights: Evidence) -> float:
    """How well two go together, 0 to 1 with two decimals: each factor closes its share of what is missing."""
    gap = math.prod(1 - weight * there[factor] for factor, weight in weights.items())
    return round((1 - gap) * _left_by_misfits(fit), 2)


def strongest(there: Evidence, weights: Evidence) -> list[Factor]:
    """The factors that say most, the strongest first, and none that says much less than the first."""
    said = {factor: weight * there[factor] for factor, weight in weights.items() if there[factor] > 0}
    ranked = sorted(said, key=lambda factor: (-said[factor], factor))[:REASONS]
    return [factor for factor in ranked if said[factor] >= MUCH_WEAKER * said[ranked[0]]]


def reason(
    there: Evidence, weights: Evidence, wording: Mapping[Factor, str], names: Mapping[str, str]
) -> str:
    """The strongest factors in words: `Python + API integration history`."""
    said = " + ".join(wording[factor].format_map(names) for factor in strongest(there, weights))
    return said[:1].upper() + said[1:] or NO_REASON


def standing(reputation: Reputation) -> float:
    """How good a name somebody has, 0 to 1: their mean rating, drawn to the usual while they are few."""
    if not reputation.ratings_count:
        return 0.0
    drawn = reputation.ratings_sum + USUAL_REVIEWS * USUAL_RATING
    mean = drawn / (reputation.ratings_count + USUAL_REVIEWS)
    return min(1.0, max(0.0, (mean - WORST_RATING) / (BEST_RATING - WORST_RATING)))


def nearness(km: float) -> float:
    """How easily a place is reached: 1 nearby, 0 out of reach."""
    return min(1.0, max(0.0, (FAR_KM - km) / (FAR_KM - NEAR_KM)))


def price_ratio(wishes: Wishes, price: Money) -> float | None:
    """1 for a price within the budgets looked for, less the further outside, `None` where none is named."""
    lowest, highest = (
        budget if budget is not None and budget.currency == price.currency else None
        for budget in (wishes.lowest, wishes.highest)
    )
    if lowest is not None and price < lowest:
        return price.minor / lowest.minor
    if highest is not None and price > highest:
        return highest.minor / price.minor
    return None if lowest is None and highest is None else 1.0


def suits(wishes: Wishes, place: str) -> bool | None:
    """Whether work at such a place is looked for; `None` where nothing was said."""
    return place in wishes.places if wishes.places else None


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two points of the earth are from each other, given as degrees of latitude and longitude."""
    (north, east), (other_north, other_east) = (map(math.radians, point) for point in (one, other))
    half = (
        math.sin((north - other_north) / 2) ** 2
        + math.cos(north) * math.cos(other_north) * math.sin((east - other_east) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, half)))


def since(days: float, done: str) -> str:
    """How long ago, in words: `posted today`, `posted 3 days ago`."""
    whole = max(0, math.floor(days))
    return f"{done} {'today' if whole == 0 else 'yesterday' if whole == 1 else f'{whole} days ago'}"


def is_newcomer(*, joined_days: float, has_completed: bool) -> bool:
    """Whether somebody is new and has not yet had a chance to show what they can do."""
    return joined_days < NEWCOMER_DAYS and not has_completed


def _left_by_misfits(fit: Fit) -> float:
    left = 1.0
    if fit.nearness is not None:
        left *= ELSEWHERE + (1 - ELSEWHERE) * fit.nearness
    if fit.suits is False:
        left *= UNSUITED
    if fit.is_overdue:
        left *= OVERDUE
    if fit.price_ratio is not None:
        left *= max(CHEAPEST, fit.price_ratio)
    return left


def _telling(words: Mapping[str, int], rarities: Rarities) -> dict[str, float]:
    telling = {
        word: (1 + math.log(times)) * rarities.get((Field.WORD, word), 1.0) for word, times in words.items()
    }
    return {word: weight for word, weight in telling.items() if weight > 0}


def _unit(weights: Mapping[str, float], most: int) -> dict[str, float]:
    """The heaviest words, as a vector of length 1."""
    kept = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    length = math.sqrt(math.fsum(weight * weight for _, weight in kept))
    return {word: weight / length for word, weight in kept} if length else {}


def _familiar(field: Field, strengths: Mapping[int, float], most: int) -> list[Term]:
    """What somebody is most familiar with."""
    kept = sorted(strengths.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return [Term(field, str(name), familiar(strength), Source.HISTORY) for name, strength in kept]


def _stand_together(positions: Sequence[Sequence[int]]) -> bool:
    reach = len(positions) - 1 + SKILL_WINDOW
    first, *others = positions
    return any(all(any(abs(place - start) <= reach for place in more) for more in others) for start in first)
