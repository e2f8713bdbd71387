"""Tasks and applications with the people round them: a fixed number of queries a page."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Brief, Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.deals import policy, queries, rules
from marketplace.domains.deals.errors import ApplicationNotFound, NotYourDeal
from marketplace.domains.deals.types import Deal, Review, Side
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Changes, Draft, Filters, Listing
from marketplace.domains.payments import public as payments
from marketplace.domains.payments.public import Hold
from marketplace.kernel.clock import clock
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """A task with the people round it, as somebody sees it."""

    listing: Listing
    category_name: str
    owner: Brief
    assignee: Brief | None
    is_overdue: bool
    side: Side | None
    is_saved: bool
    has_applied: bool
    viewer_id: int | None
    hold: Hold | None
    saved_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ApplicationView:
    """An application with its task and applicant."""

    deal: Deal
    task: TaskView
    seller: Brief


@dataclass(frozen=True, kw_only=True)
class ReviewView:
    """A review with its two people."""

    review: Review
    reviewer: Brief
    reviewee: Brief


def list_tasks(*, viewer: Person | None, filters: Filters, page: PageRequest) -> Page[TaskView]:
    """One page of tasks."""
    with reading(plans_once=True):
        return _seen_by(viewer, *listings.list_with_people(filters, page))


def post_task(*, actor: Person, draft: Draft) -> TaskView:
    """Post a task."""
    return view_tasks([listings.post(actor=actor, draft=draft)], actor)[0]


def update_task(*, actor: Person, task_id: int, changes: Changes) -> TaskView:
    """Change one's own task while it is open."""
    changed = listings.update(actor=actor, listing_id=task_id, kind=listings.Kind.TASK, changes=changes)
    return view_tasks([changed], actor)[0]


def list_my_tasks(*, actor: Person, page: PageRequest) -> Page[TaskView]:
    """One page of the tasks that the actor posted or was chosen for, newest first."""
    return _seen_by(actor, *listings.list_with_people(Filters(involving=actor.id), page))


def list_saved_tasks(*, actor: Person, page: PageRequest) -> Page[TaskView]:
    """One page of the tasks that the actor saved."""
    saved = listings.list_saved(actor.id, page)
    views = view_tasks([listing for listing, _ in saved.items], actor)
    items = [replace(view, saved_at=saved_at) for view, (_, saved_at) in zip(views, saved.items, strict=True)]
    return Page(items=items, total=saved.total, request=page)


def get_task(*, viewer: Person | None, task_id: int) -> TaskView:
    """A task; refuses an unknown one."""
    with reading(plans_once=True):
        listing, people = listings.get_with_people(task_id, listings.Kind.TASK)
        return view_seen([(listing, viewer)], people)[0]


def get_application(deal_id: int) -> Deal:
    """An application; refuses an unknown id, and that of another deal."""
    deal = queries.find_deal(deal_id)
    if deal is None or not rules.is_application(deal):
        raise ApplicationNotFound
    return deal


def list_applications(*, actor: Person, task_id: int, page: PageRequest) -> Page[ApplicationView]:
    """One page of a task's applications, for its owner."""
    if listings.get_listing(task_id, listings.Kind.TASK).owner_id != actor.id:
        raise NotYourDeal
    return _with_tasks(queries.list_of_listing(task_id, page), actor)


def list_my_applications(*, actor: Person, page: PageRequest) -> Page[ApplicationView]:
    """One page of what the actor applied for."""
    return _with_tasks(queries.list_of_seller(actor.id, page), actor)


def list_task_reviews(*, task_id: int, page: PageRequest) -> Page[ReviewView]:
    """One page of what was said about a task."""
    listings.get_listing(task_id, listings.Kind.TASK)
    return _with_reviewers(queries.list_reviews(page, listing_id=task_id))


def list_received_reviews(*, username: str, page: PageRequest) -> Page[ReviewView]:
    """One page of what was said of somebody."""
    account = accounts.get_account_by_username(username)
    return _with_reviewers(queries.list_reviews(page, reviewee_id=account.id))


def view_tasks(found: Sequence[Listing], viewer: Person | None) -> list[TaskView]:
    """Tasks as somebody sees them."""
    return view_seen([(listing, viewer) for listing in found])


