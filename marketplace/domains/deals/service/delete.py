"""Taking a task away, with the applications to it."""

from sqlalchemy import update

from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import policy, queries, rules
from marketplace.domains.deals.errors import PaidFor
from marketplace.domains.deals.events import ApplicationRemoved
from marketplace.domains.deals.models import DealRow
from marketplace.domains.listings import public as listings
from marketplace.domains.payments import public as payments
from marketplace.kernel.unit_of_work import unit_of_work


def delete_task(*, actor: Person, task_id: int) -> None:
    """Delete one's own task, unless it is under way, done or was paid for."""
    with unit_of_work() as unit:
        task = listings.lock_task(task_id)
        listings.delete_task(task, actors=policy.roles_towards_listing(actor.id, task))
        chosen = queries.find_chosen(task.id)
        if chosen is not None and payments.find_latest_hold(chosen.reference) is not None:
            raise PaidFor
        for deal in queries.all_of(task.id):
            status = rules.APPLICATION.decide("remove", state=deal.status, actors={rules.HOUSE})
            unit.session.execute(update(DealRow).where(DealRow.id == deal.id).values(status=status))
            if rules.is_undecided(deal):
                unit.record(
                    ApplicationRemoved(
                        application_id=deal.id,
                        task_id=task.id,
                        title=task.title,
                        owner_id=deal.buyer_id,
                        freelancer_id=deal.seller_id,
                    )
                )
