"""Parts of URLs."""

from typing_extensions import override
from werkzeug.routing import BaseConverter

DIGITS = 18
ID_SCHEMA = {"type": "integer", "minimum": 1, "maximum": 10**DIGITS - 1}


class IdConverter(BaseConverter):
    """The id of something in a URL: a number from 1 of at most 18 digits; anything else is no URL of ours.

    The pattern alone decides. Werkzeug answers 405 where the pattern of two routes fits and a value is
    refused after that.
    """

    regex = rf"[1-9][0-9]{{0,{DIGITS - 1}}}"

    @override
    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)
