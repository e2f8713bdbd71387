"""Tasks and applications with the people round them: a fixed number of queries a page."""

from collections.abc import Collection, Mapping, Sequence
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
    with reading():
        return _with_people(listings.list_listings(filters, page), viewer)


def post_task(*, actor: Person, draft: Draft) -> TaskView:
    """Post a task."""
    return view_tasks([listings.post(actor=actor, draft=draft)], actor)[0]


def update_task(*, actor: Person, task_id: int, changes: Changes) -> TaskView:
    """Change one's own task while it is open."""
    changed = listings.update(actor=actor, listing_id=task_id, kind=listings.Kind.TASK, changes=changes)
    return view_tasks([changed], actor)[0]


def list_my_tasks(*, actor: Person, page: PageRequest) -> Page[TaskView]:
    """One page of the tasks that the actor posted or was chosen for, newest first."""
    return _with_people(listings.list_listings(Filters(involving=actor.id), page), actor)


def list_saved_tasks(*, actor: Person, page: PageRequest) -> Page[TaskView]:
    """One page of the tasks that the actor saved."""
    saved = listings.list_saved(actor.id, page)
    views = view_tasks([listing for listing, _ in saved.items], actor)
    items = [replace(view, saved_at=saved_at) for view, (_, saved_at) in zip(views, saved.items, strict=True)]
    return Page(items=items, total=saved.total, request=page)


def get_task(*, viewer: Person | None, task_id: int) -> TaskView:
    """A task; refuses an unknown one."""
    with reading():
        return view_tasks([listings.get_listing(task_id, listings.Kind.TASK)], viewer)[0]


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


def view_tasks(
    found: Sequence[Listing],
    viewer: Person | None,
    people: Mapping[int, Brief] | None = None,
    known_applied: Collection[int] = (),
) -> list[TaskView]:
    """Listings with what they are to the viewer and their people.

    The caller may know these already, and of some listings that the viewer has applied to them.
    """
    ids = [listing.id for listing in found]
    people = accounts.briefs(_people_of(found)) if people is None else people
    categories = catalog.categories_with({listing.category_id for listing in found})
    saved = listings.saved_among(viewer.id, ids) if viewer else frozenset()
    unclear = set(ids).difference(known_applied)
    applied = queries.applied_among(viewer.id, unclear).union(known_applied) if viewer else frozenset()
    holds = _holds(found, viewer)
    today = clock.now().date()
    return [
        TaskView(
            listing=listing,
            category_name=categories[listing.category_id].name,
            owner=people[listing.owner_id],
            assignee=people[listing.assignee_id] if listing.assignee_id else None,
            is_overdue=listings.is_overdue(listing, today),
            side=policy.side_of(viewer.id if viewer else None, listing),
            is_saved=listing.id in saved,
            has_applied=listing.id in applied,
            viewer_id=viewer.id if viewer else None,
            hold=holds.get(listing.id),
        )
        for listing in found
    ]


def _people_of(found: Collection[Listing]) -> set[int]:
    return {person for listing in found for person in (listing.owner_id, listing.assignee_id) if person}


def _holds(found: Sequence[Listing], viewer: Person | None) -> Mapping[int, Hold]:
    """The newest hold of each listing that the viewer is a side of, by the listing's id."""
    mine = [listing.id for listing in found if policy.side_of(viewer.id if viewer else None, listing)]
    chosen = {deal.reference: deal.listing_id for deal in queries.chosen_among(mine)}
    holds = payments.list_latest_holds(chosen)
    return {chosen[reference]: hold for reference, hold in holds.items()}


def view_application(deal: Deal, viewer: Person, *, task: Listing | None = None) -> ApplicationView:
    """One application with its applicant and its task, which need not be read again where it is at hand."""
    found = listings.find_listings([deal.listing_id]).values() if task is None else [task]
    return _view_applications([deal], found, viewer)[0]


def view_reviews(reviews: Sequence[Review]) -> list[ReviewView]:
    """Reviews with their people."""
    people = accounts.briefs(
        {person for review in reviews for person in (review.reviewer_id, review.reviewee_id)}
    )
    return [
        ReviewView(review=review, reviewer=people[review.reviewer_id], reviewee=people[review.reviewee_id])
        for review in reviews
    ]


def _with_people(page: Page[Listing], viewer: Person | None) -> Page[TaskView]:
    return Page(items=view_tasks(page.items, viewer), total=page.total, request=page.request)


def _with_tasks(page: Page[Deal], viewer: Person) -> Page[ApplicationView]:
    found = listings.find_listings({deal.listing_id for deal in page.items}).values()
    return Page(items=_view_applications(page.items, found, viewer), total=page.total, request=page.request)


def _view_applications(
    deals: Sequence[Deal], found: Collection[Listing], viewer: Person
) -> list[ApplicationView]:
    sellers = {deal.seller_id for deal in deals}
    people = accounts.briefs(sellers | _people_of(found))
    # to know it of one's own application needs no question
    applied = {deal.listing_id for deal in deals if deal.seller_id == viewer.id}
    tasks = {view.listing.id: view for view in view_tasks(list(found), viewer, people, applied)}
    return [
        ApplicationView(deal=deal, task=tasks[deal.listing_id], seller=people[deal.seller_id])
        for deal in deals
        if deal.listing_id in tasks  # one may have been deleted since its deals were read
    ]


def _with_reviewers(page: Page[Review]) -> Page[ReviewView]:
    return Page(items=view_reviews(page.items), total=page.total, request=page.request)
