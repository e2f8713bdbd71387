"""The sources that the checks read: each file's place, text and syntax tree."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Source:
    """One Python file; `path` is relative to the root of the repository."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree, parsed once."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree, walked once."""
        return list(ast.walk(self.tree))

    @cached_property
    def module(self) -> str:
        """The dotted name of the module."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def names(self) -> dict[str, str]:
        """What each imported name stands for: `{"deals": "marketplace.domains.deals.public"}`."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.split(".", 1)[0]
                    found[name] = alias.name if alias.asname else name
        return found

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Every import as line and dotted name, down to the name taken from the module."""
        found: list[tuple[int, str]] = []
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
            elif isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
        return found

    @cached_property
    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method."""
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    @cached_property
    def classes(self) -> list[ast.ClassDef]:
        """Every class."""
        return [node for node in self.nodes if isinstance(node, ast.ClassDef)]

    @property
    def parts(self) -> tuple[str, ...]:
        """The path in pieces, without the ending: `("marketplace", "domains", "deals", "rules")`."""
        return tuple(self.path.removesuffix(".py").split("/"))

    def meaning(self, node: ast.expr) -> str:
        """The dotted name that an expression refers to through this file's imports, or "" when it is none."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.meaning(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""

    def at(self, node: ast.stmt | ast.expr | int, sentence: str) -> str:
        """A finding: where it is and what is wrong."""
        line = node if isinstance(node, int) else node.lineno
        return f"{self.path}:{line}: {sentence}"


def sources(*folders: str) -> list[Source]:
    """The Python files below folders of the repository, each read once a run."""
    return [
        _read(path.relative_to(ROOT).as_posix())
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "__pycache__" not in path.parts
    ]


_known: dict[str, Source] = {}


def _read(path: str) -> Source:
    if path not in _known:
        _known[path] = Source(path, (ROOT / path).read_text())
    return _known[path]


def text_files() -> Iterator[tuple[str, str]]:
    """Every text of the repository that people wrote, as (path, text)."""
    for path in sorted(ROOT.rglob("*")):
        place = path.relative_to(ROOT)
        if _is_made_by_machines(place) or not path.is_file() or path.stat().st_size > LARGEST_TEXT:
            continue
        try:
            yield place.as_posix(), path.read_text()
        except UnicodeDecodeError:
            continue


LARGEST_TEXT = 400_000
_MADE = {"__pycache__", "instance", "build", "dist", "htmlcov", "node_modules", "static"}


def _is_made_by_machines(place: Path) -> bool:
    return any(
        part in _MADE
        or part.endswith(".egg-info")
        or (part.startswith(".") and part not in {".github", ".env.example"})
        for part in place.parts
    )
