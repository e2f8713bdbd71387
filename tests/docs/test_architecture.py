"""What the page on the architecture draws is what the code says."""

import re

from marketplace.domains.listings.rules import TASK
from tests.architecture.checks.source import sources
from tests.docs.pages import ROOT, blocks, section

PAGE = (ROOT / "docs" / "architecture.md").read_text()
DOMAINS = {
    path.name for path in (ROOT / "marketplace" / "domains").iterdir() if (path / "public.py").exists()
}


def test_the_floors_are_those_of_the_source():
    (drawing,) = (block.text for block in blocks(section(PAGE, "Floors")))
    named = set(re.findall(r"^(\w+)|\b(local):", drawing, re.MULTILINE))
    built = {path.stem for path in (ROOT / "marketplace").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {first or second for first, second in named} == built - {"__init__", "__pycache__"}


def test_the_map_is_what_the_domains_import():
    (drawing,) = (block.text for block in blocks(section(PAGE, "The map of domains"), "mermaid"))
    drawn = {
        (above, below)
        for above, all_below in re.findall(r"(\w+) --> (.+)", drawing)
        for below in all_below.split(" & ")
    }
    imported = set()
    for source in sources("marketplace/domains"):
        for _, name in source.imports:
            if name.startswith("marketplace.domains.") and len(source.parts) > 3:
                imported.add((source.parts[2], name.split(".")[2]))
    assert {pair for pair in imported if pair[0] != pair[1]} == drawn
    assert {name for pair in drawn for name in pair} == DOMAINS


def test_the_readme_draws_every_domain():
    house = section((ROOT / "README.md").read_text(), "The house")
    assert [
        name for name in sorted(DOMAINS) if not re.search(rf"│ (domains|  {' ' * 5}) +{name}\b", house)
    ] == []


def test_the_life_cycle_of_a_task_is_drawn_as_it_is():
    (drawing,) = (block.text for block in blocks(section(PAGE, "Life cycles are data"), "mermaid"))
    assert sorted(drawing.split("\n")[:-1]) == sorted(TASK.diagram().split("\n"))
