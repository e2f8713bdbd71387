"""Taking a listing away, with the deals about it that wait for an answer."""

from sqlalchemy import update

from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import queries, rules
from marketplace.domains.deals.errors import PaidFor
from marketplace.domains.deals.events import DealCancelled, DealRemoved
from marketplace.domains.deals.models import DealRow
from marketplace.domains.deals.service.contracts import call_off_contracts
from marketplace.domains.deals.service.opening import move, told
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Kind, Listing
from marketplace.domains.payments import public as payments
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def delete_task(*, actor: Person, task_id: int) -> None:
    """Delete one's own task, unless it is under way, done or was paid for."""
    with unit_of_work() as unit:
        task = listings.lock_listing(task_id, Kind.TASK)
        listings.delete_listing(task, actors=listings.actors_towards(actor.id, task))
        chosen = queries.find_chosen(task.id)
        if chosen is not None and payments.find_latest_hold(chosen.reference) is not None:
            raise PaidFor
        for deal in queries.all_of(task.id):
            status = rules.APPLICATION.decide("remove", state=deal.status, actors={rules.HOUSE})
            unit.session.execute(update(DealRow).where(DealRow.id == deal.id).values(status=status))
            if rules.is_undecided(deal):
                unit.record(DealRemoved(**told(deal)))


def delete_offer(*, actor: Person, listing_id: int, kind: Kind) -> None:
    """Take one's own gig or project off the market; another's is as if it were not there."""
    with unit_of_work() as unit:
        listing = listings.lock_listing(listing_id, kind)
        if listing.owner_id != actor.id:
            raise listings.ListingNotFound
        take_off(unit, listing, actor=actor)


def take_off(unit: UnitOfWork, listing: Listing, *, actor: Person) -> None:
    """Delete a locked gig or project, and cancel what waits for an answer."""
    listings.delete_listing(listing, actors=listings.actors_towards(actor.id, listing))
    for deal in queries.pending_of(listing.id):
        move(unit, deal, "withdraw", {rules.HOUSE})
        unit.record(DealCancelled(**told(deal), by_id=actor.id))
        call_off_contracts(unit, deal, by_id=actor.id)
