import pytest

from marketplace.domains.catalog.rules import fold, plain, slips, suggest
from marketplace.domains.catalog.types import Named


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Cairo", "cairo"),
        ("  São   Paulo ", "sao paulo"),
        ("Saint-Étienne", "saint etienne"),
        ("N'Djamena", "n djamena"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("القاهرة", "القاهرة"),
        ("मुंबई", "मुंबई"),
        ("100%_\\", "100"),
        ("a\x00b\ud800", "a b"),
        ("", ""),
        ("-- ''", ""),
    ],
)
def test_names_are_compared_without_case_accents_and_punctuation(name, folded):
    assert fold(name) == folded
    assert fold(folded) == folded


@pytest.mark.parametrize(
    ("typed", "name", "number"),
    [
        ("", "", 0),
        ("", "mumbai", 0),
        ("mum", "mumbai", 0),
        ("mumbai", "mumbai", 0),
        ("mumbay", "mumbai", 1),
        ("mubmai", "mumbai", 1),
        ("mumai", "mumbai", 1),
        ("mummbai", "mumbai", 1),
        ("mumbais", "mumbai", 1),
        ("mubmay", "mumbai", 2),
        ("delhi", "mumbai", 3),
        ("x", "", 1),
    ],
)
def test_slips_are_counted_up_to_where_what_is_typed_ends(typed, name, number):
    assert slips(typed, name, most=2) == number


@pytest.mark.parametrize(
    ("name", "typed"), [("Morādābād", "Moradabad"), ("Delhi", "Delhi"), ("São Paulo", "Sao Paulo"), ("", "")]
)
def test_plain_names_have_the_letters_that_people_type(name, typed):
    assert plain(name) == typed


CITIES = [
    Named(name="Mumbai", population=12_000, forms=["mumbai", "bombay"]),
    Named(name="Bengaluru", population=8_000, forms=["bengaluru", "bangalore"]),
    Named(name="Navi Mumbai", population=1_000, forms=["navi mumbai"]),
    Named(name="Bānga", population=500, forms=["banga"]),
    Named(name="Banga", population=400, forms=["banga"]),
    Named(name="Muvattupuzha", population=30, forms=["muvattupuzha"]),
    Named(name="Murud", population=20, forms=["murud"]),
]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("mum", ["Mumbai", "Navi Mumbai", "Muvattupuzha", "Murud"]),
        ("MUMBAI", ["Mumbai", "Navi Mumbai"]),
        ("bang", ["Bengaluru", "Banga"]),
        ("banga", ["Bengaluru", "Banga"]),
        ("bombey", ["Mumbai"]),
        ("benglore", ["Bengaluru"]),
        ("mu", ["Mumbai", "Muvattupuzha", "Murud", "Navi Mumbai"]),
        ("m", ["Mumbai", "Muvattupuzha", "Murud", "Navi Mumbai"]),
        ("xyz", []),
        ("", []),
        ("--", []),
    ],
)
def test_cities_are_suggested_the_likeliest_first(typed, names):
    found = suggest(typed, CITIES, most=10)
    assert found[: len(names)] == names
    assert suggest(typed, CITIES, most=1) == names[:1]
