"""Families of classes: who stems from whom, over all files."""

import ast
from collections.abc import Iterable

from tests.architecture.checks.source import Source

Family = dict[str, tuple[Source, ast.ClassDef]]


def descendants(all_sources: Iterable[Source], root: str) -> Family:
    """Every class that stems from `root`, near or far, by its dotted name."""
    classes = {
        f"{source.module}.{node.name}": (source, node) for source in all_sources for node in source.classes
    }
    found = {root}
    while True:
        more = {
            name
            for name, (source, node) in classes.items()
            if name not in found and any(_resolved(source, base) in found for base in node.bases)
        }
        if not more:
            return {name: classes[name] for name in sorted(found - {root})}
        found |= more


def _resolved(source: Source, base: ast.expr) -> str:
    meaning = source.meaning(base)
    return meaning if "." in meaning else f"{source.module}.{meaning}"
