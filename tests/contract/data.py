"""A contract as data: what each endpoint is asked and what it must at least answer."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Maybe:
    """A value of this kind, or null."""

    value: Any


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One endpoint of the contract."""

    id: str
    method: str
    path: str
    actor: str
    bodies: list[Any]
    status: int
    answer: Any
    access: dict[str, int]
    needs: list[str] = field(default_factory=list)
    is_paged: bool = False
    is_signed: bool = False

    @property
    def rule(self) -> tuple[str, str]:
        """The method and the path with its parameters left out."""
        return self.method, PLACE.sub("{}", self.path.partition("?")[0])


class Loader(yaml.SafeLoader):
    """YAML with `!maybe`."""


def _maybe(loader: Loader, node: yaml.Node) -> Maybe:
    if isinstance(node, yaml.MappingNode):
        return Maybe(loader.construct_mapping(node, deep=True))
    tag = loader.resolve(yaml.ScalarNode, node.value, (node.style is None, node.style is not None))
    return Maybe(loader.construct_object(yaml.ScalarNode(tag, node.value)))


Loader.add_constructor("!maybe", _maybe)


@cache
def contract(face: str) -> tuple[Endpoint, ...]:
    """Every endpoint of a face's contract."""
    with (HERE / f"{face}.yaml").open() as file:
        document = yaml.load(file, Loader)
    return tuple(_endpoint(given) for given in document["endpoints"])


def fill_in(template: Any, world: Any) -> Any:
    """A template with the world's things in its places; a text that is only a place becomes the thing."""
    if isinstance(template, Maybe):
        return fill_in(template.value, world)
    if isinstance(template, dict):
        return {name: fill_in(value, world) for name, value in template.items()}
    if isinstance(template, list):
        return [fill_in(value, world) for value in template]
    if not isinstance(template, str):
        return template
    if place := PLACE.fullmatch(template):
        return getattr(world, place[1])
    return PLACE.sub(lambda place: str(getattr(world, place[1])), template)


def differences(expected: Any, found: Any, where: str = "answer") -> list[str]:
    """Where what was found lacks a key that is expected or has a value of another JSON kind."""
    if isinstance(expected, Maybe):
        return [] if found is None else differences(expected.value, found, where)
    if _kind(expected) != _kind(found):
        return [f"{where} is {_kind(found)}, not {_kind(expected)}"]
    if isinstance(expected, dict):
        missing = [f"{where}.{name} is missing" for name in expected.keys() - found.keys()]
        return sorted(missing) + [
            difference
            for name in expected
            if name in found
            for difference in differences(expected[name], found[name], f"{where}.{name}")
        ]
    if isinstance(expected, list) and expected:
        if not found:
            return [f"{where} is empty"]
        return [
            difference
            for number, item in enumerate(found)
            for difference in differences(expected[0], item, f"{where}[{number}]")
        ]
    return []


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = {bool: "a boolean", int: "an integer", float: "a number", str: "a string", list: "an array"}
    return kinds.get(type(value), "an object")


def _endpoint(given: dict[str, Any]) -> Endpoint:
    method, path = given["ask"].split(" ")
    page = {"count": 1, "next": Maybe("http://x/?page=2"), "previous": Maybe("http://x/?page=1")}
    answer = {**page, "results": [given["pages"]]} if "pages" in given else given.get("answer")
    return Endpoint(
        id=given["id"],
        method=method,
        path=path,
        actor=given["as"],
        bodies=[given["signed"]] if "signed" in given else given.get("says", [None]),
        status=given["status"],
        answer=answer,
        access=given["access"],
        needs=given.get("needs", []),
        is_paged="pages" in given,
        is_signed="signed" in given,
    )
