"""What may not stand in a text: work left over, silent exceptions, paths of one machine."""

import re

from tests.architecture.checks.source import Source

LEFT_OVER = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")))
SILENCER = re.compile(
    r"#\s*(noqa|type:\s*ignore|pragma:\s*no\s*cover|fmt:\s*(?:off|skip)|mypy:|ruff:)(.*)", re.IGNORECASE
)
CODES = r"(?::?\s*[\w-]+(?:\s*,\s*[\w-]+)*|\[[\w, -]+\])?"
REASON = re.compile(CODES + r"\s+(?:[-–:]|#)\s*\S+\s+\S+")
WHOLE_FILE = re.compile(r"#\s*(?:(?:ruff|flake8):\s*noqa|mypy:\s*ignore-errors|fmt:\s*off)", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.}/$-])/(?:home|root|Users|work|farm|mnt|scratch)/\w|\b[A-Z]:\\+\w")
SKIPPED = re.compile(r"pytest\.mark\.(?:skip|xfail)|pytest\.(?:skip|xfail)\(|NotImplemented" + "Error")


def left_over(path: str, text: str) -> list[str]:
    """Each mark of work that was put off."""
    return [
        f"{path}:{number}: {match.group()}: do it, or open an issue"
        for number, line in enumerate(text.splitlines(), 1)
        if (match := LEFT_OVER.search(line))
    ]


def silent_exceptions(source: Source) -> list[str]:
    """Each check that is switched off for a whole file, or for a line without saying why."""
    findings = []
    for number, line in enumerate(source.text.splitlines(), 1):
        match = SILENCER.search(line)
        if not match:
            continue
        if WHOLE_FILE.search(line):
            findings.append(source.at(number, "a check is switched off for the whole file"))
        elif not REASON.match(match.group(2)):
            findings.append(source.at(number, "an exception says why: `# noqa: CODE - the reason`"))
    return findings


def paths_of_one_machine(path: str, text: str) -> list[str]:
    """Each absolute path that exists on one machine only."""
    return [
        f"{path}:{number}: names a path of one machine: {match.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        if (match := MACHINE.search(line))
    ]


def put_off(source: Source) -> list[str]:
    """Each skipped test and each stub."""
    return [
        source.at(number, f"{match.group()}: build it, or take it out")
        for number, line in enumerate(source.text.splitlines(), 1)
        if (match := SKIPPED.search(line))
    ]
