"""Who tells the time: the kernel's clock, which the sandbox may move."""

import ast
import re

from tests.architecture.checks.source import Source

ALLOWED = {"marketplace/kernel/clock.py"}
READINGS = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.time",
    "time.time_ns",
}
SQL_READINGS = {"now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp"}
SQL_WORDS = re.compile(
    r"\b(?:now\(\)|(?:clock|statement|transaction)_timestamp\(\)|current_(?:timestamp|date)\b)", re.IGNORECASE
)


def read_elsewhere(source: Source) -> list[str]:
    """Each reading of the machine's time outside the clock; in a domain, also of the database's."""
    if source.path in ALLOWED:
        return []
    findings = [
        source.at(node, f"{source.meaning(node)}: marketplace.kernel.clock tells the time")
        for node in source.nodes
        if isinstance(node, ast.Attribute | ast.Name)
        and isinstance(node.ctx, ast.Load)
        and source.meaning(node) in READINGS
    ]
    if source.parts[:2] == ("marketplace", "domains"):
        findings += _database_time(source)
    return findings


def _database_time(source: Source) -> list[str]:
    findings = []
    for node in source.nodes:
        is_function = (
            isinstance(node, ast.Attribute)
            and node.attr in SQL_READINGS
            and source.meaning(node.value) in {"sqlalchemy.func", "sqlalchemy.sql.func"}
        )
        is_text = (
            isinstance(node, ast.Call)
            and source.meaning(node.func) == "sqlalchemy.text"
            and any(
                isinstance(word, ast.Constant) and SQL_WORDS.search(str(word.value)) for word in node.args
            )
        )
        if is_function or is_text:
            findings.append(source.at(node.lineno, "the database's time is not the domain's: pass `now`"))
    return findings
