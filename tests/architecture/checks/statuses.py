"""Life cycles: statuses are compared by the tables of rules.py, and read by queries."""

import ast

from tests.architecture.checks.source import Source

ALLOWED_FILES = {"marketplace/kernel/process.py"}
ALLOWED_ROOMS = {"models", "queries", "rules"}


def compared(source: Source) -> list[str]:
    """Each comparison of a status with a literal outside the rules, the models and the queries."""
    if source.path in ALLOWED_FILES or (source.parts[3:4] and source.parts[3] in ALLOWED_ROOMS):
        return []
    findings = []
    for node in source.nodes:
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_is_status(side) for side in sides) and any(_is_literal(side) for side in sides):
                findings.append(source.at(node, "a status is compared here: ask the Process in rules.py"))
        elif isinstance(node, ast.Match) and _is_status(node.subject):
            findings.append(source.at(node, "a status is matched here: ask the Process in rules.py"))
    return findings


def _is_status(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and (node.attr == "status" or node.attr.endswith("_status"))


def _is_literal(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str)
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return any(_is_literal(element) for element in node.elts)
    if not isinstance(node, ast.Attribute) or _is_status(node):
        return False
    return isinstance(node.value, ast.Name) and node.value.id[:1].isupper()
