"""Each check is shown a text that breaks it, and one that keeps it."""

from textwrap import dedent

import pytest
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from tests.architecture.checks import (
    clocks,
    domains,
    facts,
    lengths,
    refusals,
    remarks,
    routes,
    statuses,
    tables,
    transactions,
)
from tests.architecture.checks.source import Source

SERVICE = "marketplace/domains/deals/service.py"


def source(text, path=SERVICE):
    return Source(path, dedent(text).lstrip())


def test_a_long_file_is_found():
    assert "401 lines" in lengths.too_long(source("x = 1\n" * 401))[0]
    assert lengths.too_long(source("x = 1\n" * 400)) == []


def test_a_long_function_is_found():
    assert "f has 51 lines" in lengths.too_long(source("def f():\n" + "    x = 1\n" * 50))[0]
    assert lengths.too_long(source("def f():\n" + "    x = 1\n" * 49)) == []


@pytest.mark.parametrize(
    "line",
    [
        "unit.session.commit()",
        "connection.rollback()",
        "from sqlalchemy.orm import Session; Session(engine)",
        "from sqlalchemy import orm; orm.sessionmaker(engine)",
    ],
)
def test_a_commit_outside_the_unit_of_work_is_found(line):
    assert transactions.outside_unit_of_work(source(line))
    assert transactions.outside_unit_of_work(source(line, "marketplace/kernel/unit_of_work.py")) == []


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import datetime, UTC; datetime.now(UTC)",
        "import datetime as dt; dt.datetime.utcnow()",
        "import datetime; datetime.date.today()",
        "import time; time.time()",
        "from time import time; field(default_factory=time)",
        "from sqlalchemy import func; func.now()",
        "import sqlalchemy as sa; sa.func.current_timestamp()",
        "from sqlalchemy import text; text('SELECT now()')",
    ],
)
def test_another_clock_is_found(line):
    assert clocks.read_elsewhere(source(line))
    assert clocks.read_elsewhere(source(line, "marketplace/kernel/clock.py")) == []


def test_the_clock_of_the_kernel_and_durations_are_allowed():
    line = "from marketplace.kernel.clock import clock; import time; clock.now(); time.monotonic()"
    assert clocks.read_elsewhere(source(line)) == []


@pytest.mark.parametrize(
    "room",
    [
        "utils.py",
        "service2.py",
        "helpers/x.py",
        "models/x.py",
        "service/utils.py",
        "rules/a/b.py",
        "service/a/b.py",
    ],
)
def test_a_room_that_domains_do_not_have_is_found(room):
    assert domains.misnamed(source("", f"marketplace/domains/deals/{room}"))


@pytest.mark.parametrize(
    "room",
    [
        "__init__.py",
        "rules.py",
        "rules/money.py",
        "public.py",
        "service/__init__.py",
        "service/cancel.py",
        "queries/wallet.py",
    ],
)
def test_the_rooms_of_a_domain_are_allowed(room):
    assert domains.misnamed(source("", f"marketplace/domains/deals/{room}")) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (SERVICE, "from marketplace.domains.accounts import service"),
        (SERVICE, "from marketplace.domains.accounts.models import Person"),
        (SERVICE, "import marketplace.domains.accounts.queries"),
        (SERVICE, "from marketplace.domains.accounts import errors"),
        (SERVICE, "from marketplace.domains import accounts"),
        ("marketplace/api/multitask/tasks.py", "from marketplace.domains.deals import service"),
        ("marketplace/api/multitask/tasks.py", "from marketplace.domains.deals.handlers import hear"),
        ("marketplace/realtime/hub.py", "from marketplace.domains.messaging.models import Room"),
        ("marketplace/wiring.py", "from marketplace.domains.deals.service import apply"),
        ("marketplace/kernel/outbox.py", "from marketplace.domains.deals import public"),
    ],
)
def test_a_domain_entered_by_the_window_is_found(path, line):
    assert domains.reaches_inside(source(line, path))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (SERVICE, "from marketplace.domains.accounts import public as accounts"),
        (SERVICE, "from marketplace.domains.accounts.events import EmailVerified"),
        (SERVICE, "from marketplace.domains.deals.models import Deal"),
        ("marketplace/api/multitask/tasks.py", "from marketplace.domains.deals import public as deals"),
        ("marketplace/wiring.py", "from marketplace.domains.deals import handlers as deals"),
        ("marketplace/app.py", "from marketplace.domains.accounts import cli"),
    ],
)
def test_a_domain_entered_by_its_doors_is_allowed(path, line):
    assert domains.reaches_inside(source(line, path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "if deal.status == 'open': pass",
        "done = deal.status in ('paid', 'closed')",
        "if TaskStatus.OPEN is not deal.status: pass",
        "update(Deal).where(Deal.payment_status != 'paid')",
        "match deal.status:\n    case 'open': pass",
    ],
)
def test_a_status_compared_elsewhere_is_found(line):
    assert statuses.compared(source(line))
    assert statuses.compared(source(line, "marketplace/domains/deals/rules.py")) == []
    assert statuses.compared(source(line, "marketplace/domains/deals/queries.py")) == []