def view_seen(
    seen: Sequence[tuple[Listing, Person | None]],
    people: Mapping[int, Brief] | None = None,
    applied: Collection[tuple[int, int]] = (),
) -> list[TaskView]:
    """Tasks, each as its viewer sees it.

    The caller may know the people already, and who of the viewers has applied to what.
    """
    people = accounts.briefs(_people_of(listing for listing, _ in seen)) if people is None else people
    categories = catalog.categories_with({listing.category_id for listing, _ in seen})
    pairs = [(viewer.id, listing.id) for listing, viewer in seen if viewer]
    saved = listings.saved_among(pairs)
    has_applied = queries.applied_among([pair for pair in pairs if pair not in applied]).union(applied)
    sides = [policy.side_of(viewer.id if viewer else None, listing) for listing, viewer in seen]
    holds = _holds([listing.id for (listing, _), side in zip(seen, sides, strict=True) if side])
    today = clock.now().date()
    return [
        TaskView(
            listing=listing,
            category_name=categories[listing.category_id].name,
            owner=people[listing.owner_id],
            assignee=people[listing.assignee_id] if listing.assignee_id else None,
            is_overdue=listings.is_overdue(listing, today),
            side=side,
            is_saved=viewer is not None and (viewer.id, listing.id) in saved,
            has_applied=viewer is not None and (viewer.id, listing.id) in has_applied,
            viewer_id=viewer.id if viewer else None,
            hold=holds.get(listing.id) if side else None,
        )
        for (listing, viewer), side in zip(seen, sides, strict=True)
    ]


def _people_of(found: Iterable[Listing]) -> set[int]:
    return {person for listing in found for person in (listing.owner_id, listing.assignee_id) if person}


def _holds(listing_ids: Collection[int]) -> Mapping[int, Hold]:
    """The newest hold of each listing, by the listing's id."""
    chosen = {deal.reference: deal.listing_id for deal in queries.chosen_among(listing_ids)}
    holds = payments.list_latest_holds(chosen)
    return {chosen[reference]: hold for reference, hold in holds.items()}


def view_application(deal: Deal, viewer: Person) -> ApplicationView:
    """One application with its applicant and its task."""
    return view_applications([(deal, viewer)], listings.find_listings([deal.listing_id]))[0]


def view_applications(
    seen: Sequence[tuple[Deal, Person]], tasks: Mapping[int, Listing]
) -> list[ApplicationView]:
    """Applications, each as its viewer sees it, without those whose task is not there."""
    seen = [(deal, viewer) for deal, viewer in seen if deal.listing_id in tasks]
    people = accounts.briefs({deal.seller_id for deal, _ in seen} | _people_of(tasks.values()))
    # to know it of one's own application needs no question
    applied = {(viewer.id, deal.listing_id) for deal, viewer in seen if deal.seller_id == viewer.id}
    views = view_seen([(tasks[deal.listing_id], viewer) for deal, viewer in seen], people, applied)
    return [
        ApplicationView(deal=deal, task=view, seller=people[deal.seller_id])
        for (deal, _), view in zip(seen, views, strict=True)
    ]


def view_reviews(reviews: Sequence[Review]) -> list[ReviewView]:
    """Reviews with their people."""
    people = accounts.briefs(
        {person for review in reviews for person in (review.reviewer_id, review.reviewee_id)}
    )
    return [
        ReviewView(review=review, reviewer=people[review.reviewer_id], reviewee=people[review.reviewee_id])
        for review in reviews
    ]


def _seen_by(viewer: Person | None, page: Page[Listing], people: Mapping[int, Brief]) -> Page[TaskView]:
    items = view_seen([(listing, viewer) for listing in page.items], people)
    return Page(items=items, total=page.total, request=page.request)


def _with_tasks(page: Page[Deal], viewer: Person) -> Page[ApplicationView]:
    # a task may be deleted since its deals were read
    tasks = listings.find_listings({deal.listing_id for deal in page.items})
    items = view_applications([(deal, viewer) for deal in page.items], tasks)
    return Page(items=items, total=page.total, request=page.request)


def _with_reviewers(page: Page[Review]) -> Page[ReviewView]:
    return Page(items=view_reviews(page.items), total=page.total, request=page.request)
