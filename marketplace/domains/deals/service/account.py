"""What somebody does with their own account, where others may count on them."""

from collections.abc import Collection

from sqlalchemy import delete

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Account, AccountChanges, Person, Role
from marketplace.domains.deals import queries, rules
from marketplace.domains.deals.errors import StillAtWork, StillClient, StillFreelancer
from marketplace.domains.deals.events import DealCancelled, DealWithdrawn
from marketplace.domains.deals.models import DealRow
from marketplace.domains.deals.service.contracts import call_off_contracts
from marketplace.domains.deals.service.decide import call_off
from marketplace.domains.deals.service.delete import take_off
from marketplace.domains.deals.service.opening import move, told
from marketplace.domains.deals.types import Deal, Kind
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing
from marketplace.domains.payments import public as payments
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.public import Changes, FileChange, Introduced
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def change_account(*, actor: Person, changes: AccountChanges, avatar: FileChange | None = None) -> Account:
    """Change the actor's account; refuses to give up a role while somebody counts on it."""
    stored = profiles.receive_avatar(avatar) if avatar else None
    with unit_of_work():
        given_up = accounts.change(actor=actor, changes=changes)
        if Role.CLIENT in given_up and _has_posted(actor, Role.CLIENT):
            raise StillClient
        if Role.FREELANCER in given_up and (
            queries.has_unfinished(seller_id=actor.id) or _has_posted(actor, Role.FREELANCER)
        ):
            raise StillFreelancer
        if avatar is not None:
            profiles.wear_avatar(actor=actor, stored=stored)
        return accounts.get_account(person_id=actor.id)


def introduce(
    *, actor: Person, account: AccountChanges, skill_ids: Collection[int] | None, changes: Changes
) -> Introduced:
    """Store what the actor tells of themselves, their roles and their city included, or nothing of it."""
    with unit_of_work():
        change_account(actor=actor, changes=account)
        return profiles.introduce(actor=actor, skill_ids=skill_ids, changes=changes)


def delete_account(*, actor: Person, password: str | None, is_confirmed: bool = False) -> None:
    """Delete the actor's account, unless work or money stands between them and somebody else.

    Their open listings are called off, their undecided deals removed or cancelled, and all that is known of
    them is forgotten; what they did with others stays under no name. Locked are first they, then listings,
    then payments: what others begin meanwhile waits, and then finds nobody to do it with.
    """
    proven = accounts.confirm_leaving(actor=actor, password=password, is_confirmed=is_confirmed)
    with unit_of_work() as unit:
        accounts.begin_leaving(actor=actor, proven=proven)
        applied = {deal.listing_id for deal in queries.undecided_of(actor.id)}
        locked = listings.lock_listings(applied | listings.unfinished_of(actor.id))
        if queries.has_work_under_way(actor.id):
            raise StillAtWork
        payments.leave(person_id=actor.id)
        for listing in locked:
            if listing.owner_id == actor.id and listings.is_unfinished(listing):
                _take_back(unit, listing, actor)
        for deal in queries.undecided_of(actor.id):
            _withdraw(unit, deal, actor)
        listings.forget_person(person_id=actor.id)
        profiles.forget_person(person_id=actor.id)
        accounts.erase(actor=actor)


def _has_posted(actor: Person, role: Role) -> bool:
    """Whether what somebody posted in a role still stands."""
    return listings.has_unfinished(owner_id=actor.id, kinds=listings.kinds_of(role))


def _take_back(unit: UnitOfWork, listing: Listing, actor: Person) -> None:
    if listing.kind is listings.Kind.TASK:
        call_off(unit, listing, actor=actor)
    else:
        take_off(unit, listing, actor=actor)


def _withdraw(unit: UnitOfWork, deal: Deal, actor: Person) -> None:
    """Let an application go without a trace; an order that others know of is cancelled."""
    if deal.kind is not Kind.APPLICATION:
        move(unit, deal, "withdraw", {rules.HOUSE})
        unit.record(DealCancelled(**told(deal), by_id=actor.id))
        call_off_contracts(unit, deal, by_id=actor.id)
        return
    unit.session.execute(delete(DealRow).where(DealRow.id == deal.id))
    listings.count_deals({deal.listing_id: -1})
    unit.record(DealWithdrawn(**told(deal)))
