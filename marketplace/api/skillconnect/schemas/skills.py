"""Skills as they are shown, and as people name them."""

from typing import Annotated, Any

import msgspec
from marshmallow import ValidationError, fields
from typing_extensions import override

from marketplace.api.fields import Text
from marketplace.api.shapes import Id
from marketplace.api.skillconnect.dialect import Input
from marketplace.domains.catalog.public import Skill

MAX_SKILLS = 100
WRONG = "Invalid skills format."


class SkillOut(msgspec.Struct, kw_only=True, frozen=True):
    """Something that people are good at."""

    id: Id
    name: Annotated[str, msgspec.Meta(examples=["Python"])]

    @classmethod
    def of(cls, skill: Skill) -> "SkillOut":
        """A skill of the catalogue, or one that people have named."""
        return cls(id=skill.id, name=skill.name)


class SkillIn(Input):
    """A skill by its name."""

    name = Text(most=100, required=True, metadata={"example": "Python"})


class SkillNames(fields.List[Any]):
    """Skills by their names, `[{"name": "Python"}]`: the names, or one complaint whatever is wrong."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own class attribute
        "null": WRONG,
        "invalid": WRONG,
        "unreadable": WRONG,
    }

    def __init__(self, **options: Any) -> None:
        """A list of at most 100."""
        super().__init__(fields.Nested(SkillIn), **options)
        self.metadata = {"maxItems": MAX_SKILLS, **self.metadata}

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> list[Any]:
        try:
            skills: list[Any] = super()._deserialize(value, attr, data, **options) or []
        except ValidationError as error:
            raise self.make_error("invalid") from error
        if len(skills) > MAX_SKILLS:
            message = f"Ensure this field has no more than {MAX_SKILLS} elements."
            raise ValidationError(message)
        return [skill["name"] for skill in skills]
