import pytest

from marketplace.domains.profiles import rules
from marketplace.domains.profiles.errors import BudgetsCrossed
from marketplace.domains.profiles.types import Missing, Place, Preferences
from marketplace.kernel.money import Money


def usd(minor):
    return Money(minor, "USD")


def test_what_is_not_named_stays():
    before = Preferences(category_ids=[1], cities=["Cairo"], min_budget=usd(500))
    assert rules.change(before, {"cities": ["Giza"]}) == Preferences(
        category_ids=[1], offering_ids=[], cities=["Giza"], places=[], min_budget=usd(500)
    )


def test_a_budget_may_be_unset():
    before = Preferences(min_budget=usd(500), max_budget=usd(900))
    assert rules.change(before, {"min_budget": None}).min_budget is None
    assert rules.change(before, {"min_budget": None}).max_budget == usd(900)


def test_choices_are_kept_once_and_in_order():
    changed = rules.change(
        Preferences(),
        {
            "category_ids": [3, 1, 3],
            "offering_ids": [2, 2],
            "cities": ["Giza", "cairo", "CAIRO", "giza"],
            "places": [Place.DIGITAL, Place.PHYSICAL, Place.DIGITAL],
        },
    )
    assert (changed.category_ids, changed.offering_ids) == ([1, 3], [2])
    assert changed.cities == ["Giza", "cairo"]
    assert changed.places == [Place.PHYSICAL, Place.DIGITAL]


@pytest.mark.parametrize(
    ("low", "high", "is_fine"),
    [
        (usd(1), usd(2), True),
        (usd(2), usd(2), True),
        (usd(0), usd(0), True),
        (usd(3), usd(2), False),
        (Money(1, "EUR"), usd(2), False),
        (None, usd(2), True),
        (usd(2), None, True),
    ],
)
def test_something_lies_between_two_budgets(low, high, is_fine):
    changes = {"min_budget": low, "max_budget": high}
    if is_fine:
        assert rules.change(Preferences(), changes).min_budget == low
    else:
        with pytest.raises(BudgetsCrossed):
            rules.change(Preferences(), changes)


def test_a_budget_is_compared_with_the_one_that_stays():
    with pytest.raises(BudgetsCrossed):
        rules.change(Preferences(max_budget=usd(5)), {"min_budget": usd(6)})


def test_what_is_empty_is_missing():
    nothing, chosen = Preferences(), Preferences(category_ids=[1])
    assert rules.missing(skill_ids=[], preferences=nothing) == [Missing.SKILLS, Missing.CATEGORIES]
    assert rules.missing(skill_ids=[1], preferences=nothing) == [Missing.CATEGORIES]
    assert rules.missing(skill_ids=[], preferences=chosen) == [Missing.SKILLS]
    assert rules.missing(skill_ids=[1], preferences=chosen) == []
