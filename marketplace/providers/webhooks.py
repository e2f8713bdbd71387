"""What can be read of a webhook that is signed, whoever sent it.

Whatever is signed and names itself is an event: a provider repeats for days what is not taken in, so parts of
it that make no sense are left out, and the rest is kept.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from marketplace.kernel.clock import clock

# An event is told at once or late, never before it happens; what says so is taken as happening now.
CLOCKS_DIFFER_BY = timedelta(days=1)
MAX_NAME = 255
NOTHING = msgspec.Raw(b"null")


def is_name(text: str) -> bool:
    """Whether something can be called so."""
    return 0 < len(text) <= MAX_NAME


def read(raw: msgspec.Raw) -> Any:
    """What a part of a body says, `None` where it makes no sense."""
    try:
        return storable(msgspec.json.decode(raw))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def moment(created: object) -> datetime:
    """The moment that a number of seconds names, the present where none can be meant."""
    now = clock.now()
    if isinstance(created, bool) or not isinstance(created, int):
        return now
    latest = (now + CLOCKS_DIFFER_BY).timestamp()
    return datetime.fromtimestamp(created, UTC) if 0 <= created <= latest else now


def storable(thing: Any) -> Any:
    """The same without NUL, which PostgreSQL does not take."""
    if isinstance(thing, str):
        return thing.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if isinstance(thing, Mapping):
        return {storable(name): storable(value) for name, value in thing.items()}
    if isinstance(thing, list):
        return [storable(value) for value in thing]
    return thing
