"""Applying to a task, in one transaction with whoever applies to one at the same time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.deals.errors import AlreadyApplied, OwnTask
from marketplace.domains.deals.service.opening import Opening, open_deals
from marketplace.domains.deals.service.views import ApplicationView, view_applications
from marketplace.domains.deals.types import Kind, Terms
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing, ListingNotFound
from marketplace.kernel.combining import CombinedCommand
from marketplace.kernel.errors import DomainError
from marketplace.kernel.unit_of_work import unit_of_work


@dataclass(frozen=True, kw_only=True)
class _Application:
    actor: Person
    task_id: int
    terms: Terms


def apply(*, actor: Person, task_id: int, terms: Terms) -> ApplicationView:
    """Apply to an open task of somebody else's, once."""
    return _applied(_Application(actor=actor, task_id=task_id, terms=terms))


def _apply_together(applications: Sequence[_Application]) -> Sequence[ApplicationView | Exception]:
    """Let all apply who may; who may not is refused, and holds up nobody."""
    with unit_of_work(plans_once=True) as unit:
        barred = accounts.keep_all([each.actor for each in applications], Role.FREELANCER)
        locked = listings.lock_listings({each.task_id for each in applications})
        tasks = {task.id: task for task in locked if task.kind is listings.Kind.TASK}
        refusals = [barred.get(each.actor.id) or _refusal(each, tasks) for each in applications]
        accepted = [each for each, refusal in zip(applications, refusals, strict=True) if refusal is None]
        deals, counted = open_deals(unit, [_opening(each, tasks[each.task_id]) for each in accepted])
        seen = [(deal, each.actor) for deal, each in zip(deals, accepted, strict=True) if deal]
        views = iter(view_applications(seen, counted))
        made = iter([next(views) if deal else AlreadyApplied() for deal in deals])
        return [refusal or next(made) for refusal in refusals]


def _refusal(application: _Application, tasks: Mapping[int, Listing]) -> DomainError | None:
    task = tasks.get(application.task_id)
    if task is None:
        return ListingNotFound()
    if task.owner_id == application.actor.id:
        return OwnTask()
    actors = listings.actors_towards(application.actor.id, task)
    try:
        listings.PROCESSES[task.kind].decide("apply", state=task.status, actors=actors)
    except DomainError as refusal:
        return refusal
    return None


def _opening(application: _Application, task: Listing) -> Opening:
    terms = application.terms
    return Opening(
        kind=Kind.APPLICATION,
        listing=task,
        seller_id=application.actor.id,
        buyer_id=task.owner_id,
        proposal=terms.proposal,
        price=terms.price,
        duration=terms.duration,
    )


_applied = CombinedCommand(_apply_together)
