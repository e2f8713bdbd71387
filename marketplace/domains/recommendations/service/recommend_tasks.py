"""Tasks for a freelancer, the best first.

Two steps: the database finds some hundreds of open tasks that may fit, by the terms they share with the
freelancer and by their newness; the rules weigh each of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import Standing, TaskView
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing, Place
from marketplace.domains.profiles import public as profiles
from marketplace.domains.recommendations import queries, rules
from marketplace.domains.recommendations.service.places import Places
from marketplace.domains.recommendations.service.weigh import (
    Weighed,
    category_names,
    days_between,
    names_of,
    rating_of,
    reputation_of,
    skill_names,
    wishes_of,
)
from marketplace.domains.recommendations.types import Fit, Likeness, Wanted
from marketplace.kernel.clock import clock
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading

NOTHING_ALIKE = Likeness()
MOST_ALIKE = 100
NEWEST = 50


@dataclass(frozen=True, kw_only=True)
class RecommendedTask:
    """A task, how well it goes together with whom it is shown to, and why."""

    task: TaskView
    score: float
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An open task and what came of its owner's earlier ones."""

    listing: Listing
    owner: Standing


def recommend_tasks(*, actor: Person, page: PageRequest) -> Page[RecommendedTask]:
    """One page of the open tasks that fit the actor best: not their own, none that they applied to."""
    with reading():
        ranked = rank_tasks(person_id=actor.id)
        shown = ranked[page.offset : page.offset + page.size]
        views = deals.view_tasks([weighed.thing.listing for weighed in shown], actor)
        items = [
            RecommendedTask(task=view, score=weighed.score, reason=reason)
            for view, weighed, reason in zip(views, shown, _reasons(actor.id, shown), strict=True)
        ]
    return Page(items=items, total=len(ranked), request=page)


def rank_tasks(*, person_id: int) -> Sequence[Weighed[Offer]]:
    """The tasks that may fit somebody, the best first, the newer of two that are as good."""
    applied = deals.applied_by(person_id)
    newest = listings.list_newest(most=NEWEST, not_of=person_id, without=applied)
    new = {listing.id for listing in newest}
    alike = queries.alike_tasks(person_id, Wanted(most=MOST_ALIKE, among=new, without=applied))
    found = newest + listings.list_open(among=alike.keys() - new, not_of=person_id, without=applied)
    ranked = _weigh(person_id, found, alike)
    return sorted(
        ranked,
        key=lambda one: (one.score, one.thing.listing.created_at, one.thing.listing.id),
        reverse=True,
    )


def _weigh(
    person_id: int, found: Sequence[Listing], alike: Mapping[int, Likeness]
) -> Iterator[Weighed[Offer]]:
    now = clock.now()
    conditions = profiles.conditions_of([person_id])[person_id]
    wishes = wishes_of(accounts.get_account(person_id=person_id).city, conditions)
    places = Places(wishes.homes, {listing.city for listing in found})
    owners = deals.standings_of({listing.owner_id for listing in found}, most_each=rules.LAST_RATINGS)
    for listing in found:
        is_remote = listing.place is Place.DIGITAL
        fit = Fit(
            nearness=None if is_remote else places.nearness(wishes.homes, listing.city),
            suits=rules.suits(wishes, listing.place),
            price_ratio=rules.price_ratio(wishes, listing.price),
            is_overdue=listings.is_overdue(listing, now.date()),
            idle_days=days_between(listing.created_at, now),
            reputation=reputation_of(owners[listing.owner_id]),
        )
        evidence = rules.evidence(alike.get(listing.id, NOTHING_ALIKE), fit)
        yield Weighed(
            thing=Offer(listing=listing, owner=owners[listing.owner_id]),
            score=rules.score(evidence, fit, rules.TASK_WEIGHTS),
            evidence=evidence,
            fit=fit,
        )


def _reasons(person_id: int, shown: Sequence[Weighed[Offer]]) -> Iterator[str]:
    shared = queries.in_common_with_tasks(person_id, [weighed.thing.listing.id for weighed in shown])
    skills, categories = skill_names(shared.values()), category_names()
    for weighed in shown:
        listing = weighed.thing.listing
        names = {
            **names_of(shared.get(listing.id, {}), skills, categories),
            "place": _place_of(listing),
            "posted": rules.since(weighed.fit.idle_days, "posted"),
            "rating": rating_of(weighed.thing.owner),
        }
        yield rules.reason(weighed.evidence, rules.TASK_WEIGHTS, rules.TASK_WORDING, names)


def _place_of(listing: Listing) -> str:
    if listing.place is Place.DIGITAL:
        return "remote work"
    return f"in {listing.city}" if listing.city.strip() else "work on site"
