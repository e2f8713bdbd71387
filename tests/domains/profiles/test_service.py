import pytest

from marketplace.domains.catalog.errors import UnknownSkill
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.public import Preferences
from marketplace.kernel.money import Money
from tests.factories.people import person
from tests.query_count import counted_queries
from tests.together import together


@pytest.fixture
def sara(app):
    return person(username="sara")


@pytest.fixture
def omar(app):
    return person(username="omar")


def ids(skills):
    return [skill.id for skill in skills]


def test_the_skills_of_many_are_read_in_one_query(sara, omar):
    profiles.replace_skills(actor=sara, skill_ids=[3, 1])
    with counted_queries() as queries:
        found = profiles.skills_of([omar.id, sara.id, 999])
    assert {who: ids(skills) for who, skills in found.items()} == {omar.id: [], sara.id: [1, 3], 999: []}
    assert len(queries) == 1
    assert profiles.skills_of([]) == {}


def test_the_preferences_of_many_are_read_in_one_query(sara, omar):
    profiles.change_preferences(actor=sara, changes={"category_ids": [2, 1], "max_budget": Money(5, "USD")})
    with counted_queries() as queries:
        found = profiles.preferences_of([sara.id, omar.id])
    assert len(queries) == 1
    assert found[omar.id] == Preferences()
    assert found[sara.id].category_ids == [1, 2]
    assert (found[sara.id].min_budget, found[sara.id].max_budget) == (None, Money(5, "USD"))


def test_of_two_who_replace_the_skills_at_once_one_is_last(sara):
    sets = [[1, 2, 3], [4, 5], [6], [1, 6], []]
    calls = [lambda chosen=chosen: profiles.replace_skills(actor=sara, skill_ids=chosen) for chosen in sets]
    answers = together(*calls)
    assert [ids(answer) for answer in answers] == sets
    assert ids(profiles.skills_of([sara.id])[sara.id]) in sets


def test_of_two_who_change_different_preferences_at_once_neither_is_lost(sara):
    together(
        lambda: profiles.change_preferences(actor=sara, changes={"cities": ["Cairo"]}),
        lambda: profiles.change_preferences(actor=sara, changes={"category_ids": [1]}),
        lambda: profiles.change_preferences(actor=sara, changes={"offering_ids": [2]}),
        lambda: profiles.change_preferences(actor=sara, changes={"min_budget": Money(7, "USD")}),
    )
    kept = profiles.get_preferences(person_id=sara.id)
    assert (kept.cities, kept.category_ids, kept.offering_ids) == (["Cairo"], [1], [2])
    assert kept.min_budget == Money(7, "USD")


def test_an_introduction_with_something_unknown_leaves_nothing_behind(sara):
    with pytest.raises(UnknownSkill):
        profiles.introduce(actor=sara, skill_ids=[999_999], changes={"cities": ["Cairo"]})
    assert profiles.get_preferences(person_id=sara.id) == Preferences()
    assert profiles.get_introduction(person_id=sara.id).completed_at is None
