"""The rules of profiles: pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from marketplace.domains.profiles.errors import BudgetsCrossed, PortfolioFull
from marketplace.domains.profiles.types import Changes, Missing, Place, Preferences
from marketplace.kernel.money import Money

MAX_ITEMS = 100


def change(preferences: Preferences, changes: Changes) -> Preferences:
    """The preferences after a change; refuses budgets between which nothing lies."""
    changed = replace(preferences, **changes)
    if _are_crossed(changed.min_budget, changed.max_budget):
        raise BudgetsCrossed
    return replace(
        changed,
        category_ids=sorted(set(changed.category_ids)),
        offering_ids=sorted(set(changed.offering_ids)),
        cities=_each_once(changed.cities),
        places=[place for place in Place if place in changed.places],
    )


def missing(*, skill_ids: Collection[int], preferences: Preferences) -> Sequence[Missing]:
    """What somebody has not yet told of themselves."""
    told = {Missing.SKILLS: skill_ids, Missing.CATEGORIES: preferences.category_ids}
    return [part for part, given in told.items() if not given]


def check_room(items: int) -> None:
    """Refuse one item more than a portfolio holds."""
    if items >= MAX_ITEMS:
        raise PortfolioFull


def _are_crossed(low: Money | None, high: Money | None) -> bool:
    return low is not None and high is not None and (low.currency != high.currency or low > high)


def _each_once(cities: Iterable[str]) -> Sequence[str]:
    """As they were first written, whatever their case."""
    found: dict[str, str] = {}
    for city in cities:
        found.setdefault(city.casefold(), city)
    return list(found.values())
