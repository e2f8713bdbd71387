"""People as everybody sees them: what they can do, what others say of them, what came of their work."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Account, PeopleFilters, Role
from marketplace.domains.catalog.public import Skill
from marketplace.domains.deals import queries
from marketplace.domains.profiles import public as profiles
from marketplace.kernel.pages import Page, PageRequest


@dataclass(frozen=True, kw_only=True)
class PersonView:
    """A person with their skills, the reviews they received and the tasks that they brought to an end."""

    account: Account
    skills: Sequence[Skill]
    average_rating: float | None
    reviews: int
    completed: int


def list_people(filters: PeopleFilters, page: PageRequest) -> Page[PersonView]:
    """One page of the people who match, newest first."""
    found = accounts.list_people(filters, page)
    return Page(items=view_people(found.items), total=found.total, request=page)


def get_person(username: str, *, among: Collection[Role]) -> PersonView:
    """Somebody by username who holds one of these roles; refuses who is unknown, barred or gone."""
    return view_people([accounts.get_member(username, among=frozenset(among))])[0]


def view_people(found: Sequence[Account]) -> list[PersonView]:
    """People with what everybody may know of them, in three queries."""
    ids = [account.id for account in found]
    skills = profiles.skills_of(ids)
    ratings = queries.ratings_among(ids)
    completed = queries.completed_among(ids)
    return [_view(account, skills[account.id], ratings, completed) for account in found]


def _view(
    account: Account,
    skills: Sequence[Skill],
    ratings: Mapping[int, tuple[int, float]],
    completed: Mapping[int, int],
) -> PersonView:
    reviews, average_rating = ratings.get(account.id, (0, None))
    return PersonView(
        account=account,
        skills=skills,
        average_rating=average_rating,
        reviews=reviews,
        completed=completed.get(account.id, 0),
    )
