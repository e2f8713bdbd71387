"""Freelancers for a client and for a task, the best first: the other direction of the same weighing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Resident, Role
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import PersonView
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing, NotYourTask, Place
from marketplace.domains.profiles import public as profiles
from marketplace.domains.recommendations import queries, rules
from marketplace.domains.recommendations.service.documents import documents_of, rarities_of
from marketplace.domains.recommendations.service.places import Places
from marketplace.domains.recommendations.service.weigh import (
    Weighed,
    category_names,
    days_between,
    names_of,
    reputation_of,
    skill_names,
    wishes_of,
)
from marketplace.domains.recommendations.types import Fit, Likeness, Term, Wanted
from marketplace.kernel.clock import clock
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading

NOTHING_ALIKE = Likeness()
MOST_ALIKE = 80
NEWEST = 30
APPLICANTS = 50
KNOWN = 20
LAST_TASKS = 5


@dataclass(frozen=True, kw_only=True)
class RecommendedFreelancer:
    """A freelancer, how well they go together with what is needed, and why."""

    freelancer: PersonView
    score: float
    reason: str
    has_applied: bool


@dataclass(frozen=True, kw_only=True)
class Need:
    """What somebody is looked for to do; with one task in mind, that task."""

    owner_id: int
    terms: Sequence[Term]
    cities: frozenset[str]
    task: Listing | None = None
    applicant_ids: Sequence[int] = ()
    known_ids: Collection[int] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Worker:
    """A freelancer, and the place that speaks for them, in words."""

    resident: Resident
    place: str


def recommend_freelancers(*, actor: Person, page: PageRequest) -> Page[RecommendedFreelancer]:
    """One page of the freelancers who fit best what the actor last posted."""
    with reading():
        return _page(need_of_client(actor.id), page)


def recommend_freelancers_for_task(
    *, actor: Person, task_id: int, page: PageRequest
) -> Page[RecommendedFreelancer]:
    """One page of the freelancers who fit a task of the actor's best; who has applied is marked."""
    with reading():
        task = listings.get_listing(task_id, listings.Kind.TASK)
        if task.owner_id != actor.id:
            raise NotYourTask
        return _page(need_of_task(task), page)


def rank_freelancers(need: Need) -> Sequence[Weighed[Worker]]:
    """The freelancers who may fit a need, the best first, the newer of two who are as good."""
    nobody = [need.owner_id]
    newest = accounts.list_newest(role=Role.FREELANCER, most=NEWEST, without=nobody)
    sure = {person.id for person in newest} | set(need.applicant_ids[:APPLICANTS]) | set(need.known_ids)
    sure |= deals.lately_at_work(most=NEWEST)
    alike = queries.alike_freelancers(need.terms, Wanted(most=MOST_ALIKE, among=sure, without=nobody))
    rest = (sure | alike.keys()) - {person.id for person in newest}
    found = newest + accounts.list_residents(role=Role.FREELANCER, among=rest, without=nobody)
    return sorted(
        _weigh(need, found, alike),
        key=lambda one: (one.score, one.thing.resident.joined_at, one.thing.resident.id),
        reverse=True,
    )


def need_of_task(task: Listing) -> Need:
    """What a task needs."""
    is_remote = task.place is Place.DIGITAL
    return Need(
        owner_id=task.owner_id,
        terms=_terms_of([task]),
        cities=frozenset() if is_remote else frozenset({task.city}),
        task=task,
        applicant_ids=deals.sellers_of(task.id),
        known_ids=deals.hired_by(task.owner_id, most=KNOWN),
    )


def need_of_client(person_id: int) -> Need:
    """What somebody seems to need: what their last tasks did."""
    posted = listings.list_posted(person_id, most=LAST_TASKS)
    on_site = [task for task in posted if task.place is not Place.DIGITAL]
    cities = {task.city for task in on_site} if posted else {accounts.get_account(person_id=person_id).city}
    return Need(
        owner_id=person_id,
        terms=_terms_of(posted),
        cities=frozenset(cities),
        known_ids=deals.hired_by(person_id, most=KNOWN),
    )


