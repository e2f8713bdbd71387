from datetime import date
from decimal import Decimal

import pytest

from marketplace.domains.chatbot.rules.drafts import draft_of, missing_from, price_of
from marketplace.domains.chatbot.types import Draft, Place, Said, Slot
from tests.domains.chatbot.rules.readers import read


def draft(*messages):
    """The draft of a talk in which each message answers what is missing."""
    said = []
    for number, message in enumerate(messages, 1):
        asked = next(iter(missing_from(draft_of(said), "USD")), None)
        said.append(Said(message_id=number, body=message, reading=read(message, asked=asked)))
    return draft_of(said)


def test_a_draft_grows_with_what_is_said():
    whole = draft("I need a plumber", "Cairo", "300", "tomorrow")
    assert (whole.title.value, whole.category.value, whole.city.value) == ("Plumber", "plumbing", "Cairo")
    assert whole.budget.value.high == 300
    assert whole.deadline.value == date(2026, 3, 12)
    assert [slot.message_id for slot in (whole.title, whole.city, whole.budget, whole.deadline)] == [
        1,
        2,
        3,
        4,
    ]
    assert [slot.text for slot in (whole.city, whole.budget, whole.deadline)] == ["Cairo", "300", "tomorrow"]
    assert missing_from(whole, "USD") == []


def test_nothing_said_is_an_empty_draft_that_needs_everything():
    assert draft() == draft("hello", "thanks") == Draft()
    assert missing_from(Draft(), "USD") == list(Slot)


def test_what_is_said_later_counts():
    whole = draft(
        "I need a plumber in Cairo for 300 dollars by Friday", "in Giza", "350 dollars", "by Monday"
    )
    assert (whole.city.value, whole.budget.value.high) == ("Giza", 350)
    assert whole.deadline.value == date(2026, 3, 16)
    assert whole.title.value == "Plumber"


def test_what_was_only_an_answer_gives_way_to_the_work_that_is_wanted():
    whole = draft("so my dear friend", "I need a plumber in Cairo")
    assert (whole.title.value, whole.title.message_id) == ("Plumber", 2)
    assert whole.description == "so my dear friend\nI need a plumber in Cairo"
    assert draft("My thing is stuck", "handyman").title.value == "My thing is stuck"
    assert draft("My thing is stuck", "handyman", "I need it fixed").title.value == "My thing is stuck"
    assert draft("I need help with my thing", "I need a plumber").title.value == "My thing"


def test_a_deadline_may_be_dropped_and_set_again():
    assert draft("I need a plumber by Friday", "no deadline").deadline is None
    assert missing_from(draft("I need a logo for 20 dollars", "no deadline"), "USD") == []
    again = draft("I need a plumber by Friday", "no deadline", "by Monday")
    assert (again.deadline.value, again.is_deadline_open) == (date(2026, 3, 16), False)


def test_work_done_online_needs_no_city():
    assert Slot.CITY not in missing_from(draft("I need a logo"), "USD")
    assert Slot.CITY in missing_from(draft("I need a plumber"), "USD")


def test_where_it_is_done_may_be_said_outright_against_the_kind_of_work():
    assert draft("I need a maths teacher", "online please").place.value is Place.DIGITAL
    assert draft("I need a maths teacher, online", "I live in Cairo").place.value is Place.DIGITAL


@pytest.mark.parametrize(
    ("said", "price"),
    [
        ("300 dollars", "300.00"),
        ("budget 300", "300.00"),
        ("$1,200.50", "1200.50"),
        ("between 100 and 200 dollars", "200.00"),
        ("at least 100 dollars", "100.00"),
        ("300 euros", None),
        ("300 جنيه", None),
        ("40 dirhams", None),
        ("$0.001", None),
    ],
)
def test_a_budget_in_another_currency_is_not_the_platforms(said, price):
    whole = draft(f"I need a logo. {said}")
    found = price_of(whole, "USD")
    assert (None if found is None else str(found)) == price
    assert (Slot.BUDGET in missing_from(whole, "USD")) is (price is None)


def test_a_budget_that_could_not_be_paid_at_once_is_still_missing():
    assert str(price_of(draft("I need a logo for 999,999.99 dollars"), "USD")) == "999999.99"
    too_high = draft("I need a logo for 5 million dollars")
    assert price_of(too_high, "USD") is None
    assert Slot.BUDGET in missing_from(too_high, "USD")


def test_a_currency_without_cents_has_no_price_with_cents():
    assert price_of(draft("a logo for 10.50 yen"), "JPY") is None


def test_a_draft_in_the_currency_that_was_said_has_a_price():
    assert str(price_of(draft("a logo for 300 euros"), "EUR")) == "300.00"
    assert price_of(draft("a logo for 300 euros"), "EUR").minor == Decimal(30_000)
