"""Values that every face shows alike, and what they look like in the documents."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

Timestamp = Annotated[
    datetime, msgspec.Meta(examples=["2026-02-10T16:32:00Z"], extra_json_schema={"format": "date-time"})
]
Id = Annotated[int, msgspec.Meta(examples=[42])]


class Detail(msgspec.Struct, kw_only=True, frozen=True):
    """A sentence for a person."""

    detail: Annotated[str, msgspec.Meta(examples=["Not found."])]


def timestamp(moment: datetime) -> datetime:
    """A moment to the second."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.replace(microsecond=0)
