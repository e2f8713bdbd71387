"""Statements that are compiled once."""

import pytest
import sqlalchemy as sa
from psycopg import errors
from sqlalchemy.exc import IntegrityError, OperationalError

from marketplace.domains.catalog.models import CategoryRow
from marketplace.domains.deals.models import DealRow
from marketplace.kernel.database import is_passing
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import ANY_OF_IDS, Statement
from marketplace.kernel.unit_of_work import unit_of_work
from tests.query_count import sent_statements

NAMED = Statement(
    sa.select(CategoryRow.id, CategoryRow.name)
    .where(CategoryRow.id == ANY_OF_IDS, CategoryRow.slug != "none")
    .order_by(CategoryRow.id)
)
COUNT = Statement(sa.select(sa.func.count()).select_from(CategoryRow).where(CategoryRow.id >= 1000))
ADD = Statement(
    sa.insert(CategoryRow)
    .values(id=sa.bindparam("id"), name="x", slug=sa.bindparam("slug"), description="")
    .returning(CategoryRow.id)
)


def test_a_statement_answers_rows_a_row_or_a_column(app):
    rows = NAMED.all(ids=[1, 2])
    assert [row[0] for row in rows] == [1, 2] == NAMED.scalars(ids=[2, 1])
    assert NAMED.first(ids=[2]) == rows[1]
    assert (NAMED.scalar(ids=[2]), NAMED.scalar(ids=[4711]), NAMED.first(ids=[])) == (2, None, None)


def test_a_statement_sees_what_its_unit_of_work_has_written(app):
    counts = []

    def add_two_and_fail():
        with unit_of_work() as unit:
            unit.session.add(CategoryRow(id=1000, name="x", slug="x1000", description=""))
            counts.append(COUNT.scalar())
            assert unit.run(ADD, id=1001, slug="x1001").fetchone() == (1001,)
            counts.append(COUNT.scalar())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_two_and_fail()
    assert [*counts, COUNT.scalar()] == [1, 2, 0]


def test_statements_within_a_reading_share_its_connection(app):
    with reading() as connection, sent_statements() as sent:
        backend = connection.connection.driver_connection.info.backend_pid
        which = Statement(sa.text("SELECT pg_backend_pid()"))
        assert [which.scalar(), which.scalar()] == [backend, backend]
    assert len(sent) == 2


def test_a_failure_is_raised_as_sqlalchemy_raises_it(app):
    with pytest.raises(IntegrityError) as caught, unit_of_work() as unit:
        unit.run(ADD, id=1, slug="new")
    assert isinstance(caught.value.orig, errors.UniqueViolation)

    def take_too_long():
        with unit_of_work() as unit:
            unit.run(Statement(sa.text("SET LOCAL statement_timeout = 1")))
            unit.run(Statement(sa.text("SELECT pg_sleep(1)")))

    with pytest.raises(OperationalError) as caught:
        take_too_long()
    assert is_passing(caught.value)


def test_a_plan_is_made_once_a_connection_whatever_the_values_are(app):
    for number in range(8):
        NAMED.all(ids=list(range(number)))
    of_ours = sa.text(
        "SELECT sum(generic_plans), sum(custom_plans) FROM pg_prepared_statements"
        " WHERE strpos(statement, :ours) > 0"
    )
    with reading(plans_once=True) as connection:
        generic, custom = connection.execute(of_ours, {"ours": "slug != 'none'"}).one()
    assert (generic >= 8, custom) == (True, 0)


def test_constants_are_part_of_the_text_and_stay_what_they_are(app):
    for constant in ("100%", "50%% off", "it's", "a\\b", "x:y", "%(id)s", ""):
        said = sa.select(sa.literal(constant) + sa.bindparam("more", type_=sa.Text))
        for is_prepared in (True, False):
            assert Statement(said, prepared=is_prepared).scalar(more="!") == f"{constant}!"


def test_an_index_for_one_constant_alone_is_used(app):
    of_some = Statement(
        sa.select(DealRow.id).where(DealRow.status == "completed").order_by(DealRow.id).limit(1)
    )
    assert "status = 'completed'" in of_some._compiled[0]
