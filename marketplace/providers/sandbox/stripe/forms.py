"""Stripe's form encoding: `metadata[task]=42`, `expand[0]=charges` become nested values."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from marketplace.kernel.money import MAX_PAYABLE_MINOR
from marketplace.providers.sandbox.stripe.errors import StripeRefusal

MAX_FIELDS = 500
MAX_DEPTH = 6
MAX_METADATA_KEYS = 50
MAX_METADATA_KEY = 40
MAX_METADATA_VALUE = 500
_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The form's fields as nested dictionaries; lists become dictionaries by index."""
    tree: dict[str, Any] = {}
    for count, (name, value) in enumerate(pairs):
        match = _NAME.fullmatch(name)
        if match is None or count >= MAX_FIELDS or "\0" in name + value:
            raise StripeRefusal(f"Received unknown parameter: {name[:80]}", code="parameter_unknown")
        path = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        if len(path) > MAX_DEPTH:
            raise StripeRefusal(f"Invalid parameter: {path[0]}", code="parameter_invalid", param=path[0])
        _put(tree, path, value)
    return tree


def _put(tree: dict[str, Any], path: list[str], value: str) -> None:
    branch = tree
    for step in path[:-1]:
        branch = branch.setdefault(step or str(len(branch)), {})
        if not isinstance(branch, dict):
            raise StripeRefusal("Invalid object", code="parameter_invalid", param=path[0])
    branch[path[-1] or str(len(branch))] = value


def text(params: Mapping[str, Any], name: str) -> str:
    """A required word."""
    value = params.get(name)
    if not isinstance(value, str) or not value:
        raise StripeRefusal(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return value


def amount(params: Mapping[str, Any], name: str = "amount") -> int:
    """A required amount in minor units. Stripe's own least amounts vary by currency; the twin takes any."""
    given = text(params, name)
    if not re.fullmatch(r"\d{1,8}", given, re.ASCII) or not 1 <= int(given) <= MAX_PAYABLE_MINOR:
        raise StripeRefusal(
            f"Invalid positive integer: {given[:20]}", code="parameter_invalid_integer", param=name
        )
    return int(given)


def currency(params: Mapping[str, Any]) -> str:
    """A required currency, as Stripe writes it: in small letters."""
    given = text(params, "currency").lower()
    if not re.fullmatch(r"[a-z]{3}", given):
        raise StripeRefusal(f"Invalid currency: {given[:20]}.", code="parameter_invalid", param="currency")
    return given


def metadata(params: Mapping[str, Any]) -> dict[str, str]:
    """What the caller noted on the object."""
    given = params.get("metadata") or {}
    is_fine = isinstance(given, dict) and len(given) <= MAX_METADATA_KEYS
    if not is_fine or not all(_is_note(key, value) for key, value in given.items()):
        raise StripeRefusal("Invalid metadata", code="parameter_invalid", param="metadata")
    return dict(given)


def _is_note(key: str, value: object) -> bool:
    return isinstance(value, str) and len(key) <= MAX_METADATA_KEY and len(value) <= MAX_METADATA_VALUE
