"""Posting, and what a deal does to a listing."""

from collections.abc import Collection

from sqlalchemy import select, update

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.catalog import public as catalog
from marketplace.domains.listings import queries, rules
from marketplace.domains.listings.errors import TaskNotFound
from marketplace.domains.listings.events import TaskPosted
from marketplace.domains.listings.models import ListingRow
from marketplace.domains.listings.types import Draft, Kind, Listing
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work


def post_task(*, actor: Person, draft: Draft) -> Listing:
    """Post a task."""
    catalog.get_category(draft.category_id)
    now = clock.now()
    with unit_of_work() as unit:
        accounts.keep(actor, Role.CLIENT)
        row = ListingRow(
            kind=Kind.TASK,
            owner_id=actor.id,
            title=draft.title,
            description=draft.description,
            category_id=draft.category_id,
            price_minor=draft.price.minor,
            currency=draft.price.currency,
            place=draft.place,
            city=draft.city,
            address=draft.address,
            deadline=draft.deadline,
            status=rules.TASK.initial,
            created_at=now,
            updated_at=now,
        )
        unit.session.add(row)
        unit.session.flush()
        unit.record(TaskPosted(task_id=row.id, owner_id=actor.id))
        return get_task(row.id)


def get_task(task_id: int) -> Listing:
    """A task; refuses an unknown id."""
    listing = queries.find_listing(task_id)
    if listing is None:
        raise TaskNotFound
    return listing


def lock_task(task_id: int) -> Listing:
    """A task, locked until the open unit of work ends; whoever changes what hangs on it locks it first."""
    with unit_of_work() as unit:
        row = unit.session.get(ListingRow, task_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise TaskNotFound
    return get_task(task_id)


def lock_tasks(task_ids: Collection[int]) -> list[Listing]:
    """Several tasks, locked in the order of their ids; those that are no more are left out."""
    query = select(ListingRow.id).where(ListingRow.id.in_(task_ids)).order_by(ListingRow.id)
    with unit_of_work() as unit:
        locked = unit.session.scalars(query.with_for_update()).all()
        found = queries.find_listings(locked)
    return [found[task_id] for task_id in locked if task_id in found]


def keep_task(task_id: int) -> Listing | None:
    """A task that nobody changes or deletes until the open unit of work ends, `None` where there is none.

    Several may keep it at once, so whoever wants to change it uses `lock_task` from the start.
    """
    with unit_of_work() as unit:
        unit.session.execute(select(ListingRow.id).where(ListingRow.id == task_id).with_for_update(read=True))
        return queries.find_listing(task_id)


def move_task(listing: Listing, action: str, *, actors: set[str], assignee_id: int | None = None) -> Listing:
    """Take an action of the task's life cycle; the caller holds its lock."""
    status = rules.TASK.decide(action, state=listing.status, actors=actors)
    change: dict[str, object] = {"status": status, "updated_at": clock.now()}
    if assignee_id is not None:
        change["assignee_id"] = assignee_id
    with unit_of_work() as unit:
        unit.session.execute(update(ListingRow).where(ListingRow.id == listing.id).values(change))
    return get_task(listing.id)


def count_deal(listing_id: int, *, more: int = 1) -> None:
    """One more deal hangs on the listing, or one less."""
    with unit_of_work() as unit:
        unit.session.execute(
            update(ListingRow)
            .where(ListingRow.id == listing_id)
            .values(deals_count=ListingRow.deals_count + more)
        )
