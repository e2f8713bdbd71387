from dataclasses import replace
from datetime import date

import pytest

from marketplace.domains.profiles import rules
from marketplace.domains.profiles.errors import BudgetsCrossed, CompanyNameMissing
from marketplace.domains.profiles.service.drafts import ExperienceDraft
from marketplace.domains.profiles.types import AccountType, Holder, Missing, Place, Preferences
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


def work(role, start, end=None, *, ongoing=False):
    return ExperienceDraft(
        role=role,
        company="X",
        start_date=date.fromisoformat(start),
        end_date=date.fromisoformat(end) if end else None,
        is_ongoing=ongoing,
    )


@pytest.mark.parametrize(
    ("experiences", "title"),
    [
        ([], ""),
        ([work("A", "2020-01-01")], "A"),
        ([work("A", "2020-01-01", "2021-01-01"), work("B", "2019-01-01", "2022-01-01")], "B"),
        ([work("A", "2010-01-01", ongoing=True), work("B", "2019-01-01", "2030-01-01")], "A"),
        ([work("A", "2010-01-01", "2031-01-01", ongoing=True), work("B", "2019-01-01", ongoing=True)], "B"),
        ([work("A", "2020-01-01", "2021-01-01"), work("B", "2020-06-01", "2021-01-01")], "B"),
        ([work("A", "2020-01-01", "2020-02-01"), work("B", "2020-03-01")], "B"),
    ],
)
def test_people_are_called_by_what_they_are_or_were_last(experiences, title):
    assert rules.title_of(experiences) == title
    assert rules.title_of(experiences[::-1]) == title


def test_what_is_ongoing_has_no_end():
    ended = work("A", "2020-01-01", "2021-01-01")
    assert rules.settle(ended) == ended
    assert rules.settle(replace(ended, is_ongoing=True)).end_date is None


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        ([], []),
        ([Holder(None, ("a",)), Holder(None, ("b",))], [10, None]),
        ([Holder(None, ("c",)), Holder(None, ("a",))], [30, 10]),
        ([Holder(None, ("a",)), Holder(None, ("a",))], [10, None]),
        # by its id whatever it is called now, and that before anything that is called so
        ([Holder(None, ("a",)), Holder(1, ("z",))], [None, 10]),
        ([Holder(3, ("a",)), Holder(1, ("c",))], [30, 10]),
        ([Holder(1, ("a",)), Holder(1, ("a",))], [10, None]),
        ([Holder(99, ("c",))], [30]),
        ([Holder(2, ("b",))], [None]),
    ],
)
def test_what_stays_keeps_its_file_and_each_file_is_kept_once(new, kept):
    old = [Holder(1, ("a",), 10), Holder(2, ("b",)), Holder(3, ("c",), 30)]
    assert rules.keep_files(old, new) == kept


def test_a_firm_has_a_name():
    rules.check_company(AccountType.INDIVIDUAL, "")
    rules.check_company(AccountType.BUSINESS, "X")
    with pytest.raises(CompanyNameMissing):
        rules.check_company(AccountType.BUSINESS, "")
