"""Cities of India while somebody types."""

import time

import pytest

from tests.query_count import counted_queries

PATH = "/api/v1/profiles/city-autocomplete/"


@pytest.fixture
def typed(client):
    """A function that answers the names of the cities suggested for what is typed."""

    def typed(text):
        answer = client.get(PATH, query_string={"q": text})
        assert answer.status_code == 200
        assert [city["id"] for city in answer.json] == list(range(len(answer.json)))
        return [city["name"] for city in answer.json]

    return typed


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mum", "Mumbai"),
        ("MUM", "Mumbai"),
        ("  mumbai ", "Mumbai"),
        ("bombay", "Mumbai"),
        ("bang", "Bengaluru"),
        ("मुंबई", "Mumbai"),
        ("moradabad", "Moradabad"),
        ("hydrabad", "Hyderabad"),
        ("ahemdabad", "Ahmedabad"),
        ("kolkatta", "Kolkata"),
        ("tiruvanantapuram", "Thiruvananthapuram"),
    ],
)
def test_the_likeliest_city_comes_first(typed, text, first):
    assert typed(text)[0] == first


def test_a_beginning_comes_before_a_part_and_that_before_a_slip(typed):
    assert "New Delhi" in typed("new d")
    cities = typed("mum")
    assert cities[:2] == ["Mumbai", "Navi Mumbai"]
    assert len(set(cities)) == len(cities) == 10


@pytest.mark.parametrize("text", ["", "   ", "!?", "xqzw", "Cairo", "x" * 100])
def test_what_is_no_city_of_india_is_none(typed, text):
    assert typed(text) == []


def test_without_a_question_there_is_no_answer(client):
    assert (client.get(PATH).status_code, client.get(PATH).json) == (200, [])
    assert client.get(PATH, query_string={"q": "x" * 101}).status_code == 400
    assert client.get(PATH, query_string={"q": "a\0"}).status_code == 400


def test_cities_are_read_once_and_suggested_quickly(typed):
    typed("mum")
    began = time.process_time()
    with counted_queries() as queries:
        for text in ("mum", "kolkatta", "de", "zzzzzz"):
            typed(text)
    assert len(queries) == 0
    assert (time.process_time() - began) / 4 < 0.05
