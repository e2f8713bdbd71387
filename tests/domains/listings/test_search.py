"""Searching for words on the real PostgreSQL."""

from functools import partial

import pytest
import sqlalchemy as sa

from marketplace.domains.deals import public as deals
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Filters, Order, Status
from marketplace.kernel.database import database
from marketplace.kernel.money import Money
from marketplace.kernel.pages import PageRequest
from tests.factories.people import person, task
from tests.query_count import counted_queries, sent_statements

TEXTS = (
    ("Assemble a wardrobe", "Two doors, oak. All parts and tools are here."),
    ("Paint the living room", "About 25 m², the colour is café au lait."),
    ("Ménage complet", "Nettoyage d’un appartement à Oran, 3 pièces."),
    ("تركيب خزانة", "خزانة ملابس كبيرة في غرفة النوم"),
    ("Mount a TV-set", "A 55-inch TV, the wall is of brick. 100% careful, pure_water."),
    ("Port a C++ library", "From C# and .NET; see a\\b and it's quoted."),
    ("Repair wardrobes", "Three of them, in 2024."),
)


@pytest.fixture
def poster(app):
    return person()


@pytest.fixture
def shelf(poster):
    """Tasks of these texts, in this order."""
    return [task(poster, title=title, description=text) for title, text in TEXTS]


@pytest.fixture
def find(shelf):
    """A function that answers which texts are found, newest first, by their number."""

    def find(search, **filters):
        wanted = Filters(words=listings.words_of(search), **filters)
        page = listings.list_listings(wanted, PageRequest(size=100))
        assert page.total == len(page.items)
        return [listing.id - shelf[0].id for listing in page.items]

    return find


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("WARDROBE", [6, 0]),
        ("wardrobe doors", [0]),
        ("doors wardrobe OAK", [0]),
        ("ardrob", [6, 0]),
        ("wardrobe paint", []),
        ("menage", [2]),
        ("MÉNAGE pieces", [2]),
        ("cafe", [1]),
        ("CAFÉ", [1]),
        ("خزانة", [3]),
        ("زانة ملابس", [3]),
        ("tv", [4]),
        ("tv-s", [4]),
        ("c++", [5]),
        ("c#", [5]),
        (".net", [5]),
        ("100%", [4]),
        ("0%", []),
        ("%", [4]),
        ("_", [4]),
        ("pure_wat", [4]),
        ("purexwat", []),
        ("re_wa", []),
        ("a\\b", [5]),
        ("it's", [5]),
        ("2024", [6]),
        ("m²", [1]),
        ("25", [1]),
        ("d’un", [2]),
        ("it’s", [5]),
    ],
)
def test_every_word_must_occur_whatever_its_case_and_accents(find, search, found):
    assert find(search) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("wardrbe", [6, 0]),
        ("wardorbe", [6, 0]),
        ("wardrobbe", [6, 0]),
        ("wardrbe doors", [0]),
        ("wardrbe doosr", [0]),
        ("livign rom", []),
        ("livign room", [1]),
        ("nettoyaeg", [2]),
        ("NÉTTOYAEG", [2]),
        ("appartemant", [2]),
        ("liberary", [5]),
        ("خزاقة", [3]),
        ("wardrobe-dors", []),
        ("wardorbe-doors", [0]),
    ],
)
def test_a_word_that_occurs_nowhere_is_taken_for_a_misspelt_one(find, search, found):
    assert find(search) == found


@pytest.mark.parametrize(
    "search",
    ["giraffe", "wardrobe giraffe", "wardrbe giraffe", "2025", "dor", "xyzzy", "wadorbee", "q" * 200, "t_v"],
)
def test_what_is_like_nothing_finds_nothing(find, search):
    assert find(search) == []


@pytest.mark.parametrize(
    "search",
    [
        "'",
        "''; DROP TABLE listings; --",
        "a & b | !c:*",
        "'wardrobe' | 'paint'",
        "\\",
        "\\\\'",
        ":words",
        "%(words)s",
        "%s",
        "((((",
        "\u0301",
        "🛠",
        "ﷺ",
        "a" * 200,
        " ".join("abcdefghijkl"),
        "-".join("abcdefghijklmnop"),
    ],
)
def test_no_search_is_more_than_words(find, search):
    assert set(find(search)) <= set(range(len(TEXTS)))


def test_one_who_misspelt_a_word_in_a_task_finds_that_task_alone(find, poster):
    odd = task(poster, title="Move a wardrbe")
    page = listings.list_listings(Filters(words=("wardrbe",)), PageRequest())
    assert [listing.id for listing in page.items] == [odd.id]


def test_words_that_occur_apart_are_not_taken_for_misspelt_ones(find):
    assert find("wardrobe living") == []
    assert find("wardrobe", status=Status.COMPLETED) == []


def test_filters_and_orders_hold_for_what_was_meant_too(find, poster, shelf):
    cheap = task(poster, title="Sell a wardrobe", price=Money(500, "USD"))
    assert find("wardorbe", max_price_minor=500) == [cheap.id - shelf[0].id]
    assert find("wardorbe", order=Order.CHEAPEST)[0] == cheap.id - shelf[0].id
    assert find("wardorbe", order=Order.OLDEST)[-1] == cheap.id - shelf[0].id


