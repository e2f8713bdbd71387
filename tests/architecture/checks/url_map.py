"""The URL map: who may enter each route, and what the documents say of it."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, product, zip_longest
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

Described = dict[str, Any]
OPEN_ACCESS = {"optional", "public"}
METHODS = {"DELETE", "GET", "PATCH", "POST", "PUT"}
UNAUTHORIZED = 401
SAMPLES = ("1", "00000000-0000-7000-8000-000000000000", "task_1")


def describe(app: Flask, prefixes: Iterable[str]) -> Described:
    """What an application serves: its routes, what each answers to somebody unknown, and its documents."""
    faces = app.extensions["marketplace.specs"]
    return {
        "prefixes": sorted(prefixes),
        "routes": list(_routes(app)),
        "documents": {name: json.loads(json.dumps(spec.to_dict())) for name, spec in faces.items()},
    }


def entrances(described: Described) -> list[str]:
    """The routes that let in somebody unknown, as `POST /api/auth/login/`."""
    return sorted(_name(route) for route in _of_faces(described) if route["access"] in OPEN_ACCESS)


def unguarded(described: Described) -> list[str]:
    """Each route of a face that does not say whom it lets in, or lets in more."""
    findings = []
    for route in _of_faces(described):
        if route["access"] is None:
            findings.append(f"{_name(route)} does not say whom it lets in")
        elif route["access"] not in OPEN_ACCESS and route["status"] != UNAUTHORIZED:
            findings.append(
                f"{_name(route)} answers {route['status']} to somebody unknown, not {UNAUTHORIZED}"
            )
    return findings


def undocumented(described: Described) -> list[str]:
    """Each route of a face without a summary or a success schema in the face's document."""
    findings = []
    for route in _of_faces(described):
        paths = described["documents"][_face(described, route)]["paths"]
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", route["path"])
        operation = paths.get(path, {}).get(route["method"].lower())
        if operation is None:
            findings.append(f"{_name(route)} is in no document")
            continue
        if not operation.get("summary"):
            findings.append(f"{_name(route)} has no summary")
        findings += [f"{_name(route)} {complaint}" for complaint in _success_complaints(operation)]
    return findings


def strangers(described: Described) -> list[str]:
    """Each route that stands in the URL space of the faces without belonging to one."""
    return [
        f"{_name(route)} belongs to no face: {route['endpoint']}"
        for route in described["routes"]
        if route["path"].startswith(tuple(described["prefixes"])) and _face(described, route) is None
    ]


def _success_complaints(operation: dict[str, Any]) -> Iterator[str]:
    successes = {status: answer for status, answer in operation["responses"].items() if status[0] == "2"}
    if not successes:
        yield "documents no success"
    for status, answer in successes.items():
        has_schema = any(content.get("schema") for content in answer.get("content", {}).values())
        if status == "204" and has_schema:
            yield "documents a body for 204"
        elif status != "204" and not has_schema:
            yield f"has no schema for {status}"


def _routes(app: Flask) -> Iterator[dict[str, Any]]:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        notes = getattr(app.view_functions[rule.endpoint], "_apidoc", {})
        access = notes.get("access", {}).get("access")
        for method in sorted(METHODS & (rule.methods or set())):
            is_guarded = access not in {None, *OPEN_ACCESS}
            path = _sample(app, rule, method) if is_guarded else ""
            yield {
                "method": method,
                "path": rule.rule,
                "endpoint": rule.endpoint,
                "access": access,
                "status": client.open(path, method=method).status_code if is_guarded else None,
            }


def _sample(app: Flask, rule: Rule, method: str) -> str:
    """A path that leads to a rule: the first sample values that its converters take."""
    adapter = app.url_map.bind("localhost")
    pieces = re.split(r"<[^<>]+>", rule.rule)
    for values in product(SAMPLES, repeat=len(pieces) - 1):
        path = "".join(chain.from_iterable(zip_longest(pieces, values, fillvalue="")))
        with suppress(HTTPException):
            if adapter.match(path, method=method)[0] == rule.endpoint:
                return path
    message = f"no sample value fits {rule.rule}: add one to SAMPLES"
    raise LookupError(message)


def _of_faces(described: Described) -> list[dict[str, Any]]:
    return [route for route in described["routes"] if _face(described, route) is not None]


def _face(described: Described, route: dict[str, Any]) -> str | None:
    """The face whose blueprint serves a route: the endpoint `multitask_Auth.login` is of `multitask`."""
    owner = route["endpoint"].partition("_")[0]
    return owner if owner in described["documents"] else None


def _name(route: dict[str, Any]) -> str:
    return f"{route['method']} {route['path']}"
