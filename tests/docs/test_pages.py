"""What the pages name exists, and what exists is named where a page promises to name all of it."""

import re
from dataclasses import fields

import pytest

from marketplace.kernel.settings import REQUIRED_IN_PRODUCTION, Settings
from tests.docs.pages import PAGES, ROOT, first_cells, links, section, words

README = (ROOT / "README.md").read_text()
OF_THE_PROJECT = re.compile(r"(marketplace|tests|docs|migrations|docker)/[\w./*-]*")
HOW_TO = ROOT / "docs" / "how-to"
BANNERS = re.compile(r"!\[|<img|<div|<h\d")


@pytest.fixture(params=PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def page(request):
    return request.param


def test_every_link_leads_somewhere(page):
    local = [link.split("#") for link in links(page.read_text()) if not link.startswith("http")]
    assert [name for name, *_ in local if not (page.parent / name).exists()] == []


def test_every_link_within_a_page_has_its_heading():
    anchors = {
        heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    }
    assert {link[1:] for link in links(README) if link.startswith("#")} <= anchors


def test_every_file_that_is_named_exists(page):
    named = [word for word in words(page.read_text()) if OF_THE_PROJECT.fullmatch(word)]
    if page.parent == HOW_TO:
        pages = "".join(path.read_text() for path in HOW_TO.iterdir())
        made = set(re.findall(r"^`([\w./-]+)` is new:$", pages, re.MULTILINE))
        named = [name for name in named if name not in made]
    assert [name for name in named if not list(ROOT.glob(name.rstrip("/")))] == []


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text()
    linked = {(ROOT / "docs" / link).resolve() for link in links(index)}
    assert {page for page in PAGES if "decisions" not in page.parts} - linked == {ROOT / "docs" / "README.md"}


def test_every_decision_has_the_form_and_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = links((folder / "README.md").read_text())
    for number, page in enumerate(sorted(folder.glob("0*.md")), 1):
        text = page.read_text()
        assert page.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number:04}: ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
            "Check",
        ]
        assert len(re.findall(r"^> ", text, re.MULTILINE)) == 1
        assert page.name in listed


def test_every_test_that_is_named_exists(page):
    everything = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    named = [word for word in words(page.read_text()) if re.fullmatch(r"test_[a-z0-9_]+", word)]
    assert [name for name in named if f"def {name}(" not in everything] == []


def test_pages_are_text_without_banners(page):
    assert BANNERS.findall(page.read_text()) == []


def test_every_setting_is_in_the_table_and_no_other():
    table = section(README, "Settings")
    named = first_cells(table)
    assert sorted(named) == sorted(field.name.upper() for field in fields(Settings))
    starred = set(re.findall(r"`(\w+)` ★", table))
    assert starred == set(REQUIRED_IN_PRODUCTION)


def test_the_defaults_in_the_table_are_those_of_the_code():
    rows = re.findall(r"^\| `(\w+)`[^|]*\| `([^`]+)` \|", section(README, "Settings"), re.MULTILINE)
    defaults = {field.name.upper(): field.default for field in fields(Settings)}
    switches = {True: "on", False: "off"}
    for name, shown in rows:
        real = defaults[name]
        if not shown.startswith("http:") and name != "DATABASE_OWNER_URL":
            assert shown == (switches[real] if isinstance(real, bool) else str(real)), name
    assert len(rows) > 10


def test_every_command_is_in_the_table_and_no_other(session_app):
    ours = {"up"}
    for name, command in session_app.cli.commands.items():
        if not type(command).__module__.startswith("flask") or hasattr(command, "commands"):
            ours |= {f"{name} {inner}" for inner in getattr(command, "commands", ())} or {name}
    named = first_cells(section(README, "Commands"))
    assert sorted(named) == sorted(ours)
