"""What profiles of freelancers and of clients have in common."""

from typing import Annotated, Any

import msgspec
from typing_extensions import override

from marketplace.api.fields import File, Text
from marketplace.api.forms import Form
from marketplace.api.skillconnect.dialect import Input
from marketplace.domains.accounts.public import AccountChanges
from marketplace.domains.profiles.public import FileChange

ACCOUNT = {"first_name": "first_name", "last_name": "last_name", "about": "bio", "country": "country"}
ACCOUNT |= {"location": "city"}
Country = Annotated[str, msgspec.Meta(examples=["India"])]
FirstName = Annotated[str, msgspec.Meta(examples=["John"])]
LastName = Annotated[str, msgspec.Meta(examples=["Doe"])]


class CityOut(msgspec.Struct, kw_only=True, frozen=True):
    """A city to choose; `id` is its place in the answer."""

    id: Annotated[int, msgspec.Meta(examples=[0])]
    name: Annotated[str, msgspec.Meta(examples=["Mumbai"])]


class CityQuery(Input):
    """What somebody has typed of a city's name."""

    q = Text(most=100, blank=True, load_default="", metadata={"example": "mum"})


class Words(Text):
    """Text that may be empty; null is empty, too."""

    def __init__(self, *, most: int = 200, **options: Any) -> None:
        """Say how long the text may be."""
        super().__init__(most=most, blank=True, allow_none=True, **options)

    @override
    def deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        return super().deserialize("" if value is None else value, *args, **options)


class MemberChangesIn(Form, Input):
    """What somebody says of themselves in whatever role: what is left out stays, a picture of null goes."""

    first_name = Text(most=150, metadata={"example": "John"})
    last_name = Text(most=150, metadata={"example": "Doe"})
    country = Words(most=100, metadata={"example": "India"})
    location = Words(most=100, metadata={"example": "Mumbai"})
    profile_picture = File(allow_none=True)


def account_of(data: dict[str, Any]) -> AccountChanges:
    """What is said of the person rather than of a role; it is taken out of `data`."""
    return AccountChanges(**{ACCOUNT[name]: data.pop(name) for name in ACCOUNT.keys() & data.keys()})


def picture_of(data: dict[str, Any]) -> FileChange | None:
    """Another picture, where one is said; it is taken out of `data`."""
    return FileChange(upload=data.pop("profile_picture")) if "profile_picture" in data else None
