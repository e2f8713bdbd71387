"""Changing and deleting tasks while others do something with them: real threads, fifty times each."""

from functools import partial

import pytest

from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import NotAccepted, PaidFor, UnknownApplication
from marketplace.domains.deals.public import ApplicationView, TaskView, Terms
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.errors import NotDeletable, UnknownTask
from marketplace.domains.listings.public import ListingNotFound
from marketplace.domains.messaging import public as messaging
from marketplace.domains.notifications import public as notifications
from marketplace.domains.notifications.public import Filter
from marketplace.domains.payments import public as payments
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import Money
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.process import WrongState
from marketplace.providers import stripe
from tests.factories.payments import FakeProvider
from tests.factories.people import application, person, task
from tests.together import together

REPEATS = 50
TERMS = Terms(proposal="I can", price=Money(12_000, "USD"))


@pytest.fixture
def poster(app):
    return person()


@pytest.fixture
def seller(app):
    return person()


def view(listing, viewer):
    try:
        return deals.get_task(viewer=viewer, task_id=listing.id).listing
    except ListingNotFound:
        return None


def nothing_contradicts():
    return deals.find_contradictions() == []


def test_a_change_and_an_acceptance_at_once_never_change_what_was_accepted(poster, seller):
    for _ in range(REPEATS):
        listing = task(poster)
        offer = application(seller, listing)
        changed, accepted = together(
            partial(deals.update_task, actor=poster, task_id=listing.id, changes={"title": "Other"}),
            partial(deals.accept, actor=poster, application_id=offer.id),
        )
        assert isinstance(accepted, ApplicationView)
        seen = view(listing, poster)
        assert (seen.status, seen.title) == ("in_progress", accepted.task.listing.title)
        assert isinstance(changed, TaskView if seen.title == "Other" else WrongState)


def test_two_changes_at_once_both_stand(poster):
    for number in range(REPEATS):
        listing = task(poster)
        together(
            partial(deals.update_task, actor=poster, task_id=listing.id, changes={"title": f"T{number}"}),
            partial(deals.update_task, actor=poster, task_id=listing.id, changes={"city": f"C{number}"}),
        )
        seen = view(listing, poster)
        assert (seen.title, seen.city) == (f"T{number}", f"C{number}")


def test_a_deletion_and_an_application_at_once_leave_no_application_to_nothing(poster, seller):
    for _ in range(REPEATS):
        listing = task(poster)
        deleted, applied = together(
            partial(deals.delete_task, actor=poster, task_id=listing.id),
            partial(deals.apply, actor=seller, task_id=listing.id, terms=TERMS),
        )
        assert deleted is None
        assert isinstance(applied, ApplicationView | ListingNotFound)
        assert view(listing, poster) is None
    assert deals.list_my_applications(actor=seller, page=PageRequest()).total == 0
    assert nothing_contradicts()
    for somebody in (poster, seller):
        page = notifications.list_notifications(
            person_id=somebody.id, wanted=Filter(), request=PageRequest(size=100)
        )
        assert [told for told in page.items if told.data] == []


def test_a_deletion_and_an_acceptance_at_once_let_one_win(poster, seller):
    for _ in range(REPEATS):
        listing = task(poster)
        offer = application(seller, listing)
        deleted, accepted = together(
            partial(deals.delete_task, actor=poster, task_id=listing.id),
            partial(deals.accept, actor=poster, application_id=offer.id),
        )
        if deleted is None:
            assert isinstance(accepted, DomainError)
            assert view(listing, poster) is None
        else:
            assert isinstance(deleted, NotDeletable)
            assert view(listing, poster).status == "in_progress"
    assert nothing_contradicts()


def test_of_two_deletions_one_finds_nothing(poster):
    for _ in range(REPEATS):
        listing = task(poster)
        results = together(*[partial(deals.delete_task, actor=poster, task_id=listing.id)] * 2)
        assert {type(result) for result in results} == {ListingNotFound, type(None)}


def test_a_deletion_and_a_payment_at_once_never_leave_a_payment_for_nothing(poster, seller):
    with stripe.replaced(FakeProvider()):
        for _ in range(REPEATS):
            listing = task(poster)
            offer = application(seller, listing)
            deals.accept(actor=poster, application_id=offer.id)
            paid, deleted = together(
                partial(deals.fund, actor=poster, application_id=offer.id),
                partial(_cancel_and_delete, poster, listing.id),
            )
            hold = payments.find_latest_hold(offer.reference)
            if deleted is None:
                assert isinstance(paid, NotAccepted | UnknownApplication | ListingNotFound)
                assert hold is None
            else:
                assert isinstance(deleted, PaidFor)
                assert hold is not None
                assert view(listing, poster).status == "cancelled"
    assert nothing_contradicts()


def _cancel_and_delete(poster, task_id):
    deals.cancel(actor=poster, task_id=task_id)
    deals.delete_task(actor=poster, task_id=task_id)


def test_a_deletion_and_a_conversation_at_once_leave_no_conversation_about_nothing(poster, seller):
    for _ in range(REPEATS):
        listing = task(poster)
        _, opened = together(
            partial(deals.delete_task, actor=poster, task_id=listing.id),
            partial(listings.talk_about, actor=seller, participant_id=poster.id, task_id=listing.id),
        )
        if not isinstance(opened, UnknownTask):
            conversation, is_new = opened
            assert is_new
            seen = messaging.get_conversation(person_id=seller.id, room_id=conversation.id)
            assert seen.subject is None


def test_a_deletion_and_a_mark_at_once_leave_no_mark(poster, seller):
    for _ in range(REPEATS):
        listing = task(poster)
        together(
            partial(deals.delete_task, actor=poster, task_id=listing.id),
            partial(listings.save, actor=seller, task_id=listing.id, wanted=True),
        )
    assert listings.list_saved(seller.id, PageRequest()).total == 0
