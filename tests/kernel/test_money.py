"""Money in whole minor units."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marketplace.kernel.money import MAX_MINOR, Money

PLACES = {"USD": 2, "EUR": 2, "DZD": 2, "JPY": 0, "KWD": 3, "usd": 2, "jpy": 0}
currencies = st.sampled_from(sorted(PLACES))
minors = st.integers(min_value=0, max_value=MAX_MINOR)


@given(minors, currencies)
@example(MAX_MINOR, "JPY")
def test_what_is_written_is_read_again(minor, currency):
    money = Money(minor, currency)
    assert Money.parse(str(money), currency) == money


@given(minors, currencies)
def test_money_is_written_with_all_its_places(minor, currency):
    written = str(Money(minor, currency))
    _, _, fraction = written.partition(".")
    assert len(fraction) == PLACES[currency]
    assert Decimal(written).scaleb(PLACES[currency]) == minor


def check_reading(text, currency):
    with suppress(ValueError):
        money = Money.parse(text, currency)
        assert Decimal(money.minor) == Decimal(text).scaleb(PLACES[currency])


@given(st.text(), currencies)
def test_a_text_is_read_exactly_or_refused(text, currency):
    check_reading(text, currency)


@given(st.from_regex(r"[0-9]{0,17}\.?[0-9]{0,5}", fullmatch=True), currencies)
def test_a_decimal_is_read_exactly_or_refused(text, currency):
    check_reading(text, currency)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("120", 12_000),
        ("120.5", 12_050),
        ("120.50", 12_050),
        ("0.01", 1),
        (".5", 50),
        ("5.", 500),
        ("007", 700),
    ],
)
def test_plain_decimals_are_read(text, minor):
    assert Money.parse(text, "USD") == Money(minor, "USD")


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "-1",
        "+1",
        "1e3",
        "NaN",
        "Infinity",
        "1,5",
        " 1",
        "1 ",
        "1\n",
        "٣",
        "²",
        "0x10",
        "1_000",
        "9" * 17,
    ],
)
def test_what_is_no_plain_decimal_is_refused(text):
    with pytest.raises(ValueError, match="A valid number is required"):
        Money.parse(text, "USD")


@pytest.mark.parametrize(("text", "currency"), [("1.234", "USD"), ("1.0", "JPY"), ("1.2345", "KWD")])
def test_more_places_than_the_currency_has_are_refused(text, currency):
    with pytest.raises(ValueError, match="decimal places"):
        Money.parse(text, currency)


def test_an_amount_beyond_all_sense_is_refused():
    assert Money.parse("10000000000000.00", "USD").minor == MAX_MINOR
    with pytest.raises(ValueError, match="too large"):
        Money.parse("10000000000000.01", "USD")


@given(minors, minors, currencies)
def test_sums_and_differences_are_exact(one, other, currency):
    whole = Money(one, currency) + Money(other, currency)
    assert whole - Money(other, currency) == Money(one, currency)


@given(minors, st.integers(min_value=0, max_value=100))
def test_a_share_and_the_rest_make_the_whole(minor, rate):
    whole = Money(minor, "USD")
    share = whole.percent(rate)
    assert 0 <= share.minor <= minor
    assert share + (whole - share) == whole
    assert share.minor * 100 <= minor * rate < (share.minor + 1) * 100


@pytest.mark.parametrize("mix", [lambda one, other: one + other, lambda one, other: one - other])
def test_currencies_do_not_mix(mix):
    with pytest.raises(ValueError, match="USD and EUR do not mix"):
        mix(Money(1, "USD"), Money(1, "EUR"))


def test_amounts_of_a_currency_are_ordered():
    assert Money(1, "USD") < Money(2, "USD")
