"""Parts of URLs."""

from typing_extensions import override
from werkzeug.routing import BaseConverter, ValidationError

from marketplace.kernel.ids import MAX_BIGINT

ID_SCHEMA = {"type": "integer", "minimum": 1, "maximum": MAX_BIGINT}


class IdConverter(BaseConverter):
    """The id of something in a URL: 1 to 2^63 - 1; anything else is no URL of ours."""

    regex = r"[0-9]{1,19}"

    @override
    def to_python(self, value: str) -> int:
        """The number."""
        number = int(value)
        if not 1 <= number <= MAX_BIGINT:
            raise ValidationError
        return number
