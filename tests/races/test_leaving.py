"""Deleting an account while others count on its owner, or pay them: real threads on real PostgreSQL."""

from functools import partial

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.errors import PersonGone
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import ApplicationNotFound, StillAtWork
from marketplace.domains.deals.public import ApplicationView, TaskView, Terms
from marketplace.domains.listings.public import Draft, Kind
from marketplace.domains.messaging import public as messaging
from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import MoneyInEscrow, MoneyInWallet
from marketplace.domains.payments.public import HoldView, Intent, Withdrawal
from marketplace.kernel import relay
from marketplace.kernel.database import database
from marketplace.kernel.money import Money
from marketplace.kernel.process import WrongState
from marketplace.kernel.tokens import TokenNotValid
from marketplace.providers import stripe
from tests.factories.payments import FakeProvider, enable, hear, person
from tests.factories.people import application, task
from tests.together import together

REPEATS = 20
DRAFT = Draft(
    kind=Kind.TASK, title="Paint a fence", description="Blue.", category_id=6, price=Money(10_000, "USD")
)
TERMS = Terms(proposal="I can", price=Money(12_000, "USD"))


@pytest.fixture(autouse=True)
def provider(app):
    """A provider in memory instead of Stripe; the house is in order when the story is over."""
    fake = FakeProvider()
    with stripe.replaced(fake):
        yield fake
        relay.sweep()
        assert deals.find_contradictions() == []
        assert list(payments.verify()) == []
    # what is left in the books is what is left at the provider
    query = sa.text("SELECT coalesce(sum(balance_minor), 0) FROM ledger_accounts WHERE purpose <> 'provider'")
    with database.autocommit.connect() as connection:
        assert connection.scalar(query) == fake.total()


def leave(who):
    deals.delete_account(actor=who, password=None, is_confirmed=True)


def has_left(who):
    return accounts.has_left(accounts.get_account(person_id=who.id).status)


def completed(owner, seller):
    """A task that is done, and nobody has paid for it."""
    offer = application(seller, task(owner))
    deals.accept(actor=owner, application_id=offer.id)
    deals.complete(actor=owner, task_id=offer.listing_id)
    return offer


def paid(provider, owner, seller):
    """The same, with the money in escrow."""
    intent = deals.fund(actor=owner, application_id=completed(owner, seller).id)
    hear(provider.pay(intent.reference))
    return intent.hold.id


def earned(provider, owner, seller):
    """The same, with the money in the seller's wallet, and a bank to have it paid out to."""
    deals.release(actor=owner, hold_id=paid(provider, owner, seller))
    enable(provider, seller)
    return Money(12_000, "USD")


def withdrawn(provider, owner, seller):
    """The same, with the money on its way to the bank."""
    payments.withdraw(actor=seller, amount=earned(provider, owner, seller))
    relay.sweep()
    return next(reversed(provider.payouts))


def test_who_is_chosen_at_this_moment_stays_or_is_not_chosen():
    owner = person()
    for _ in range(REPEATS):
        seller = person()
        offer = application(seller, task(owner))
        left, chosen = together(
            partial(leave, seller), partial(deals.accept, actor=owner, application_id=offer.id)
        )
        if has_left(seller):
            assert isinstance(chosen, ApplicationNotFound)
            assert deals.get_task(viewer=owner, task_id=offer.listing_id).listing.deals_count == 0
        else:
            assert isinstance(left, StillAtWork)
            assert isinstance(chosen, ApplicationView)


def test_who_chooses_at_this_moment_stays_or_chooses_nobody():
    seller = person()
    for _ in range(REPEATS):
        owner = person()
        offer = application(seller, task(owner))
        left, chosen = together(
            partial(leave, owner), partial(deals.accept, actor=owner, application_id=offer.id)
        )
        if has_left(owner):
            assert isinstance(chosen, WrongState)
        else:
            assert isinstance(left, StillAtWork)
            assert isinstance(chosen, ApplicationView)


def test_nobody_applies_while_they_leave_or_to_somebody_who_has_left():
    for _ in range(REPEATS):
        owner, seller, other = person(), person(), person()
        listing = task(owner)
        left, _, left_too, _ = together(
            partial(leave, seller),
            partial(deals.apply, actor=seller, task_id=listing.id, terms=TERMS),
            partial(leave, owner),
            partial(deals.apply, actor=other, task_id=listing.id, terms=TERMS),
        )
        assert (left, left_too) == (None, None)
        assert deals.get_task(viewer=None, task_id=listing.id).listing.status == "cancelled"
        assert deals.find_contradictions() == []


def test_nobody_posts_a_task_and_leaves():
    for _ in range(REPEATS):
        owner = person()
        _, posted = together(partial(leave, owner), partial(deals.post_task, actor=owner, draft=DRAFT))
        assert has_left(owner)
        assert isinstance(posted, TaskView | TokenNotValid)
        assert deals.find_contradictions() == []


