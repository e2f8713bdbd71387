"""Applying to a task."""

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.deals import policy, rules
from marketplace.domains.deals.errors import AlreadyApplied, OwnTask
from marketplace.domains.deals.events import ApplicationSubmitted
from marketplace.domains.deals.models import DealRow
from marketplace.domains.deals.service.views import ApplicationView, get_deal, view_application
from marketplace.domains.deals.types import Kind, Terms
from marketplace.domains.listings import public as listings
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work


def apply(*, actor: Person, task_id: int, terms: Terms) -> ApplicationView:
    """Apply to an open task of somebody else's, once."""
    with unit_of_work() as unit:
        accounts.keep(actor, Role.FREELANCER)
        task = listings.lock_task(task_id)
        if task.owner_id == actor.id:
            raise OwnTask
        listings.TASK.decide("apply", state=task.status, actors=policy.roles_towards_listing(actor.id, task))
        row = DealRow(
            kind=Kind.APPLICATION,
            listing_id=task.id,
            buyer_id=task.owner_id,
            seller_id=actor.id,
            proposal=terms.proposal,
            price_minor=terms.price.minor,
            currency=terms.price.currency,
            duration=terms.duration,
            status=rules.APPLICATION.initial,
            created_at=clock.now(),
        )
        unit.session.add(row)
        unit.flush({"uq_deals_one_application": AlreadyApplied})
        listings.count_deal(task.id)
        unit.record(
            ApplicationSubmitted(
                application_id=row.id,
                task_id=task.id,
                title=task.title,
                owner_id=task.owner_id,
                freelancer_id=actor.id,
            )
        )
        return view_application(get_deal(row.id), actor)
