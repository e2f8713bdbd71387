from decimal import Decimal

import pytest

from marketplace.domains.chatbot.types import Slot
from tests.domains.chatbot.rules.readers import read


def budget(said, **options):
    """The budget of a message as `(low, high, currency)`."""
    found = read(said, **options).budget
    return found and (found.value.low, found.value.high, found.value.currency)


@pytest.mark.parametrize(
    ("said", "high", "currency"),
    [
        ("I can pay $1,200.50 for it", "1200.50", "USD"),
        ("je paie 1.200,50 € pour cela", "1200.50", "EUR"),
        ("je paie 1 200,50 € pour cela", "1200.50", "EUR"),
        ("I pay 1'200 CHF", "1200", "CHF"),
        ("बजट ₹1,20,000 है", "120000", "INR"),
        ("₹5 lakh", "500000", "INR"),
        ("डेढ़ लाख रुपये", "150000", "INR"),
        ("I can pay 5k euros", "5000", "EUR"),
        ("€2.5k for the whole site", "2500", "EUR"),
        ("300 جنيه", "300", "EGP"),
        ("٣٠٠ جنيه", "300", "EGP"),
        ("५०० रुपये", "500", "INR"),
        ("بخمسمائة جنيه", "500", "EGP"),
        ("خمسة آلاف ريال سعودي", "5000", "SAR"),
        ("وبالخمسمائة جنيه", "500", "EGP"),
        ("quatre  vingts  euros", None, None),
        ("quatre-vingts euros", "80", "EUR"),
        ("خمسة  عشر جنيها", "15", "EGP"),
        ("two hundred and some dollars", None, None),
        ("two hundred dollars", "200", "USD"),
        ("deux cents euros", "200", "EUR"),
        ("Rs.500", "500", "INR"),
        ("USD 40", "40", "USD"),
        ("US$40", "40", "USD"),
        ("40 dirhams", "40", "dirham"),
        ("40 dirhams marocains", "40", "MAD"),
        ("my budget is 300", "300", None),
        ("budget: 300 max", "300", None),
        ("I pay 0 dollars", None, None),
        ("budget 99999999999999999999", None, None),
    ],
)
def test_an_amount_is_read_however_it_is_written(said, high, currency):
    expected = None if high is None else (None, Decimal(high), currency)
    assert budget(said) == expected


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("between 100 and 200 dollars", 100, 200),
        ("from 100 to 200 dollars", 100, 200),
        ("$100-$200", 100, 200),
        ("$100 - 200", 100, 200),
        ("entre 100 et 200 euros", 100, 200),
        ("بين 100 و200 جنيه", 100, 200),
        ("100 से 200 रुपये के बीच", 100, 200),
        ("at least 100 dollars", 100, None),
        ("au moins 100 euros", 100, None),
        ("no more than 100 dollars", None, 100),
        ("not more than 100 dollars", None, 100),
        ("pas plus de 100 euros", None, 100),
        ("لا أكثر من 100 دولار", None, 100),
        ("100 रुपये से ज़्यादा नहीं", None, 100),
    ],
)
def test_a_range_and_a_limit_keep_their_ends(said, low, high):
    assert budget(said)[:2] == (low, high)


@pytest.mark.parametrize(
    "said",
    [
        "call me on +20 100 123 4567",
        "mon numéro est le 06 12 34 56 78",
        "the house was built in 1998",
        "a 50 page report",
        "paint 3 rooms",
        "20 boxes of 15 kg",
        "my budget is for 3 rooms",
        "at 10:30, or at 5 pm",
        "version 3.11.2 of the budget app",
        "45 m2 in total",
        "order #88412",
        "mail me at sara300@example.com or see https://example.com/100",
        "$20 per hour",
        "20€/h",
        "50 جنيه في الساعة",
        "300 रुपये प्रति घंटा",
        "I bought it for 500 dollars",
        "the table costs 500 dollars",
        "my salary is 2000 dollars",
        "my budget is not 500 dollars",
        "le budget n'est pas de 500 euros",
        "बजट 500 रुपये नहीं है",
        "500 dollars is too much",
    ],
)
def test_a_number_that_is_no_budget_is_none(said):
    assert budget(said) is None


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("the shelf costs 45 euros, I can pay 20 euros", 20),
        ("I had 500 dollars but can pay 300 dollars", 300),
        ("30 USD each, total 300 USD", 300),
        ("the budget is not 500, it is 350 dollars", 350),
    ],
)
def test_of_several_amounts_it_is_the_one_that_would_be_paid(said, amount):
    assert budget(said)[1] == amount


@pytest.mark.parametrize(
    ("said", "amount"),
    [("300", 300), ("around 80", 80), ("two hundred", 200), ("3 people", None), ("no idea", None)],
)
def test_a_bare_number_answers_the_question_for_a_budget(said, amount):
    found = budget(said, asked=Slot.BUDGET)
    assert (found and found[1]) == amount
    assert budget(said) is None


def test_the_span_of_an_amount_is_what_was_said():
    said = "أدفع حتى ٣٠٠ جنيه فقط"
    found = read(said).budget
    assert said[found.span.start : found.span.end] == "٣٠٠ جنيه"
