"""The fields of SkillConnect's bodies that read as its document writes them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError, fields, missing
from typing_extensions import override

from marketplace.api.fields import Amount
from marketplace.api.skillconnect.dialect import CURRENCY
from marketplace.domains.deals.errors import UnknownDecision
from marketplace.domains.deals.public import DECISIONS, Status
from marketplace.kernel.money import Money

# What is paid in many parts may cost more than can be paid at once: up to a hundred million rupees.
MAX_PRICE_MINOR = 9_999_999_999
_NOT_ABOVE_ZERO = re.compile(r"-\d+(\.\d*)?|0+(\.0*)?", re.ASCII)


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


class AmountDue(Amount):
    """What somebody is to pay, in rupees; less than nothing is refused in the document's words."""

    def __init__(self, **options: Any) -> None:
        """An amount that can be paid at once, unless said otherwise."""
        super().__init__(currency=CURRENCY, **options)

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Money:
        if _NOT_ABOVE_ZERO.fullmatch(str(value).strip()):
            message = "Amount must be greater than zero."
            raise ValidationError(message)
        return super()._deserialize(value, attr, data, **options)


class OneOf(fields.Field[Any]):
    """One of some words, and what it stands for; anything else is refused in the document's words."""

    def __init__(self, words: Mapping[str, Any] | Sequence[str], *, says: str, **options: Any) -> None:
        """Name the words, and say what whoever sends another is told."""
        self.words = words if isinstance(words, Mapping) else {str(word): word for word in words}
        super().__init__(error_messages={"required": says, "null": says, "invalid": says}, **options)
        self.metadata = {"type": "string", "enum": list(self.words), **self.metadata}

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, str) or value not in self.words:
            raise self.make_error("invalid")
        return self.words[value]
