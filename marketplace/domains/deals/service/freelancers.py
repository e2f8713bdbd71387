"""Freelancers as everybody sees them: what they say of themselves, and what others say of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.domains.catalog.public import Skill
from marketplace.domains.deals import queries
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.public import Freelancer, FreelancerFilters, FreelancerProfile
from marketplace.kernel.pages import Page, PageRequest


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A freelancer in a list; `rating` is the average of their `reviews`, and 0 without any."""

    freelancer: Freelancer
    skills: Sequence[Skill]
    reviews: int
    rating: float


@dataclass(frozen=True, kw_only=True)
class Detailed:
    """A freelancer with all that they say of themselves; `rating` is the average of their `reviews`, or 0."""

    profile: FreelancerProfile
    reviews: int
    rating: float


def list_freelancers(filters: FreelancerFilters, page: PageRequest) -> Page[Listed]:
    """One page of the freelancers who match, in four queries."""
    found = profiles.list_freelancers(filters, page)
    ids = [freelancer.person_id for freelancer in found.items]
    skills, ratings = profiles.skills_of(ids), queries.ratings_among(ids)
    listed = []
    for freelancer in found.items:
        reviews, rating = ratings.get(freelancer.person_id, (0, 0))
        listed.append(
            Listed(freelancer=freelancer, skills=skills[freelancer.person_id], reviews=reviews, rating=rating)
        )
    return Page(items=listed, total=found.total, request=page)


def get_freelancer(profile_id: int) -> Detailed:
    """A freelancer by the id of their profile; refuses one whom nobody may see."""
    profile = profiles.get_freelancer(profile_id)
    reviews, rating = queries.ratings_of(profile.freelancer.person_id)
    return Detailed(profile=profile, reviews=reviews, rating=rating or 0)
