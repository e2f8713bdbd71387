"""The fields of SkillConnect's bodies that read as its document writes them."""

from typing import Any

from marshmallow import fields, missing
from typing_extensions import override

from marketplace.domains.deals.errors import UnknownDecision
from marketplace.domains.deals.public import DECISIONS, Status

# What is paid in many parts may cost more than can be paid at once: up to a hundred million rupees.
MAX_PRICE_MINOR = 9_999_999_999


class Decision(fields.Field[Status]):
    """What one side decides about an order; anything else is refused in the document's words."""

    def __init__(self, **options: Any) -> None:
        """Describe the three words."""
        super().__init__(**options)
        self.metadata = {"type": "string", "enum": [str(status) for status in DECISIONS], **self.metadata}

    @override
    def deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        """The decision; what is not sent is none, where one must be sent."""
        if value is missing and not self.required:
            return missing
        if not isinstance(value, str) or value not in DECISIONS:
            raise UnknownDecision
        return Status(value)
