"""Facts: each is a frozen value, and someone hears it or the wiring says that nobody does."""

import ast
from collections.abc import Iterable

from tests.architecture.checks.families import descendants
from tests.architecture.checks.source import Source

ROOT_FACT = "marketplace.kernel.facts.Fact"
UNHEARD = "UNHEARD"


def unwired_facts(all_sources: Iterable[Source], wiring: Source) -> list[str]:
    """Each fact that the wiring does not name, and each that it wires though it calls it unheard."""
    known = descendants(all_sources, ROOT_FACT)
    unheard = _named(wiring, [node for node in wiring.tree.body if _is_unheard(node)]) & known.keys()
    heard = _named(wiring, [node for node in wiring.tree.body if not _is_unheard(node)]) & known.keys()
    findings = [
        source.at(node, f"{node.name} is neither wired nor listed as unheard in {wiring.path}")
        for name, (source, node) in known.items()
        if name not in heard | unheard
    ]
    return findings + [
        wiring.at(1, f"{name} is wired and listed as unheard") for name in sorted(heard & unheard)
    ]


def loose_facts(all_sources: Iterable[Source]) -> list[str]:
    """Each fact that is not a frozen keyword-only dataclass, or not in events.py."""
    findings = []
    for source, node in descendants(all_sources, ROOT_FACT).values():
        if not any(_is_frozen_dataclass(decorator) for decorator in node.decorator_list):
            findings.append(source.at(node, f"{node.name} is not a @dataclass(frozen=True, kw_only=True)"))
        if source.parts[1] == "domains" and source.parts[-1] != "events":
            findings.append(source.at(node, f"{node.name} is a fact: it lives in events.py"))
    return findings


def _named(source: Source, statements: Iterable[ast.stmt]) -> set[str]:
    return {
        source.meaning(node)
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Name | ast.Attribute)
    }


def _is_unheard(node: ast.stmt) -> bool:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return any(isinstance(target, ast.Name) and target.id == UNHEARD for target in targets)


def _is_frozen_dataclass(decorator: ast.expr) -> bool:
    if not isinstance(decorator, ast.Call):
        return False
    settings = {keyword.arg: getattr(keyword.value, "value", None) for keyword in decorator.keywords}
    return settings.get("frozen") is True and settings.get("kw_only") is True
