"""Files and functions short enough to be read at a glance."""

from tests.architecture.checks.source import Source

FILE_LINES = 400
FUNCTION_LINES = 50


def too_long(source: Source) -> list[str]:
    """The file, and each of its functions, that is longer than the house allows."""
    findings = []
    lines = source.text.count("\n")
    if lines > FILE_LINES:
        findings.append(source.at(1, f"{lines} lines, at most {FILE_LINES}: split it by use case"))
    for function in source.functions:
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            findings.append(
                source.at(function, f"{function.name} has {length} lines, at most {FUNCTION_LINES}")
            )
    return findings