@pytest.mark.parametrize("line", ["response.status == 200", "update(Deal).where(Deal.status == expected)"])
def test_a_status_compared_with_a_value_is_allowed(line):
    assert statuses.compared(source(line)) == []


REFUSALS = """
    from marketplace.kernel import errors
    from marketplace.kernel.errors import Conflict, DomainError

    class Conflict2(errors.DomainError):
        \"\"\"It conflicts.\"\"\"

        code = "conflict"

    class TaskNotOpen(Conflict2):
        {docstring}

        {code}
"""
SAID = '"""This task is closed."""'


@pytest.mark.parametrize(
    ("docstring", "code", "complaint"),
    [
        ("", 'code = "task_not_open"', "says nothing"),
        (SAID, "", "has no code of its own"),
        (SAID, "code = 3", "has no code of its own"),
        (SAID, 'code: ClassVar[str] = "conflict"', "has the code of"),
    ],
)
def test_a_wrong_refusal_is_found(docstring, code, complaint):
    text = REFUSALS.format(docstring=docstring, code=code)
    assert complaint in refusals.wrong_refusals([source(text)])[0]


def test_a_refusal_with_a_code_and_a_sentence_is_allowed():
    text = REFUSALS.format(docstring=SAID, code='code = "task_not_open"')
    assert refusals.wrong_refusals([source(text)]) == []


EVENTS = """
    from dataclasses import dataclass
    from marketplace.kernel.facts import Fact

    @dataclass(frozen=True, kw_only=True)
    class ApplicationAccepted(Fact):
        \"\"\"An application was accepted.\"\"\"
"""
WIRED = "def wire(reactions):\n    reactions.write(events.ApplicationAccepted, handlers.tell)\n"
UNHEARD = "UNHEARD: tuple[type[Fact], ...] = (events.ApplicationAccepted,)\n"


@pytest.mark.parametrize(
    ("wiring", "complaint"),
    [("", "neither wired nor listed"), (WIRED + UNHEARD, "wired and listed as unheard")],
)
def test_a_fact_without_a_listener_is_found(wiring, complaint):
    assert complaint in _unwired(wiring)[0]


@pytest.mark.parametrize("wiring", [WIRED, UNHEARD])
def test_a_fact_that_the_wiring_names_is_allowed(wiring):
    assert _unwired(wiring) == []


def _unwired(wiring):
    events = source(EVENTS, "marketplace/domains/deals/events.py")
    imported = "from marketplace.domains.deals import events, handlers\n"
    return facts.unwired_facts([events], source(imported + wiring, "marketplace/wiring.py"))


def test_a_fact_that_may_change_or_hides_is_found():
    events = "marketplace/domains/deals/events.py"
    assert facts.loose_facts([source(EVENTS, events)]) == []
    assert facts.loose_facts([source(EVENTS.replace("frozen=True, ", ""), events)])
    assert facts.loose_facts([source(EVENTS, SERVICE)])


ROUTE = """
    from marketplace.domains.deals import public as deals

    @blueprint.post("/<int:task_id>/apply/")
    @signed_in(Role.FREELANCER)
    @blueprint.takes(ApplyIn)
    @blueprint.answers(201, ApplicationOut)
    @blueprint.refuses(TaskNotFound, TaskNotOpen)
    def apply(body: Apply, task_id: int) -> Application:
        \"\"\"Apply to an open task.\"\"\"
        return deals.apply(actor=current_person(), task_id=task_id, terms=deals.Terms(body))
"""


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ('"""Apply to an open task."""', "", "no docstring"),
        ("@signed_in(Role.FREELANCER)", "", "0 of authentication"),
        ("@signed_in(Role.FREELANCER)", "@signed_in()\n    @public", "2 of authentication"),
        ("@blueprint.answers(201, ApplicationOut)", "", "0 of answers"),
        (
            "@blueprint.takes(ApplyIn)",
            "@blueprint.refuses(Late)\n    @blueprint.takes(A)",
            "decorators go",
        ),
        ("@signed_in(Role.FREELANCER)", "@blueprint.takes(A)\n    @signed_in()", "decorators go"),
        ("@signed_in(Role.FREELANCER)", "@limited('apply')\n    @signed_in()", "decorators go"),
        (
            "return deals",
            "try:\n            pass\n        except E:\n            pass\n        return deals",
            "tries",
        ),
        ("return deals", "deals.check(1)\n        return deals", "makes 2 calls into domains"),
        ("return deals", "session.commit()\n        return deals", "calls .commit()"),
        ("return deals", "abort(404)\n        return deals", "uses abort"),
        ("return deals", "x = g.person\n        return deals", "uses g"),
        ("return deals", "with unit_of_work():\n            pass\n        return deals", "uses unit_of_work"),
        ("return deals", "jsonify(1)\n        return deals", "uses jsonify"),
        ("return deals", "if a:\n" + "            b()\n" * 7 + "        return deals", "9 statements"),
    ],
)
def test_a_wrong_route_is_found(right, wrong, complaint):
    findings = routes.wrong_routes(source(ROUTE.replace(right, wrong), "marketplace/api/multitask/tasks.py"))
    assert any(complaint in finding for finding in findings), findings


