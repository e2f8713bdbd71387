"""Identifiers that are made by us rather than by a table."""

from uuid import UUID

from uuid_utils.compat import uuid7

MAX_BIGINT = 2**63 - 1


def new_public_id() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7)."""
    return uuid7()
