"""What open listings say: known to the database whatever becomes of them, and found in order."""

import random
from functools import partial
from itertools import product
from operator import attrgetter

import pytest
import sqlalchemy as sa

from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import ApplicationView, TaskView
from marketplace.domains.deals.types import Kind as DealKind
from marketplace.domains.deals.types import Status as DealStatus
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Draft, Filters, Kind, Order, Status
from marketplace.kernel.database import database
from marketplace.kernel.money import Money
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.process import WrongState
from tests.factories.people import application, person, task
from tests.together import together

REPEATS = 25
SAID = """
    SELECT kind, unnest(tsvector_to_array(search_words)), created_at, id FROM listings WHERE status = 'open'
"""
KNOWN = "SELECT kind, word, created_at, listing_id FROM open_words"
DIFFERENT = f"({SAID} EXCEPT {KNOWN}) UNION ALL ({KNOWN} EXCEPT {SAID})"
# Some hold others, and some stand in one task.
VOCABULARY = ("oven", "ovens", "oven-glove", "lovely", "Clove", "clean", "cleaning", "éclair", "100%")
SEARCHES = {
    "clean": ["clean"],  # two words hold it
    "cleaning": ["cleaning"],
    "OVENS": ["ovens"],
    "oven": ["oven"],
    "love": ["love"],
    "ÉCLAIR": ["eclair"],
    "100": ["100"],
    "loved": ["loved"],
    "oven-gl": ["oven-gl"],
    "oven clean": ["oven", "clean"],
    "lovely cleaning": ["lovely", "cleaning"],
    "lovely LOVELY": ["lovely"],
    "ovens lovely cleaning": ["ovens", "lovely", "cleaning"],
    "ovens lovely cleaning eclair": ["ovens", "lovely", "cleaning", "eclair"],
}
# All cost the same.
ORDERS = {
    Order.NEWEST: attrgetter("created_at", "id"),
    Order.OLDEST: attrgetter("created_at", "id"),
    Order.CHEAPEST: attrgetter("id"),
    Order.DEAREST: attrgetter("id"),
}


FIRST_PAGE = PageRequest()


@pytest.fixture
def poster(app):
    return person()


@pytest.fixture
def seller(app):
    return person()


def words_of(listing):
    """What is known to be said by a listing, once nothing else is known than open listings say."""
    said = "SELECT word FROM open_words WHERE listing_id = %(id)s ORDER BY word"
    with database.autocommit.connect() as connection:
        assert connection.exec_driver_sql(DIFFERENT).all() == []
        return " ".join(connection.exec_driver_sql(said, {"id": listing.id}).scalars())


def test_what_a_task_says_is_known_while_it_is_open(poster, seller):
    other = task(poster)
    listing = task(poster, title="Paint a wall", description="A wall, blue.")
    assert words_of(listing) == "a blue paint wall"
    deals.update_task(actor=poster, task_id=listing.id, changes={"title": "Pull down a wall"})
    assert words_of(listing) == "a blue down pull wall"
    deals.update_task(actor=poster, task_id=listing.id, changes={"description": "", "city": "Giza"})
    assert words_of(listing) == "a down pull wall"
    offer = application(seller, listing)
    assert words_of(listing) == "a down pull wall"
    deals.accept(actor=poster, application_id=offer.id)
    assert words_of(listing) == ""
    deals.complete(actor=poster, task_id=listing.id)
    assert words_of(listing) == ""
    assert words_of(other) == "a assemble doors two wardrobe"


def test_what_is_cancelled_or_deleted_says_nothing(poster):
    cancelled, deleted = task(poster), task(poster)
    deals.cancel(actor=poster, task_id=cancelled.id)
    assert words_of(cancelled) == ""
    deals.delete_task(actor=poster, task_id=cancelled.id)
    deals.delete_task(actor=poster, task_id=deleted.id)
    assert words_of(cancelled) == words_of(deleted) == ""


def test_a_project_that_is_open_again_is_heard_again(poster, seller):
    draft = Draft(kind=Kind.PROPOSAL, title="A shop", description="", category_id=2, price=Money(100, "USD"))
    project = deals.post_offer(actor=poster, draft=draft).listing
    order = deals.apply_to_project(actor=seller, proposal_id=project.id).deal
    decide = partial(deals.decide_order, actor=poster, order_id=order.id, kind=DealKind.PROPOSAL_ORDER)
    assert words_of(project) == "a shop"
    decide(wanted=DealStatus.ACCEPTED)
    assert words_of(project) == ""
    decide(wanted=DealStatus.CANCELLED)
    assert words_of(project) == "a shop"


