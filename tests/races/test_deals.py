"""Commands that race themselves: real threads on real PostgreSQL, fifty times each."""

from functools import partial

import pytest

from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import AlreadyApplied
from marketplace.domains.deals.public import ApplicationView, Terms
from marketplace.domains.deals.types import Kind, Status
from marketplace.domains.listings.public import Draft
from marketplace.domains.listings.public import Kind as Offered
from marketplace.kernel.money import Money
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.process import WrongState
from tests.factories.people import application, person, task
from tests.together import together

REPEATS = 50
CROWD = 8


@pytest.fixture
def crowd(app):
    return [person() for _ in range(CROWD)]


def test_of_eight_accepts_of_one_task_exactly_one_wins(app, crowd):
    owner = person()
    for _ in range(REPEATS):
        listing = task(owner)
        offers = [application(seller, listing) for seller in crowd]
        results = together(*(partial(deals.accept, actor=owner, application_id=offer.id) for offer in offers))
        winners = [result for result in results if isinstance(result, ApplicationView)]
        assert len(winners) == 1
        assert all(isinstance(result, WrongState) for result in results if result not in winners)
        page = deals.list_applications(actor=owner, task_id=listing.id, page=PageRequest())
        statuses = sorted(view.deal.status for view in page.items)
        assert statuses == ["accepted"] + ["rejected"] * (CROWD - 1)
        seen = deals.get_task(viewer=owner, task_id=listing.id)
        assert seen.assignee.id == winners[0].deal.seller_id
        assert seen.listing.deals_count == CROWD


def test_of_eight_applications_of_one_person_exactly_one_is_made(app):
    owner, seller = person(), person()
    terms = Terms(proposal="I can", price=Money(12_000, "USD"))
    for _ in range(REPEATS):
        listing = task(owner)
        results = together(*[partial(deals.apply, actor=seller, task_id=listing.id, terms=terms)] * CROWD)
        assert sum(isinstance(result, ApplicationView) for result in results) == 1
        assert sum(isinstance(result, AlreadyApplied) for result in results) == CROWD - 1
        assert deals.get_task(viewer=None, task_id=listing.id).listing.deals_count == 1


def test_who_decides_is_answered_what_they_decided_whatever_comes_next(app):
    owner, seller = person(), person()
    draft = Draft(
        kind=Offered.PROPOSAL, title="A shop", description="", category_id=2, price=Money(100, "USD")
    )
    for _ in range(REPEATS):
        project = deals.post_offer(actor=owner, draft=draft).listing
        order = deals.apply_to_project(actor=seller, proposal_id=project.id).deal
        decide = partial(deals.decide_order, order_id=order.id, kind=Kind.PROPOSAL_ORDER)
        accepted, cancelled = together(
            partial(decide, actor=owner, wanted=Status.ACCEPTED),
            partial(decide, actor=seller, wanted=Status.CANCELLED),
        )
        assert isinstance(accepted, WrongState) or accepted.status == Status.ACCEPTED
        assert isinstance(cancelled, WrongState) or cancelled.status == Status.CANCELLED


def test_accept_and_cancel_and_apply_at_once_leave_one_story(app, crowd):
    owner = person()
    for _ in range(REPEATS):
        listing = task(owner)
        offer = application(crowd[0], listing)
        terms = Terms(proposal="I can", price=Money(12_000, "USD"))
        together(
            partial(deals.accept, actor=owner, application_id=offer.id),
            partial(deals.cancel, actor=owner, task_id=listing.id),
            partial(deals.apply, actor=crowd[1], task_id=listing.id, terms=terms),
        )
        seen = deals.get_task(viewer=owner, task_id=listing.id).listing
        page = deals.list_applications(actor=owner, task_id=listing.id, page=PageRequest())
        assert seen.status == "cancelled"
        assert {view.deal.status for view in page.items} <= {"rejected", "cancelled"}
