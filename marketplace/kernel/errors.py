"""Refusals: every way in which a command says no.

A refusal is a class with a code, a kind and one sentence, its docstring. Nobody below `api` knows how it is
shown; a face's dialect turns its kind into a status code and its sentence into a body.
"""

from enum import StrEnum
from typing import ClassVar

# The field of a refusal for which several fields together are to blame.
WHOLE = "*"


class Kind(StrEnum):
    """What sort of no it is; a dialect maps each to a status code."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    IN_FLIGHT = "in_flight"
    MISMATCH = "mismatch"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """The request cannot be carried out."""

    code: ClassVar[str] = "refused"
    kind: ClassVar[Kind] = Kind.INVALID
    field: ClassVar[str | None] = None

    def __init__(
        self,
        sentence: str | None = None,
        *,
        field: str | None = None,
        retry_after_s: int | None = None,
        also: "DomainError | None" = None,
    ) -> None:
        """Refuse with the class's own sentence or a more telling one; `also` says what else is wrong."""
        self.sentence = sentence or (type(self).__doc__ or "").split("\n", 1)[0]
        self.of_field = field or self.field
        self.retry_after_s = retry_after_s
        self.also = also
        super().__init__(self.sentence)


class Invalid(DomainError):
    """The request is not valid."""

    code = "invalid"


class Unauthenticated(DomainError):
    """Authentication credentials were not provided."""

    code = "not_authenticated"
    kind = Kind.UNAUTHENTICATED


class Forbidden(DomainError):
    """You do not have permission to perform this action."""

    code = "permission_denied"
    kind = Kind.FORBIDDEN


class NotFound(DomainError):
    """Not found."""

    code = "not_found"
    kind = Kind.NOT_FOUND


class Conflict(DomainError):
    """The request conflicts with the present state."""

    code = "conflict"
    kind = Kind.CONFLICT


class Mismatch(DomainError):
    """This key was used before with another request."""

    code = "mismatch"
    kind = Kind.MISMATCH


class TooMany(DomainError):
    """Request was throttled."""

    code = "throttled"
    kind = Kind.TOO_MANY


class Unavailable(DomainError):
    """This service is not available right now; try again later."""

    code = "unavailable"
    kind = Kind.UNAVAILABLE
