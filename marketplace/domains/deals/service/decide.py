"""The owner's decisions: accept, reject, complete, cancel."""

from typing import Any

from sqlalchemy import update

from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import policy, queries, rules
from marketplace.domains.deals.errors import ApplicationNotFound, NotYourDeal
from marketplace.domains.deals.events import (
    ApplicationAccepted,
    ApplicationRejected,
    TaskCancelled,
    TaskCompleted,
)
from marketplace.domains.deals.models import DealRow
from marketplace.domains.deals.service.views import (
    ApplicationView,
    TaskView,
    get_deal,
    get_task,
    view_application,
)
from marketplace.domains.deals.types import Deal
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing
from marketplace.domains.payments import public as payments
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def accept(*, actor: Person, application_id: int) -> ApplicationView:
    """Choose an application: its task starts with that freelancer, the other pending ones are rejected."""
    with unit_of_work() as unit:
        deal, task = _lock(actor, application_id)
        _move(unit, deal, "accept", policy.roles_towards(actor.id, deal))
        listings.move_task(task, "start", actors={listings.OWNER}, assignee_id=deal.seller_id)
        unit.record(ApplicationAccepted(**_told(deal, task)))
        _reject_pending(unit, task)
        return view_application(get_deal(application_id), actor)


def reject(*, actor: Person, application_id: int) -> ApplicationView:
    """Turn an application down."""
    with unit_of_work() as unit:
        deal, task = _lock(actor, application_id)
        _move(unit, deal, "reject", policy.roles_towards(actor.id, deal))
        unit.record(ApplicationRejected(**_told(deal, task)))
        return view_application(get_deal(application_id), actor)


def complete(*, actor: Person, task_id: int) -> TaskView:
    """Take the work as done. Moves no money: the owner releases it by a step of its own."""
    with unit_of_work() as unit:
        task = listings.lock_task(task_id)
        task = listings.move_task(task, "complete", actors=policy.roles_towards_listing(actor.id, task))
        deal = queries.find_chosen(task.id)
        if deal is None:
            raise ApplicationNotFound
        _move(unit, deal, "complete", {rules.BUYER})
        unit.record(
            TaskCompleted(
                task_id=task.id, title=task.title, owner_id=task.owner_id, freelancer_id=deal.seller_id
            )
        )
        return get_task(viewer=actor, task_id=task.id)


def cancel(*, actor: Person, task_id: int) -> TaskView:
    """Call a task off; money held for it goes back, and what arrives late goes back too."""
    with unit_of_work() as unit:
        call_off(unit, listings.lock_task(task_id), actor=actor)
    return get_task(viewer=actor, task_id=task_id)


def call_off(unit: UnitOfWork, task: Listing, *, actor: Person) -> None:
    """Cancel a locked task, with all that hangs on it."""
    task = listings.move_task(task, "cancel", actors=policy.roles_towards_listing(actor.id, task))
    deal = queries.find_chosen(task.id)
    if deal is not None:
        _move(unit, deal, "cancel", {rules.BUYER})
        payments.call_off(reference=deal.reference)
    _reject_pending(unit, task)
    unit.record(
        TaskCancelled(
            task_id=task.id,
            title=task.title,
            owner_id=task.owner_id,
            freelancer_id=deal.seller_id if deal else None,
        )
    )


def _lock(actor: Person, application_id: int) -> tuple[Deal, Listing]:
    """The deal and its task, the task locked first: every command that changes deals takes that lock."""
    deal = get_deal(application_id)
    if deal.buyer_id != actor.id:
        raise NotYourDeal
    task = listings.lock_task(deal.listing_id)
    return get_deal(application_id), task


def _move(unit: UnitOfWork, deal: Deal, action: str, actors: set[str]) -> None:
    status = rules.APPLICATION.decide(action, state=deal.status, actors=actors)
    unit.session.execute(
        update(DealRow).where(DealRow.id == deal.id).values(status=status, decided_at=clock.now())
    )


def _reject_pending(unit: UnitOfWork, task: Listing) -> None:
    for deal in queries.pending_of(task.id):
        _move(unit, deal, "reject", {rules.HOUSE})
        unit.record(ApplicationRejected(**_told(deal, task)))


def _told(deal: Deal, task: Listing) -> dict[str, Any]:
    return {
        "application_id": deal.id,
        "task_id": task.id,
        "title": task.title,
        "owner_id": deal.buyer_id,
        "freelancer_id": deal.seller_id,
    }
