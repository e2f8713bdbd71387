"""What is written in the pages of the documentation: blocks of code, tables, links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_WORD = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Block:
    """A block of code: its language, its text, and the last line of prose before it."""

    language: str
    text: str
    before: str


def section(page, title):
    """The text below a heading, down to the next one of the same rank."""
    marks = re.search(rf"^(#+) {re.escape(title)}$", page, re.MULTILINE)
    rest = page[marks.end() :]
    end = re.search(
        rf"^#{{1,{len(marks[1])}}} ", _FENCE.sub(lambda found: " " * len(found[0]), rest), re.MULTILINE
    )
    return rest[: end.start()] if end else rest


def blocks(text, *languages):
    """The blocks of code, in order; those of these languages where some are named."""
    found = []
    for match in _FENCE.finditer(text):
        before = text[: match.start()].rstrip().rsplit("\n", 1)[-1]
        if not languages or match[1] in languages:
            found.append(Block(match[1], match[2], before))
    return found


def links(text):
    """Where the links lead, without the blocks of code."""
    return _LINK.findall(_FENCE.sub("", text))


def words(text):
    """What stands between single backticks, without the blocks of code."""
    return _WORD.findall(_FENCE.sub("", text))


def first_cells(text):
    """The words between backticks in the first cell of each row of the tables."""
    rows = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| `")]
    return [word for row in rows for word in words(row)]
