"""Who applies at the same moment applies in one transaction."""

import random
from functools import partial

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts.public import Role, RoleRequired
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import AlreadyApplied, OwnTask
from marketplace.domains.deals.public import ApplicationView, Terms
from marketplace.domains.deals.service import apply as applying
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import ListingNotFound
from marketplace.domains.notifications.models import NotificationRow
from marketplace.kernel.money import Money
from marketplace.kernel.process import WrongState
from marketplace.kernel.reading import reading
from marketplace.kernel.tokens import TokenNotValid
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.people import application, person, task
from tests.query_count import counted_queries
from tests.together import together

CROWD = 6
ROUNDS = 10


def apply_together(*asked):
    """Apply together, each a person, a task's id and a price: the listings and prices, or the refusals."""
    answers = applying._apply_together([application_of(*each) for each in asked])
    return [
        type(answer)
        if isinstance(answer, Exception)
        else (answer.deal.listing_id, answer.seller.id, answer.deal.price.minor)
        for answer in answers
    ]


def application_of(actor, task_id, minor=12_000):
    terms = Terms(proposal="I can", price=Money(minor, "USD"))
    return applying._Application(actor=actor, task_id=task_id, terms=terms)


@pytest.fixture
def poster(app):
    return person(Role.CLIENT)


def test_each_application_stands_on_its_own_terms(poster):
    one, other, (karim, omar) = task(poster), task(poster), (person(), person())
    made = apply_together((karim, one.id, 100), (omar, one.id, 200), (karim, other.id, 300))
    assert made == [(one.id, karim.id, 100), (one.id, omar.id, 200), (other.id, karim.id, 300)]
    counts = [deals.get_task(viewer=None, task_id=id_).listing.deals_count for id_ in (one.id, other.id)]
    assert counts == [2, 1]
    assert deals.find_contradictions() == []


def test_who_may_not_apply_is_refused_and_holds_up_nobody(poster):
    open_one, closed, karim = task(poster), task(poster), person()
    application(karim, closed)
    deals.cancel(actor=poster, task_id=closed.id)
    barred, only_client, twice = person(), person(Role.CLIENT), person()
    with unit_of_work() as unit:
        unit.session.execute(
            sa.text("UPDATE users SET status = 'suspended' WHERE id = :id"), {"id": barred.id}
        )
    owner_and_freelancer = person()
    own = task(owner_and_freelancer)
    made = apply_together(
        (barred, open_one.id),
        (only_client, open_one.id),
        (twice, open_one.id, 1),
        (karim, 4711),
        (karim, closed.id),
        (owner_and_freelancer, own.id),
        (twice, open_one.id, 2),
        (karim, open_one.id, 3),
    )
    assert made == [
        TokenNotValid,
        RoleRequired,
        (open_one.id, twice.id, 1),
        ListingNotFound,
        WrongState,
        OwnTask,
        AlreadyApplied,
        (open_one.id, karim.id, 3),
    ]
    assert apply_together((barred, open_one.id), (karim, 4711)) == [TokenNotValid, ListingNotFound]


def test_each_sees_what_is_theirs(poster):
    listing, karim, omar = task(poster), person(), person()
    listings.save(actor=karim, task_id=listing.id)
    asked = [application_of(karim, listing.id), application_of(omar, listing.id)]
    seen = applying._apply_together(asked)
    assert [(view.task.viewer_id, view.task.is_saved, view.task.has_applied) for view in seen] == [
        (karim.id, True, True),
        (omar.id, False, True),
    ]
    assert {view.task.owner.id for view in seen} == {poster.id}
    assert [view.task.side for view in seen] == [None, None]


def test_many_cost_no_more_questions_than_one(poster):
    people, tasks = [person() for _ in range(4)], [task(poster) for _ in range(4)]
    apply_together((people[0], tasks[0].id))
    with counted_queries() as of_one:
        apply_together((people[0], tasks[1].id))
    with counted_queries() as of_many:
        apply_together(*((who, listing.id) for who in people for listing in tasks[2:]))
    assert len(of_many) == len(of_one)


def test_a_crowd_applies_to_everything_at_once(poster):
    """Every pair is made once, every owner is told of each, whatever the company they happened to come in."""
    crowd = [person() for _ in range(CROWD)]
    for _ in range(ROUNDS):
        tasks = [task(poster) for _ in range(3)]
        terms = Terms(proposal="I can", price=Money(12_000, "USD"))
        pairs = [(who, listing) for who in crowd for listing in tasks] * 2
        random.shuffle(pairs)
        results = together(
            *(partial(deals.apply, actor=who, task_id=listing.id, terms=terms) for who, listing in pairs)
        )
        made = [
            (view.seller.id, view.deal.listing_id) for view in results if isinstance(view, ApplicationView)
        ]
        assert sorted(made) == sorted((who.id, listing.id) for who in crowd for listing in tasks)
        refused = [result for result in results if not isinstance(result, ApplicationView)]
        assert {type(result) for result in refused} == {AlreadyApplied}
    with reading() as connection:
        told = connection.scalar(sa.select(sa.func.count()).where(NotificationRow.person_id == poster.id))
    assert told == ROUNDS * CROWD * 3
    assert deals.find_contradictions() == []
