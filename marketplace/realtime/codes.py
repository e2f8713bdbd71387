"""The codes with which a socket is closed."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from marketplace.kernel.errors import Kind


class Code(IntEnum):
    """Why a socket closes: RFC 6455's numbers below 4000, the documents' own from there."""

    NORMAL = 1000
    GOING_AWAY = 1001
    TOO_LARGE = 1009
    SERVER_ERROR = 1011
    TRY_LATER = 1013
    UNAUTHENTICATED = 4401
    NOT_FOUND = 4404
    TOKEN_EXPIRED = 4408


# A channel that is not yours and one that does not exist are not told apart.
CODE_OF_KIND: Mapping[Kind, int] = MappingProxyType(
    {
        Kind.UNAUTHENTICATED: Code.UNAUTHENTICATED,
        Kind.NOT_FOUND: Code.NOT_FOUND,
        Kind.FORBIDDEN: Code.NOT_FOUND,
        Kind.INVALID: Code.NOT_FOUND,
    }
)
