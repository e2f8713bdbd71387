"""Finding what is alike without reading all that is alike."""

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts.models import User
from marketplace.domains.recommendations import queries, rules
from marketplace.domains.recommendations.models import (
    DescribedFreelancer,
    FreelancerTerm,
    TaskTerm,
    TermCount,
)
from marketplace.domains.recommendations.types import Field, Source, Term, Wanted
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work

LENGTH = 3
LINA = 1


@pytest.fixture(autouse=True)
def _short_lists(app, monkeypatch):
    monkeypatch.setattr(rules, "LIST_LENGTH", LENGTH)


def insert(table, *rows):
    with unit_of_work() as unit:
        unit.session.execute(sa.insert(table), list(rows))


def describe_task(task_id, **words):
    insert(
        TaskTerm,
        *({"task_id": task_id, "field": Field.WORD, "term": word, "weight": words[word]} for word in words),
    )


def describe_freelancer(person_id, *terms):
    names = dict.fromkeys(("first_name", "last_name", "phone_number", "city", "country"), "")
    person = {
        **names,
        "id": person_id,
        "email": f"{person_id}@example.com",
        "username": f"person{person_id}",
        "joined_at": clock.now(),
    }
    insert(User, person)
    insert(DescribedFreelancer, {"person_id": person_id, "described_at": clock.now()})
    insert(
        FreelancerTerm,
        *(
            {
                "person_id": person_id,
                "field": term.field,
                "term": term.name,
                "source": term.source,
                "weight": term.weight,
            }
            for term in terms
        ),
    )


def word(name, weight=1.0, source=Source.PROFILE):
    return Term(Field.WORD, name, weight, source)


def tasks_for_lina(most=100, **wanted):
    return queries.alike_tasks(LINA, Wanted(most=most, **wanted))


def test_the_heaviest_of_a_term_are_found_however_many_have_it():
    describe_freelancer(LINA, word("tap"))
    for task_id, weight in enumerate((0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6), 1):
        describe_task(task_id, tap=weight)
    found = tasks_for_lina()
    assert {task_id: likeness.words for task_id, likeness in found.items()} == {2: 0.9, 4: 0.8, 6: 0.7}
    assert tasks_for_lina(most=2).keys() == {2, 4}


def test_the_newest_are_found_of_those_that_are_as_heavy():
    describe_freelancer(LINA, Term(Field.CATEGORY, "4", 1.0))
    insert(
        TaskTerm,
        *({"task_id": key, "field": Field.CATEGORY, "term": "4", "weight": 1.0} for key in (5, 9, 2, 7, 3)),
    )
    assert tasks_for_lina().keys() == {9, 7, 5}
    assert tasks_for_lina(most=1).keys() == {9}


def test_sums_that_differ_by_how_they_were_added_up_are_as_heavy():
    describe_freelancer(LINA, *(word(name) for name in "abc"))
    describe_task(1, a=0.1, b=0.2, c=0.3)
    describe_task(2, a=0.3, b=0.2, c=0.1)
    describe_task(3, a=0.2, b=0.3, c=0.1)
    for _ in range(8):
        assert list(tasks_for_lina(most=1)) == [3]


def test_what_is_left_out_makes_room_for_the_next():
    describe_freelancer(LINA, word("tap"))
    for task_id in range(1, 9):
        describe_task(task_id, tap=0.5)
    assert tasks_for_lina(without=[8, 6, 5]).keys() == {7, 4, 3}


def test_words_that_say_nothing_are_in_no_list():
    describe_freelancer(LINA, word("tap"))
    describe_task(1, tap=0.0)
    assert tasks_for_lina() == {}


def test_what_one_list_names_is_weighed_by_all_that_is_known():
    describe_freelancer(LINA, word("tap"), word("leak", 0.5), word("leak", 0.25, Source.HISTORY))
    for task_id in range(1, 5):
        describe_task(task_id, leak=0.9)
    describe_task(5, tap=0.9, leak=0.1)
    likeness = tasks_for_lina()[5]
    assert (likeness.words, likeness.past_words) == (pytest.approx(0.95), pytest.approx(0.025))


def test_those_that_are_asked_about_are_weighed_though_no_list_names_them():
    describe_freelancer(LINA, word("tap"))
    for task_id, weight in enumerate((0.1, 0.7, 0.8, 0.9), 1):
        describe_task(task_id, tap=weight)
    describe_task(5, leak=1.0)
    found = tasks_for_lina(among=[1, 5, 99])
    assert found.keys() == {1, 2, 3, 4}
    assert found[1].words == 0.1


def test_only_the_terms_that_count_most_are_asked_for(monkeypatch):
    monkeypatch.setattr(rules, "MOST_TERMS", 2)
    describe_freelancer(LINA, word("a", 0.1), word("b", 0.3), word("c", 0.2), word("a", 0.3, Source.HISTORY))
    for task_id, name in enumerate("abc", 1):
        describe_task(task_id, **{name: 1.0})
    assert tasks_for_lina().keys() == {1, 2}


def test_freelancers_are_found_by_the_same_rules():
    for person_id, weight in enumerate((0.1, 0.9, 0.5, 0.5, 0.5), 1):
        describe_freelancer(person_id, word("tap", weight), word("pipe", 0.2, Source.HISTORY))
    need = [word("tap"), word("pipe", 0.1)]
    found = queries.alike_freelancers(need, Wanted(most=100, among=[1], without=[5]))
    # by their profiles 2, 4 and 3, by their past the newest: 4, 3 and 2
    assert found.keys() == {1, 2, 3, 4}
    assert (found[2].words, found[2].past_words) == (0.9, pytest.approx(0.02))
    assert queries.alike_freelancers(need, Wanted(most=2)).keys() == {2, 5}
    assert queries.alike_freelancers([], Wanted(most=100)) == {}


def test_a_term_is_as_rare_as_it_was_counted_in_its_field():
    insert(
        TermCount,
        {"field": Field.WORD, "term": "", "tasks_count": 1000},
        {"field": Field.WORD, "term": "7", "tasks_count": 999},
        {"field": Field.SKILL, "term": "7", "tasks_count": 1},
    )
    names = {(Field.WORD, "7"), (Field.SKILL, "7"), (Field.SKILL, "8")}
    assert queries.rarities(names) == {
        (Field.WORD, "7"): 0.0,
        (Field.SKILL, "7"): pytest.approx(1.0),
        (Field.SKILL, "8"): rules.UNHEARD,
    }


def test_the_stems_of_a_text_without_words_are_none():
    assert queries.stems_of(["", "42 !", "Leaking leaks"]) == [{}, {}, {"leak": [1, 2]}]