def _terms_of(tasks: Collection[Listing]) -> Sequence[Term]:
    """What tasks are about: as it is stored of those that are open, as it is read in the others."""
    stored = queries.terms_of_tasks([task.id for task in tasks])
    documents = documents_of([task for task in tasks if task.id not in stored])
    rarities = rarities_of(documents.values())
    read = {key: rules.task_terms(document, rarities) for key, document in documents.items()}
    return rules.pooled([*stored.values(), *read.values()])


def _weigh(need: Need, found: Sequence[Resident], alike: Mapping[int, Likeness]) -> Iterator[Weighed[Worker]]:
    now = clock.now()
    ids = [person.id for person in found]
    standings = deals.standings_of(ids, most_each=rules.LAST_RATINGS)
    conditions = profiles.conditions_of(ids)
    wishes = {person.id: wishes_of(person.city, conditions[person.id]) for person in found}
    homes = [wish.homes for wish in wishes.values()] if need.cities else []
    places = Places(need.cities, *homes)
    for person in found:
        wish, standing = wishes[person.id], standings[person.id]
        near, city = places.nearest(wish.homes, need.cities)
        fit = Fit(
            nearness=near,
            suits=rules.suits(wish, need.task.place) if need.task else None,
            price_ratio=rules.price_ratio(wish, need.task.price) if need.task else None,
            idle_days=days_between(standing.applied_at or person.joined_at, now),
            reputation=reputation_of(standing),
            is_known=person.id in need.known_ids,
            is_newcomer=rules.is_newcomer(
                joined_days=days_between(person.joined_at, now), has_completed=standing.has_completed
            ),
        )
        evidence = rules.evidence(alike.get(person.id, NOTHING_ALIKE), fit)
        yield Weighed(
            thing=Worker(resident=person, place=_place_of(need, city)),
            score=rules.score(evidence, fit, rules.FREELANCER_WEIGHTS),
            evidence=evidence,
            fit=fit,
        )


def _page(need: Need, page: PageRequest) -> Page[RecommendedFreelancer]:
    ranked = rank_freelancers(need)
    chosen = ranked[page.offset : page.offset + page.size]
    ids = [weighed.thing.resident.id for weighed in chosen]
    found = accounts.list_active(role=Role.FREELANCER, among=ids)
    views = {view.account.id: view for view in deals.view_people(found)}
    # whoever left this very moment is not shown any more
    shown = [weighed for weighed in chosen if weighed.thing.resident.id in views]
    items = [
        RecommendedFreelancer(
            freelancer=views[weighed.thing.resident.id],
            score=weighed.score,
            reason=reason,
            has_applied=weighed.thing.resident.id in need.applicant_ids,
        )
        for weighed, reason in zip(shown, _reasons(need, shown, views), strict=True)
    ]
    return Page(items=items, total=len(ranked), request=page)


def _reasons(need: Need, shown: Sequence[Weighed[Worker]], views: Mapping[int, PersonView]) -> Iterator[str]:
    ids = [weighed.thing.resident.id for weighed in shown]
    shared = queries.in_common_with_freelancers(need.terms, ids)
    skills, categories = skill_names(shared.values()), category_names()
    for weighed in shown:
        worker = weighed.thing
        view = views[worker.resident.id]
        names = {
            **names_of(shared.get(worker.resident.id, {}), skills, categories),
            "place": worker.place,
            "active": rules.since(weighed.fit.idle_days, "active"),
            "rating": f"{view.average_rating or 0:.1f} by {view.reviews}",
        }
        yield rules.reason(weighed.evidence, rules.FREELANCER_WEIGHTS, rules.FREELANCER_WORDING, names)


def _place_of(need: Need, nearest: str) -> str:
    if nearest:
        return f"near {nearest}"
    is_remote = need.task is not None and need.task.place is Place.DIGITAL
    return "looks for remote work" if is_remote else "looks for work on site"
