"""The fields of SkillConnect's bodies that read as its document writes them."""

from typing import Any

from marshmallow import ValidationError, fields, missing
from typing_extensions import override

from marketplace.api.fields import Text
from marketplace.api.skillconnect.dialect import CURRENCY
from marketplace.domains.deals.errors import UnknownDecision
from marketplace.domains.deals.public import DECISIONS, Status
from marketplace.kernel.money import Money

MAX_SKILLS = 100
# Ten million times what can be paid at once would still be stored; a price beyond this is a slip.
MAX_PRICE_MINOR = 9_999_999_999
_name = Text(most=100)


class SkillNames(fields.Field[list[str]]):
    """Skills by name: `[{"name": "Python"}, ...]`."""

    def __init__(self, **options: Any) -> None:
        """Describe the list of names."""
        super().__init__(**options)
        item = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
        self.metadata = {"type": "array", "items": item, "example": [{"name": "Python"}], **self.metadata}

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[str]:
        try:
            return [_name.deserialize(item["name"]) for item in _listed(value)]
        except (KeyError, TypeError, ValidationError) as error:
            message = "Invalid skills format."
            raise ValidationError(message) from error


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


def rupees(money: Money) -> int | float:
    """An amount as the document writes it: a whole number where it is whole."""
    if money.currency != CURRENCY:
        message = f"{money.currency} is not what SkillConnect shows"
        raise ValueError(message)
    whole, rest = divmod(money.minor, 100)
    return money.minor / 100 if rest else whole


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_SKILLS:
        raise TypeError
    return value
