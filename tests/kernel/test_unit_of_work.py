"""One transaction, its facts, and what follows its commit."""

import pytest
import sqlalchemy as sa

from marketplace.domains.catalog.models import CategoryRow
from marketplace.kernel.errors import Conflict
from marketplace.kernel.reading import reading
from marketplace.kernel.unit_of_work import on_commit, unit_of_work
from tests.facts import facts_of
from tests.together import together


class Taken(Conflict):
    """That name is taken."""

    code = "test_taken"


@pytest.fixture(autouse=True)
def scratch(app, owner):
    """Whatever a test adds to the catalogue is taken out again."""
    yield
    with owner.connect() as connection:
        connection.execute(sa.delete(CategoryRow).where(CategoryRow.id >= 1000))


def category(number, slug=None):
    return CategoryRow(
        id=number, name=f"Category {number}", slug=slug or f"category-{number}", description=""
    )


def stored():
    with reading() as connection:
        return connection.scalars(
            sa.select(CategoryRow.id).where(CategoryRow.id >= 1000).order_by(CategoryRow.id)
        ).all()


def add(*rows, refusals=None):
    with unit_of_work() as unit:
        unit.session.add_all(rows)
        unit.flush(refusals)


def break_after(command):
    with unit_of_work():
        command()
        raise ZeroDivisionError


def test_rows_are_there_for_everybody_after_the_end():
    add(category(1000))
    assert stored() == [1000]


def test_an_exception_leaves_nothing():
    with pytest.raises(ZeroDivisionError):
        break_after(lambda: None)
    with pytest.raises(ZeroDivisionError):
        break_after(lambda: add(category(1000)))
    assert stored() == []


def test_an_inner_unit_joins_the_outer_one():
    with unit_of_work() as outer:
        with unit_of_work() as inner:
            assert inner is outer
            inner.session.add(category(1000))
        with reading() as connection:
            assert connection.in_transaction()
            assert stored() == [1000]
        outer.session.add(category(1001))
    assert stored() == [1000, 1001]


def test_a_reading_inside_a_reading_shares_its_connection_and_sees_what_was_committed_since():
    with reading() as outer:
        with reading() as inner:
            assert inner is outer
        (theirs,) = together(read_by)
        assert theirs is not outer, "another thread has its own"
        add(category(1000))
        assert stored() == [1000]
    assert outer.closed


def read_by():
    with reading() as connection:
        return connection


def test_a_violated_constraint_becomes_the_refusal_of_its_name():
    add(category(1000, "twin"))

    def outer():
        with unit_of_work() as unit:
            unit.session.add(category(1001))
            add(category(1002, "twin"), refusals={"uq_categories_slug": Taken})

    with pytest.raises(Taken):
        outer()
    assert stored() == [1000]


def test_a_violated_constraint_without_a_refusal_stays_what_it_is():
    with pytest.raises(sa.exc.IntegrityError, match="uq_categories_slug"):
        add(category(1000, "one"), category(1001, "one"), refusals={"pk_categories": Taken})
    with pytest.raises(sa.exc.IntegrityError, match="null value"):
        add(CategoryRow(id=1000, name=None, slug="x", description=""), refusals={"pk_categories": Taken})


def test_the_next_unit_is_a_new_one_after_a_refusal():
    with pytest.raises(Taken):
        add(category(1000, "one"), category(1001, "one"), refusals={"uq_categories_slug": Taken})
    add(category(1002))
    assert stored() == [1002]


def test_facts_fall_with_their_rows(record, rang):
    with pytest.raises(ZeroDivisionError):
        break_after(lambda: record(rang(number=1)))
    assert len(facts_of(rang)) == 0
    record(rang(number=2))
    assert len(facts_of(rang)) == 1


def test_a_reaction_hears_a_fact_after_the_commit_alone(wiring, rang):
    heard = []

    def hear(fact):
        heard.append((fact, stored()))

    wiring.send(rang, hear)
    with unit_of_work() as unit:
        unit.session.add(category(1000))
        unit.record(rang(number=1))
        assert heard == []
    assert heard == [(rang(number=1), [1000])]


def test_a_hook_writes_in_the_transaction_of_every_commit_inside():
    numbers = iter(range(1010, 1020))

    def hook(session):
        session.add(category(next(numbers)))

    with on_commit(hook):
        with unit_of_work() as unit:
            unit.session.add(category(1000))
        with unit_of_work() as unit:
            unit.session.add(category(1001))
    with unit_of_work() as unit:
        unit.session.add(category(1002))
    assert stored() == [1000, 1001, 1002, 1010, 1011]


def test_a_hook_that_refuses_undoes_the_work():
    def hook(session):
        raise Taken

    with pytest.raises(Taken), on_commit(hook), unit_of_work() as unit:
        unit.session.add(category(1000))
    assert stored() == []
