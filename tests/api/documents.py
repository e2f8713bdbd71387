"""The faces' documents as data, read from an application that is made for their sake in another process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
METHODS = ("delete", "get", "patch", "post", "put")
PRINT = """
import json, sys
from wsgi import app
json.dump({name: face.spec() for name, face in app.extensions["marketplace.faces"].items()}, sys.stdout)
"""


@dataclass(frozen=True)
class Operation:
    """One operation of one face's document."""

    face: str
    path: str
    method: str
    described: dict[str, Any]
    parameters: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def body(self) -> dict[str, Any] | None:
        """The JSON schema of the request's body, if it takes one."""
        content = self.described.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema")

    @property
    def form(self) -> str | None:
        """The media type of a form that stands for the body as well, if one does."""
        kinds = set(self.described.get("requestBody", {}).get("content", {}))
        return next(iter(kinds - {"application/json"}), None)

    @property
    def is_open(self) -> bool:
        """Whether it lets in somebody unknown."""
        return self.described["security"] == [] or {} in self.described["security"]


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Each mounted face's document by the face's name.

    Making an application configures the process it runs in, and tests are collected before there is a
    database: so it is made in a process of its own.
    """
    run = subprocess.run(
        [sys.executable, "-c", PRINT],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], "RATE_LIMITS": "off"},
    )
    return json.loads(run.stdout)


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of every mounted face, in the order of the documents."""
    return tuple(_operations())


def _operations() -> Iterator[Operation]:
    for face, document in documents().items():
        for path, item in document["paths"].items():
            for method in METHODS:
                if method in item:
                    described = item[method]
                    parameters = (*item.get("parameters", ()), *described.get("parameters", ()))
                    yield Operation(face, path, method, described, parameters)
