"""Choosing from the catalogue: what it does not have is refused."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import TypeVar

from marketplace.domains.catalog import queries
from marketplace.domains.catalog.errors import UnknownCategory, UnknownServiceOffering, UnknownSkill
from marketplace.domains.catalog.types import Category, ServiceOffering, Skill
from marketplace.kernel.errors import DomainError

T = TypeVar("T")


def get_category(category_id: int) -> Category:
    """A category; refuses an id that the catalogue does not have."""
    return get_categories([category_id], field=None)[0]


def get_categories(category_ids: Collection[int], *, field: str | None) -> Sequence[Category]:
    """The categories by id, each once; refuses an id that the catalogue does not have, in that field."""
    return _chosen(category_ids, queries.categories(), partial(UnknownCategory, field=field))


def get_skills(skill_ids: Collection[int]) -> Sequence[Skill]:
    """The skills by id, each once; refuses an id that the catalogue does not have."""
    return _chosen(skill_ids, queries.find_skills(skill_ids), UnknownSkill)


def get_service_offerings(offering_ids: Collection[int]) -> Sequence[ServiceOffering]:
    """The kinds of service by id, each once; refuses an id that the catalogue does not have."""
    return _chosen(offering_ids, queries.find_service_offerings(offering_ids), UnknownServiceOffering)


def _chosen(
    ids: Collection[int], known: Mapping[int, T], refusal: Callable[[str], DomainError]
) -> Sequence[T]:
    wanted = sorted(set(ids))
    for chosen in wanted:
        if chosen not in known:
            message = f'Invalid pk "{chosen}" - object does not exist.'
            raise refusal(message)
    return [known[chosen] for chosen in wanted]
