"""Changing what a task says."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from marketplace.domains.accounts.public import Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.listings import rules
from marketplace.domains.listings.events import TaskUpdated
from marketplace.domains.listings.models import ListingRow
from marketplace.domains.listings.service.post import get_task, lock_task
from marketplace.domains.listings.types import Changes, Listing
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work


def update_task(*, actor: Person, task_id: int, changes: Changes) -> Listing:
    """Change one's own task while it is open; what is as it was is no change."""
    with unit_of_work() as unit:
        task = lock_task(task_id)
        actors = {rules.OWNER} if actor.id == task.owner_id else {rules.FREELANCER}
        rules.TASK.decide("update", state=task.status, actors=actors)
        if "category_id" in changes:
            catalog.get_category(changes["category_id"])
        new = {name: value for name, value in changes.items() if value != getattr(task, name)}
        if not new:
            return task
        changed = update(ListingRow).where(ListingRow.id == task.id)
        unit.session.execute(changed.values(**_columns(new), updated_at=clock.now()))
        unit.record(TaskUpdated(task_id=task.id, owner_id=task.owner_id, changed=tuple(sorted(new))))
        return get_task(task.id)


def _columns(new: Mapping[str, Any]) -> dict[str, Any]:
    columns = {name: value for name, value in new.items() if name != "price"}
    if "price" in new:
        columns |= {"price_minor": new["price"].minor, "currency": new["price"].currency}
    return columns
