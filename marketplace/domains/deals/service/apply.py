"""Applying to a task."""

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.deals.errors import AlreadyApplied, OwnTask
from marketplace.domains.deals.service.opening import open_deal
from marketplace.domains.deals.service.views import ApplicationView, view_application
from marketplace.domains.deals.types import Kind, Terms
from marketplace.domains.listings import public as listings
from marketplace.kernel.unit_of_work import unit_of_work


def apply(*, actor: Person, task_id: int, terms: Terms) -> ApplicationView:
    """Apply to an open task of somebody else's, once."""
    with unit_of_work() as unit:
        accounts.keep(actor, Role.FREELANCER)
        task = listings.lock_listing(task_id, listings.Kind.TASK)
        if task.owner_id == actor.id:
            raise OwnTask
        process = listings.PROCESSES[task.kind]
        process.decide("apply", state=task.status, actors=listings.actors_towards(actor.id, task))
        deal, task = open_deal(
            unit,
            Kind.APPLICATION,
            task,
            seller_id=actor.id,
            buyer_id=task.owner_id,
            refusals={"uq_deals_one_application": AlreadyApplied},
            proposal=terms.proposal,
            price_minor=terms.price.minor,
            price_max_minor=terms.price.minor,
            currency=terms.price.currency,
            duration=terms.duration,
        )
        return view_application(deal, actor, task=task)
