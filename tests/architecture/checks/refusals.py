"""Refusals: each has a code of its own and says in its docstring what is wrong."""

import ast
from collections.abc import Iterable

from tests.architecture.checks.families import descendants
from tests.architecture.checks.source import Source

ROOT_REFUSAL = "marketplace.kernel.errors.DomainError"


def wrong_refusals(all_sources: Iterable[Source]) -> list[str]:
    """Each refusal without a docstring or a code, or with the code of another."""
    findings = []
    owners: dict[str, str] = {}
    for name, (source, node) in descendants(all_sources, ROOT_REFUSAL).items():
        if not ast.get_docstring(node):
            findings.append(source.at(node, f"{node.name} says nothing: its docstring is what people read"))
        code = _own_code(node)
        if code is None:
            findings.append(source.at(node, f"{node.name} has no code of its own"))
        elif owners.setdefault(code, name) != name:
            findings.append(source.at(node, f"{node.name} has the code of {owners[code]}: {code}"))
    return findings


def _own_code(node: ast.ClassDef) -> str | None:
    for statement in node.body:
        target: ast.expr | None = None
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign):
            target = statement.target
        else:
            continue
        is_code = isinstance(target, ast.Name) and target.id == "code"
        if is_code and isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str):
            return statement.value.value
    return None