def test_a_route_as_the_house_writes_it_is_allowed():
    assert routes.wrong_routes(source(ROUTE, "marketplace/api/multitask/tasks.py")) == []


def test_a_page_of_the_platform_needs_no_specification():
    page = '@blueprint.get("/")\ndef home():\n    """Greet."""\n    return page()\n'
    assert routes.wrong_routes(source(page, "marketplace/api/platform/pages.py")) == []
    assert routes.wrong_routes(source(page, "marketplace/api/multitask/pages.py"))


@pytest.mark.parametrize(
    "line",
    [
        "import os  # noqa",
        "import os  # noqa: F401",
        "import os  # noqa: F401 - needed",
        "x = y  # type: ignore[attr-defined]",
        "if z:  # pragma: no cover",
        "# ruff: noqa: F401 - because the file is made by a machine",
        "# mypy: ignore-errors",
    ],
)
def test_a_check_switched_off_in_silence_is_found(line):
    assert remarks.silent_exceptions(source(line))


@pytest.mark.parametrize(
    "line",
    [
        "except Exception:  # noqa: BLE001 - one failure stops no other",
        "x = y  # type: ignore[attr-defined]  # the stubs lag behind",
        "x = y  # type: ignore[attr-defined] - the stubs lag behind",
    ],
)
def test_a_check_switched_off_with_a_reason_is_allowed(line):
    assert remarks.silent_exceptions(source(line)) == []


@pytest.mark.parametrize("mark", ["TO" + "DO", "FIX" + "ME", "XX" + "X"])
def test_work_left_over_is_found(mark):
    assert remarks.left_over("docs/a.md", f"first\n# {mark}: later\n")[0].startswith("docs/a.md:2: ")


@pytest.mark.parametrize(
    "word", ["pytest.mark.skip", "pytest.mark.xfail(strict=True)", "NotImplemented" + "Error"]
)
def test_what_was_put_off_is_found(word):
    assert remarks.put_off(source(f"x = {word}"))


@pytest.mark.parametrize("folder", ["home", "root", "Users", "work"])
def test_a_path_of_one_machine_is_found(folder):
    assert remarks.paths_of_one_machine("README.md", f"see `/{folder}/someone/notes.md`")
    assert remarks.paths_of_one_machine("README.md", f"GET https://example.org/{folder}/someone") == []


def test_a_foreign_key_without_an_index_is_found():
    assert "task_id" in _keys(Index("i", "other", "task_id"))[0]
    assert _keys(Index("i", "task_id", postgresql_where=text("done")))
    assert _keys()


@pytest.mark.parametrize(
    "cover",
    [
        Index("i", "task_id", "other"),
        Index("i", "task_id", postgresql_where=text("task_id IS NOT NULL")),
        UniqueConstraint("task_id", "other"),
    ],
)
def test_a_foreign_key_with_an_index_is_allowed(cover):
    assert _keys(cover) == []


def _keys(*more):
    metadata = MetaData()
    Table("tasks", metadata, Column("id", Integer, primary_key=True))
    columns = (Column("task_id", ForeignKey("tasks.id")), Column("other", Integer), Column("done", Integer))
    Table("deals", metadata, Column("id", Integer, primary_key=True), *columns, *more)
    return tables.unindexed_foreign_keys(metadata)


def test_a_relationship_that_queries_by_itself_is_found():
    class Base(DeclarativeBase):
        pass

    class Task(Base):
        __tablename__ = "tasks"
        id: Mapped[int] = mapped_column(primary_key=True)

    class Deal(Base):
        __tablename__ = "deals"
        id: Mapped[int] = mapped_column(primary_key=True)
        task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id"))
        task: Mapped[Task] = relationship(Task)
        calm_task: Mapped[Task] = relationship(Task, lazy="raise", viewonly=True)

    Base.registry.configure()
    findings = tables.surprising_relationships(Base.registry.mappers)
    assert findings == ['Deal.task is lazy="select", not "raise"']
