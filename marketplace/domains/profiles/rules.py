"""The rules of profiles: pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from marketplace.domains.profiles.errors import BudgetsCrossed, CompanyNameMissing, PortfolioFull
from marketplace.domains.profiles.types import (
    AccountType,
    Changes,
    Employment,
    Holder,
    Missing,
    Place,
    Preferences,
)
from marketplace.kernel.money import Money

MAX_ITEMS = 100
Work = TypeVar("Work", bound=Employment)


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


def keep_files(old: Sequence[Holder], new: Sequence[Holder]) -> Sequence[int | None]:
    """For each that is new the file of the old one that it stands for, by its id or else by its key.

    A file is kept once.
    """
    left = [holder for holder in old if holder.file_id is not None]
    kept: dict[int, int | None] = {}
    for is_same in (_same_id, _same_key):
        for place, wanted in enumerate(new):
            found = next((holder for holder in left if place not in kept and is_same(holder, wanted)), None)
            if found is not None:
                left.remove(found)
                kept[place] = found.file_id
    return [kept.get(place) for place in range(len(new))]


def title_of(experiences: Iterable[Employment]) -> str:
    """What somebody is called by their work: what they are now, else what they were last."""
    ranked = [
        (entry.is_ongoing, entry.end_date or entry.start_date, entry.start_date, entry.role)
        for entry in map(settle, experiences)
    ]
    return max(ranked)[-1] if ranked else ""


def settle(experience: Work) -> Work:
    """What is ongoing has no end."""
    return replace(experience, end_date=None) if experience.is_ongoing else experience


def check_company(account_type: str, company_name: str) -> None:
    """Refuse a firm without a name."""
    if account_type == AccountType.BUSINESS and not company_name:
        raise CompanyNameMissing


def _same_id(old: Holder, new: Holder) -> bool:
    return old.id == new.id


def _same_key(old: Holder, new: Holder) -> bool:
    return old.key == new.key


def _are_crossed(low: Money | None, high: Money | None) -> bool:
    return low is not None and high is not None and (low.currency != high.currency or low > high)


def _each_once(cities: Iterable[str]) -> Sequence[str]:
    """As they were first written, whatever their case."""
    found: dict[str, str] = {}
    for city in cities:
        found.setdefault(city.casefold(), city)
    return list(found.values())
