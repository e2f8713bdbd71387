"""Every list of MultiTask, found in its document: pages, their links, their order, what they cost."""

from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest

from marketplace.domains.listings.service import search
from tests.api.documents import documents, operations
from tests.api.multitask.lists import LISTS, World
from tests.factories.people import person, sign_in
from tests.query_count import counted_queries

ENVELOPE = {"count", "next", "previous", "results"}
FEW, MANY, MOST_A_PAGE, A_PAGE = 23, 1000, 100, 10
INVALID = (404, {"detail": "Invalid page."})


@pytest.fixture
def world(client, owner, app):
    sara, omar = person(username="sara"), person(username="omar")
    return World(engine=owner, client=sign_in(client, sara), sara=sara, omar=omar)


@pytest.fixture(params=sorted(LISTS))
def listed(request):
    return LISTS[request.param]


def read(world, path):
    answer = world.client.get(path)
    assert answer.status_code == 200, answer.text
    assert set(answer.json) == ENVELOPE
    return answer.json


def walk(world, path):
    """Every page from the first one on, by the links between them."""
    pages = [read(world, path)]
    while pages[-1]["next"]:
        pages.append(read(world, pages[-1]["next"]))
    return pages


def ids_of(pages, listed):
    """The ids in the order of the list."""
    way = -1 if listed.turns else 1
    return [item[listed.key] for page in pages for item in page["results"][::way]]


def test_every_list_of_the_document_is_tried():
    schemas = documents()["multitask"]["components"]["schemas"]
    paged = set()
    for operation in operations():
        success = operation.described["responses"].get("200", {}).get("content", {})
        name = success.get("application/json", {}).get("schema", {}).get("$ref", "").rpartition("/")[2]
        if operation.face == "multitask" and schemas.get(name, {}).get("properties", {}).keys() >= ENVELOPE:
            paged.add(operation.path)
            assert {parameter["name"] for parameter in operation.parameters} >= {"page", "page_size"}
    assert paged == set(LISTS)


def test_the_pages_of_a_list_hold_each_row_once_and_lead_to_each_other(world, listed):
    path = listed.fill(world, FEW)
    total = read(world, path)["count"]
    pages = walk(world, path)
    assert {page["count"] for page in pages} == {total}
    assert [len(page["results"]) for page in pages[:-1]] == [A_PAGE] * (len(pages) - 1)
    ids = ids_of(pages, listed)
    assert len(set(ids)) == len(ids) == total >= 20
    assert pages[0]["previous"] is None
    for before, after in pairwise(pages):
        assert read(world, after["previous"]) == before
        link = urlsplit(after["previous"])
        assert (link.scheme, link.path) == ("http", path)


def test_a_list_has_one_order_whatever_the_size_of_its_pages(world, listed):
    path = listed.fill(world, FEW)
    whole = ids_of(walk(world, f"{path}?page_size={MOST_A_PAGE}"), listed)
    for size in (1, 7):
        assert ids_of(walk(world, f"{path}?page_size={size}"), listed) == whole


def test_the_edges_of_a_list(world, listed):
    path = listed.fill(world, FEW)
    total = read(world, path)["count"]
    for size, length in (("1000", MOST_A_PAGE), ("100", MOST_A_PAGE), ("0", 10), ("-5", 10), ("x", 10)):
        assert len(read(world, f"{path}?page_size={size}")["results"]) == min(length, total)
    for page in ("0", "-1", "x", "1.5", "99999999", "9" * 30, str(total // A_PAGE + 2)):
        answer = world.client.get(f"{path}?page={page}")
        assert (answer.status_code, answer.json) == INVALID
    kept = parse_qs(urlsplit(read(world, f"{path}?page_size=3&mine=a%26b&page=2")["next"]).query)
    assert kept == {"page_size": ["3"], "mine": ["a&b"], "page": ["3"]}


def test_a_list_without_a_row_is_a_page(world, listed):
    page = read(world, path := listed.fill(world, 0))
    assert listed.is_given or page == {"count": 0, "next": None, "previous": None, "results": []}
    assert world.client.get(f"{path}?page={page['count'] // A_PAGE + 2}").status_code == 404


@pytest.mark.parametrize("rows", [10, MANY])
def test_a_list_costs_the_same_however_long_it_is(world, listed, rows):
    path = listed.fill(world, rows)
    # what is kept for a minute is asked by whoever comes first, how many there are by nearly everybody
    read(world, path)
    vars(search)["_count"].forget()
    with counted_queries() as queries:
        page = read(world, f"{path}?page_size={MOST_A_PAGE}")
    assert len(page["results"]) == min(page["count"], MOST_A_PAGE) >= 10
    # the last page tells by itself how many there are
    assert len(queries) == listed.queries - (listed.is_counted_late and rows < MOST_A_PAGE)


@pytest.mark.parametrize("search", ["", "paint", "piant wall"])
@pytest.mark.parametrize("ordering", ["created_at", "-created_at", "budget", "-budget"])
def test_every_ordering_of_tasks_is_a_total_one(world, ordering, search):
    path = LISTS["/api/tasks/"].fill(world, FEW)
    pages = walk(world, f"{path}?page_size=5&ordering={ordering}&search={search}")
    ids = ids_of(pages, LISTS["/api/tasks/"])
    assert ids == sorted(ids, reverse=ordering.startswith("-"))
    assert len(ids) == pages[0]["count"] == FEW