def test_a_row_that_is_changed_or_removed_by_hand_is_followed(poster, owner):
    listing = task(poster)
    for change in (
        "DELETE FROM described_tasks",
        "UPDATE listings SET created_at = created_at - interval '1 day'",
        "UPDATE listings SET kind = 'gig'",
        "UPDATE listings SET id = id + 1000, title = ''",
        "DELETE FROM listings",
    ):
        with owner.connect() as connection:
            connection.exec_driver_sql(change)
        words_of(listing)


def test_a_change_and_an_acceptance_at_once_leave_no_word_behind(poster, seller):
    for _ in range(REPEATS):
        listing = task(poster)
        offer = application(seller, listing)
        changed, accepted = together(
            partial(deals.update_task, actor=poster, task_id=listing.id, changes={"title": "Other"}),
            partial(deals.accept, actor=poster, application_id=offer.id),
        )
        assert isinstance(accepted, ApplicationView)
        assert isinstance(changed, TaskView | WrongState)
        assert words_of(listing) == ""


def test_two_changes_at_once_leave_the_words_of_both(poster):
    for number in range(REPEATS):
        listing = task(poster)
        together(
            partial(deals.update_task, actor=poster, task_id=listing.id, changes={"title": f"T{number}"}),
            partial(deals.update_task, actor=poster, task_id=listing.id, changes={"description": "Brief"}),
        )
        assert words_of(listing) == f"brief t{number}"


def test_many_who_post_the_same_words_do_not_wait_for_each_other(poster):
    posted = together(*[partial(task, poster, title="The very same words")] * 8)
    assert [words_of(listing) for listing in posted] == ["doors same the two very words"] * 8


@pytest.fixture
def crowd(poster, owner):
    """Two hundred tasks of five words, some posted at the same moment, most of them open."""
    chance = random.Random(7)
    rows = [
        {
            "owner": poster.id,
            "text": " ".join(chance.choices(VOCABULARY, k=5)),
            "status": chance.choice(["open", "open", "open", "cancelled", "deleted"]),
            "minute": chance.randrange(50),
        }
        for _ in range(200)
    ]
    posted = sa.text("""
        INSERT INTO listings (kind, owner_id, title, description, category_id, price_minor, price_max_minor,
            currency, place, city, address, status, created_at, updated_at)
        VALUES ('task', :owner, :text, '', 3, 100, 100, 'USD', 'digital', '', '', :status,
            timestamptz '2026-01-01 00:00Z' + :minute * interval '1 minute', now())""")
    learned = (
        "INSERT INTO listing_words SELECT DISTINCT unnest(tsvector_to_array(search_words)) FROM listings"
    )
    with owner.connect() as connection:
        connection.execute(posted, rows)
        connection.exec_driver_sql(learned)
        is_open = "SELECT created_at, id, search_text FROM listings WHERE status = 'open'"
        return connection.exec_driver_sql(is_open).all()


@pytest.mark.parametrize(("search", "forms"), SEARCHES.items())
def test_every_page_holds_what_reading_all_texts_would_find(crowd, search, forms):
    matching = [row for row in crowd if all(form in row.search_text for form in forms)]
    for (order, key), size in product(ORDERS.items(), (7, 30)):
        expected = sorted(matching, key=key, reverse=order in {Order.NEWEST, Order.DEAREST})
        for start in range(0, len(expected) + size, size):
            page = list_open(search, order, PageRequest(number=1 + start // size, size=size))
            assert [listing.id for listing in page.items] == [row.id for row in expected[start:][:size]]
            assert page.total == len(expected)


def test_what_was_just_posted_or_taken_is_found_or_gone(poster):
    first = task(poster, title="Tune a harpsichord")
    second = task(poster, title="Tune two harpsichords")
    assert [listing.id for listing in list_open("harpsichord").items] == [second.id, first.id]
    deals.update_task(actor=poster, task_id=second.id, changes={"title": "Tune two pianos"})
    assert [listing.id for listing in list_open("harpsichord").items] == [first.id]
    deals.cancel(actor=poster, task_id=first.id)
    assert list_open("harpsichord").items == []


def list_open(search, order=Order.NEWEST, page=FIRST_PAGE):
    filters = Filters(words=listings.words_of(search), status=Status.OPEN, order=order)
    return listings.list_listings(filters, page)
