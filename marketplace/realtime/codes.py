"""The codes with which a socket is closed."""

from enum import IntEnum

from marketplace.kernel.errors import Kind


class Code(IntEnum):
    """Why a socket closes: RFC 6455's numbers below 4000, the documents' own from there."""

    NORMAL = 1000
    GOING_AWAY = 1001
    TOO_LARGE = 1009
    SERVER_ERROR = 1011
    TRY_LATER = 1013
    UNAUTHENTICATED = 4401
    FORBIDDEN = 4403
    NOT_FOUND = 4404
    TOKEN_EXPIRED = 4408


# What passes: the client may come again as it is.
COME_AGAIN = frozenset({Code.GOING_AWAY, Code.SERVER_ERROR, Code.TRY_LATER})
# A channel that is not yours and one that does not exist are not told apart.
_NOT_THEIRS = frozenset({Kind.NOT_FOUND, Kind.FORBIDDEN, Kind.INVALID})


def code_of(kind: Kind, *, not_theirs: int = Code.NOT_FOUND) -> int:
    """The code with which a socket closes that is refused; faces differ in what is nobody's or another's."""
    if kind is Kind.UNAUTHENTICATED:
        return Code.UNAUTHENTICATED
    return not_theirs if kind in _NOT_THEIRS else Code.TRY_LATER