def test_pages_of_what_was_meant_are_whole(find, poster):
    for _ in range(11):
        task(poster, title="Wax a wardrobe")
    pages = [
        listings.list_listings(words("wardorbe"), PageRequest(number=number, size=5))
        for number in (1, 2, 3, 4)
    ]
    assert [(page.total, len(page.items)) for page in pages] == [(13, 5), (13, 5), (13, 3), (13, 0)]
    assert len({listing.id for page in pages for listing in page.items}) == 13


def test_whether_there_is_a_next_page_is_never_old(poster, shelf):
    def page(number, size):
        found = listings.list_listings(Filters(owner_id=poster.id), PageRequest(number=number, size=size))
        return len(found.items), found.has_next, found.is_out_of_range

    assert [page(1, 7), page(1, 3), page(3, 3), page(2, 7)] == [
        (7, False, False),
        (3, True, False),
        (1, False, False),
        (0, False, True),
    ]
    added = task(poster)
    assert [page(1, 7), page(2, 7), page(2, 4)] == [(7, True, False), (1, False, False), (4, False, False)]
    deals.delete_task(actor=poster, task_id=added.id)
    assert [page(1, 7), page(2, 7), page(2, 4)] == [(7, False, False), (0, False, True), (3, False, False)]


def test_the_words_of_a_changed_task_are_learned(find, poster, shelf):
    deals.update_task(actor=poster, task_id=shelf[1].id, changes={"title": "Tune a harpsichord"})
    assert find("harpsicord") == [1]
    deals.update_task(actor=poster, task_id=shelf[1].id, changes={"description": "Eighteenth century."})
    assert find("eigteenth") == [1]


def test_a_deleted_task_is_not_found_by_any_spelling(find, poster, shelf):
    deals.delete_task(actor=poster, task_id=shelf[4].id)
    assert find("tv") == find("carefull") == find("careful") == []


@pytest.mark.parametrize(("search", "most"), [("wardrobe", 2), ("wardorbe", 6), ("wardrbe doosr", 7)])
def test_a_search_costs_a_fixed_number_of_queries(find, search, most):
    with counted_queries() as queries:
        find(search)
    assert len(queries) == most


@pytest.fixture
def many(owner, poster):
    """Twenty thousand tasks, of which few say something special."""
    posted = sa.text("""
        INSERT INTO listings (kind, owner_id, title, description, category_id, price_minor, price_max_minor,
            currency, place, city, address, status, created_at, updated_at)
        SELECT 'task', :owner, 'Task ' || md5(n::text),
            'Plain words and ' || md5(n::text || 'x') || CASE WHEN n % 2000 = 0
                THEN ' harpsichord TV C++ خزانة' ELSE '' END,
            1 + n % 20, 100 + n, 100 + n, 'USD', 'digital', 'City ' || n % 50, '',
            CASE WHEN n % 4 = 0 THEN 'open' ELSE 'cancelled' END,
            now() - n * interval '1 minute', now()
        FROM generate_series(1, 20000) AS n""")
    learned = sa.text("""
        INSERT INTO listing_words SELECT DISTINCT word FROM listings,
            unnest(tsvector_to_array(search_words)) AS word WHERE word !~ '[0-9]'
        UNION SELECT translate(left(md5(n::text), 9), '0123456789', 'ghijklmnop')
        FROM generate_series(1, 20000) AS n""")
    with owner.connect() as connection:
        connection.execute(posted, {"owner": poster.id})
        connection.execute(learned)
        connection.execute(sa.text("VACUUM ANALYZE listings, listing_words, open_words"))


SELECTIVE = {
    ("harpsichord", None): "ix_listings_words",
    ("psichor", None): "ix_listings_words",
    ("خزانة", None): "ix_listings_words",
    ("tv", None): "ix_listings_words",
    ("c++", None): "ix_listings_words",
    ("harpsicord", None): "ix_listing_words_alike",
    ("absolutely absent", None): "ix_listings_search",
    ("harpsichord", Status.OPEN): "Index Only Scan Backward using pk_open_words",
    ("harpsichord plain", Status.OPEN): "Index Only Scan using pk_open_words",
    ("ain", Status.OPEN): "Index Only Scan Backward using pk_open_words",
}


def test_no_selective_word_makes_postgresql_read_all_tasks(many):
    for (search, status), index in SELECTIVE.items():
        wanted = words(search, status=status)
        plans = plans_of(partial(listings.list_listings, wanted, PageRequest(size=5)))
        assert [plan for plan in plans if "Seq Scan on list" in plan] == [], search
        assert any(index in plan for plan in plans), search


def words(search, **filters):
    return Filters(words=listings.words_of(search), **filters)


def plans_of(call):
    """How PostgreSQL goes about each statement of a call."""
    with sent_statements() as asked:
        call()
    with database.autocommit.connect() as connection:
        return [
            "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
            for statement, parameters in asked
        ]