def test_two_who_wait_for_each_other_leave_at_once():
    for _ in range(REPEATS):
        one, other = person(), person()
        for owner, seller in ((one, other), (other, one)):
            application(seller, task(owner))
            application(seller, task(owner))
        assert together(partial(leave, one), partial(leave, other)) == [None, None]


def test_of_four_who_delete_one_account_one_does():
    who = person()
    results = together(*[partial(leave, who)] * 4)
    assert results.count(None) == 1
    assert sum(isinstance(result, TokenNotValid) for result in results) == 3


@pytest.mark.parametrize("leaver", ["owner", "seller"])
def test_a_payment_that_is_opened_while_one_side_leaves_takes_no_money(provider, leaver):
    for _ in range(REPEATS):
        owner, seller = person(), person()
        offer = completed(owner, seller)
        left, funded = together(
            partial(leave, owner if leaver == "owner" else seller),
            partial(deals.fund, actor=owner, application_id=offer.id),
        )
        assert left is None
        if isinstance(funded, Intent):
            hear(provider.pay(funded.reference))
        hold = payments.find_latest_hold(offer.reference)
        if hold is not None:
            relay.sweep()
            assert payments.find_hold(hold.id).status in {"cancelled", "refunded"}
        with pytest.raises(TokenNotValid if leaver == "owner" else PersonGone):
            deals.fund(actor=owner, application_id=offer.id)


@pytest.mark.parametrize("leaver", ["owner", "seller"])
@pytest.mark.parametrize("has_failed_before", [False, True])
def test_a_payment_that_arrives_while_one_side_leaves_goes_back_or_keeps_them(
    provider, leaver, has_failed_before
):
    outcomes = set()
    for _ in range(REPEATS):
        owner, seller = person(), person()
        intent = deals.fund(actor=owner, application_id=completed(owner, seller).id)
        if has_failed_before:
            hear(provider.told("payment_intent.payment_failed", intent.reference))
        who = owner if leaver == "owner" else seller
        left, _ = together(partial(leave, who), partial(hear, provider.pay(intent.reference)))
        relay.sweep()
        hold = payments.find_hold(intent.hold.id)
        if has_left(who):
            assert hold.status == "refunded"
        else:
            assert isinstance(left, MoneyInEscrow)
            assert hold.status == "held"
        outcomes.add(hold.status)
    assert outcomes <= {"refunded", "held"}


def test_a_payment_that_the_provider_had_given_up_goes_back_when_it_arrives_after_all(provider):
    owner, seller = person(), person()
    intent = deals.fund(actor=owner, application_id=completed(owner, seller).id)
    hear(provider.told("payment_intent.canceled", intent.reference))
    leave(seller)
    hear(provider.pay(intent.reference))
    relay.sweep()
    assert payments.find_hold(intent.hold.id).status == "refunded"


def test_money_that_is_released_at_this_moment_keeps_its_owner(provider):
    for _ in range(REPEATS):
        owner, seller = person(), person()
        hold_id = paid(provider, owner, seller)
        left, released = together(
            partial(leave, seller), partial(deals.release, actor=owner, hold_id=hold_id)
        )
        assert isinstance(left, MoneyInEscrow | MoneyInWallet)
        assert isinstance(released, HoldView)


def test_money_that_is_withdrawn_at_this_moment_keeps_its_owner(provider):
    for _ in range(REPEATS):
        seller = person()
        amount = earned(provider, person(), seller)
        left, asked = together(
            partial(leave, seller), partial(payments.withdraw, actor=seller, amount=amount)
        )
        assert isinstance(left, MoneyInWallet)
        assert isinstance(asked, Withdrawal)


@pytest.mark.parametrize("outcome", ["paid", "failed"])
def test_a_bank_that_answers_at_this_moment_decides(provider, outcome):
    for _ in range(REPEATS):
        seller = person()
        payout = withdrawn(provider, person(), seller)
        left, _ = together(partial(leave, seller), partial(hear, provider.settle(payout, outcome)))
        relay.sweep()
        if outcome == "failed":
            assert isinstance(left, MoneyInWallet)
        else:
            assert has_left(seller) is (left is None)
            assert left is None or isinstance(left, MoneyInWallet)


def test_whoever_leaves_leaves_an_empty_inbox():
    sara = person()
    for _ in range(REPEATS):
        omar = person()
        room, _ = messaging.open_direct(actor=sara, participant_id=omar.id)
        together(
            partial(leave, omar),
            *[partial(messaging.send, actor=sara, room_id=room.id, body="Are you there?")] * 3,
        )
        relay.sweep()
        with database.autocommit.connect() as connection:
            query = sa.text("SELECT count(*) FROM notifications WHERE person_id = :id")
            assert connection.scalar(query, {"id": omar.id}) == 0
