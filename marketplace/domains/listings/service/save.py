"""Keeping an eye on listings."""

from sqlalchemy import Delete, delete
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.accounts.public import Person
from marketplace.domains.listings.errors import ListingNotFound
from marketplace.domains.listings.events import ListingSaved
from marketplace.domains.listings.models import SavedListing
from marketplace.domains.listings.queries import saved_among
from marketplace.domains.listings.service.post import get_listing, lock_listing
from marketplace.domains.listings.types import Kind
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work


def save(*, actor: Person, task_id: int, wanted: bool | None = None) -> bool:
    """Save the task, or stop saving it; with nothing wanted, turn the state round. Answers the new state."""
    with unit_of_work() as unit:
        lock_listing(task_id, Kind.TASK)
        saved = not is_saved(actor=actor, task_id=task_id) if wanted is None else wanted
        if saved:
            row = insert(SavedListing).values(person_id=actor.id, listing_id=task_id, created_at=clock.now())
            unit.session.execute(row.on_conflict_do_nothing())
            unit.record(ListingSaved(listing_id=task_id, kind=Kind.TASK, person_id=actor.id))
        else:
            unit.session.execute(_of(actor.id, task_id))
    return saved


def is_saved(*, actor: Person, task_id: int) -> bool:
    """Whether the actor has saved the task; refuses an unknown task."""
    get_listing(task_id, Kind.TASK)
    return bool(saved_among([(actor.id, task_id)]))


def unsave(*, actor: Person, task_id: int) -> None:
    """Stop saving a task; refuses one that is not saved."""
    with unit_of_work() as unit:
        if unit.session.execute(_of(actor.id, task_id).returning(SavedListing.listing_id)).first() is None:
            raise ListingNotFound


def _of(person_id: int, task_id: int) -> Delete:
    return delete(SavedListing).where(SavedListing.person_id == person_id, SavedListing.listing_id == task_id)
