"""The rooms of a domain, and the doors between domains."""

from tests.architecture.checks.source import Source

ROOMS = {
    "__init__",
    "cli",
    "errors",
    "events",
    "handlers",
    "jobs",
    "models",
    "policy",
    "public",
    "queries",
    "rules",
    "service",
    "types",
}
DIVISIBLE = {"queries", "rules", "service"}
VAGUE = {"base", "common", "helper", "helpers", "misc", "service2", "shared", "tools", "util", "utils"}

# Who may reach which rooms of a domain that is not their own.
DOORS = {
    "api": {"public", "events", "errors", "types"},
    "app": {"cli", "public"},
    "cli": {"cli", "public"},
    "domains": {"public", "events"},
    "realtime": {"public", "events", "errors", "types"},
    "wiring": {"events", "handlers", "jobs", "public"},
}


def misnamed(source: Source) -> list[str]:
    """The file, if it is a room that domains do not have."""
    if source.parts[:2] != ("marketplace", "domains") or len(source.parts) < 4:
        return []
    room, *rest = source.parts[3:]
    if room not in ROOMS:
        return [source.at(1, f"a domain has no {room}.py: its files are {', '.join(sorted(ROOMS))}")]
    if rest and room not in DIVISIBLE:
        return [source.at(1, f"{room} is one file; only {', '.join(DIVISIBLE)} may become a folder")]
    if len(rest) > 1 or VAGUE & set(rest):
        return [source.at(1, "name the use case: service/cancel.py")]
    return []


def reaches_inside(source: Source) -> list[str]:
    """Each import that enters a domain by another way than its doors."""
    findings = []
    for line, name in source.imports:
        parts = name.split(".")
        if parts[:2] != ["marketplace", "domains"] or source.parts[:3] == tuple(parts[:3]):
            continue
        doors = DOORS.get(source.parts[1], set()) if source.parts[0] == "marketplace" else set()
        room = parts[3] if len(parts) > 3 else ""
        if room not in doors:
            said = " and ".join(f"{door}.py" for door in sorted(doors)) or "nothing"
            findings.append(source.at(line, f"imports {name}: from here a domain shows {said}"))
    return findings
