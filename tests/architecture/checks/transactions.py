"""Who opens a session, commits and rolls back: the unit of work, and nobody else."""

import ast

from tests.architecture.checks.source import Source

ALLOWED = {"marketplace/kernel/unit_of_work.py", "marketplace/kernel/schema.py"}
ENDINGS = {"commit", "rollback"}
MAKERS = {"Session", "sessionmaker", "scoped_session"}


def outside_unit_of_work(source: Source) -> list[str]:
    """Each commit, rollback or session made outside the unit of work."""
    if source.path in ALLOWED:
        return []
    findings = []
    for node in source.nodes:
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in ENDINGS:
            findings.append(source.at(node, f".{node.func.attr}() belongs to kernel/unit_of_work.py alone"))
        elif source.meaning(node.func) in {f"sqlalchemy.orm.{maker}" for maker in MAKERS}:
            findings.append(source.at(node, "a session is opened by kernel/unit_of_work.py alone"))
    return findings
