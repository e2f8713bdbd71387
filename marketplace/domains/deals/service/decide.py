"""The owner's decisions: accept, reject, complete, cancel."""

from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import policy, queries, rules
from marketplace.domains.deals.errors import ApplicationNotFound, NotYourDeal
from marketplace.domains.deals.events import DealAccepted, DealCompleted, DealRejected, TaskCancelled
from marketplace.domains.deals.service.opening import move, told
from marketplace.domains.deals.service.views import (
    ApplicationView,
    TaskView,
    get_application,
    get_task,
    view_application,
)
from marketplace.domains.deals.types import Deal
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing
from marketplace.domains.payments import public as payments
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def accept(*, actor: Person, application_id: int) -> ApplicationView:
    """Choose an application: its task starts with that freelancer, the other pending ones are rejected."""
    with unit_of_work() as unit:
        deal, task = _lock(actor, application_id)
        move(unit, deal, "accept", policy.roles_towards(actor.id, deal))
        listings.move(task, "start", actors={listings.OWNER}, assignee_id=deal.seller_id)
        unit.record(DealAccepted(**told(deal)))
        reject_pending(unit, task)
        return view_application(get_application(application_id), actor)


def reject(*, actor: Person, application_id: int) -> ApplicationView:
    """Turn an application down."""
    with unit_of_work() as unit:
        deal, _ = _lock(actor, application_id)
        move(unit, deal, "reject", policy.roles_towards(actor.id, deal))
        unit.record(DealRejected(**told(deal)))
        return view_application(get_application(application_id), actor)


def complete(*, actor: Person, task_id: int) -> TaskView:
    """Take the work as done. Moves no money: the owner releases it by a step of its own."""
    with unit_of_work() as unit:
        task = listings.lock_listing(task_id, listings.Kind.TASK)
        task = listings.move(task, "complete", actors=listings.actors_towards(actor.id, task))
        deal = queries.find_chosen(task.id)
        if deal is None:
            raise ApplicationNotFound
        move(unit, deal, "complete", {rules.BUYER})
        unit.record(DealCompleted(**told(deal)))
        return get_task(viewer=actor, task_id=task.id)


def cancel(*, actor: Person, task_id: int) -> TaskView:
    """Call a task off; money held for it goes back, and what arrives late goes back too."""
    with unit_of_work() as unit:
        call_off(unit, listings.lock_listing(task_id, listings.Kind.TASK), actor=actor)
        return get_task(viewer=actor, task_id=task_id)


def call_off(unit: UnitOfWork, task: Listing, *, actor: Person) -> None:
    """Cancel a locked task, with all that hangs on it."""
    task = listings.move(task, "cancel", actors=listings.actors_towards(actor.id, task))
    deal = queries.find_chosen(task.id)
    if deal is not None:
        move(unit, deal, "cancel", {rules.BUYER})
        payments.call_off(reference=deal.reference)
    reject_pending(unit, task)
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
    deal = get_application(application_id)
    if deal.buyer_id != actor.id:
        raise NotYourDeal
    task = listings.lock_listing(deal.listing_id, listings.Kind.TASK)
    return get_application(application_id), task


def reject_pending(unit: UnitOfWork, listing: Listing) -> None:
    """Turn down whoever still waits for an answer; the caller holds the lock of the listing."""
    for deal in queries.pending_of(listing.id):
        move(unit, deal, "reject", {rules.HOUSE})
        unit.record(DealRejected(**told(deal)))
