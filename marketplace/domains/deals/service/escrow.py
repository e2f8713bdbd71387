"""The money of a deal: who may pay, release and refund it, and when. Payments moves it."""

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import policy, queries, rules
from marketplace.domains.deals.errors import (
    NotAccepted,
    NotDue,
    NothingAccepted,
    NotTogether,
    NotYourDeal,
    TooLateToRefund,
    UnknownApplication,
)
from marketplace.domains.deals.service.views import get_application
from marketplace.domains.deals.types import Deal, Kind, Side
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Listing
from marketplace.domains.payments import public as payments
from marketplace.domains.payments.public import HoldView, Intent
from marketplace.kernel.idempotency import resumable
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import unit_of_work


@resumable()
def fund(
    *,
    actor: Person,
    application_id: int | None = None,
    task_id: int | None = None,
    amount: Money | None = None,
) -> Intent:
    """Open the payment of an accepted application, named by itself or by its task, at its price or above."""
    with unit_of_work():
        deal, task = _lock_agreed(actor, application_id, task_id)
        asked = amount or deal.price
        hold_id, is_new = payments.place_hold(
            reference=deal.reference,
            subject=task.subject,
            payer_id=deal.buyer_id,
            payee_id=deal.seller_id,
            amount=asked,
            agreed=deal.price,
        )
    return payments.open_intent(hold_id=hold_id, is_new=is_new, amount=asked)


def release(*, actor: Person, hold_id: int) -> HoldView:
    """Let the freelancer have the money."""
    with unit_of_work():
        deal, _ = _lock(actor, hold_id)
        if not rules.may_be_paid(deal):
            raise NotDue
        return payments.release(actor=actor, hold_id=hold_id)


@resumable()
def refund(*, actor: Person, hold_id: int) -> HoldView:
    """Give the money back; the owner until the work is taken as done, freelancer and staff always."""
    with unit_of_work():
        _, task = _lock(actor, hold_id)
        if policy.side_of(actor.id, task) is Side.OWNER and listings.is_completed(task):
            raise TooLateToRefund
        payments.request_refund(actor=actor, hold_id=hold_id)
    return payments.get_refund(hold_id=hold_id)


def _lock(actor: Person, hold_id: int) -> tuple[Deal, Listing]:
    view = payments.get_hold(actor=actor, hold_id=hold_id, kind=Kind.APPLICATION)
    task = listings.lock_listing(_deal_of(view).listing_id, listings.Kind.TASK)
    return _deal_of(view), task


def _lock_agreed(actor: Person, application_id: int | None, task_id: int | None) -> tuple[Deal, Listing]:
    deal = _find_named(actor, application_id, task_id)
    if deal.buyer_id != actor.id:
        raise NotYourDeal
    accounts.keep(actor, other_id=deal.seller_id)
    task = listings.lock_listing(deal.listing_id, listings.Kind.TASK)
    deal = get_application(deal.id)
    if not rules.may_be_paid(deal):
        raise NotAccepted
    return deal, task


def _find_named(actor: Person, application_id: int | None, task_id: int | None) -> Deal:
    if application_id is not None:
        deal = queries.find_deal(application_id)
        if deal is None or not rules.is_application(deal):
            raise UnknownApplication
        if task_id is not None and deal.listing_id != task_id:
            raise NotTogether
        return deal
    task = listings.find_listing(task_id or 0)
    if task is None or task.kind is not listings.Kind.TASK:
        raise NothingAccepted("There is no such task.")
    if task.owner_id != actor.id:
        raise NotYourDeal
    chosen = queries.find_chosen(task.id)
    if chosen is None:
        raise NothingAccepted
    return chosen


def _deal_of(view: HoldView) -> Deal:
    return get_application(int(view.hold.reference.rpartition(":")[2]))
