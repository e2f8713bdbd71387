"""Portfolios as MultiTask shows and takes them."""

from typing import Annotated, Any, cast

import msgspec
from marshmallow import post_load

from marketplace.api.fields import File, Text, WebAddress
from marketplace.api.forms import Form
from marketplace.api.multitask.dialect import Id, Input, Timestamp, timestamp
from marketplace.domains.files import public as files
from marketplace.domains.files.public import Variant
from marketplace.domains.profiles.public import ItemChanges, ItemView

FileLink = Annotated[
    str, msgspec.Meta(examples=["http://localhost:8000/files/01a1fd88-5db5-71e9-b0cd-f58b4aebd93a"])
]


class PortfolioItemOut(msgspec.Struct, kw_only=True, frozen=True):
    """Something that somebody shows of their work."""

    id: Id
    title: Annotated[str, msgspec.Meta(examples=["A wardrobe of oak"])]
    description: str
    image: FileLink | None
    thumbnail: FileLink | None
    project_url: Annotated[str, msgspec.Meta(examples=["https://example.com/wardrobe"])]
    created_at: Timestamp

    @classmethod
    def of(cls, view: ItemView) -> "PortfolioItemOut":
        """An item with its picture."""
        item, picture = view.item, view.picture
        return cls(
            id=item.id,
            title=item.title,
            description=item.description,
            image=files.url_of(picture) if picture else None,
            thumbnail=files.url_of(picture, Variant.THUMBNAIL) if picture else None,
            project_url=item.project_url,
            created_at=timestamp(item.created_at),
        )


class PortfolioChangesIn(Form, Input):
    """What is said of an item: what is left out stays, an image of null is taken away."""

    title = Text(most=200, metadata={"example": "A wardrobe of oak"})
    description = Text(most=5000, blank=True, metadata={"example": "Two doors, oiled, built in a week."})
    project_url = WebAddress(blank=True, metadata={"example": "https://example.com/wardrobe"})
    image = File(allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> ItemChanges:
        """The changes that the domain knows."""
        if "image" in data:
            data["picture"] = data.pop("image")
        return cast("ItemChanges", data)


class PortfolioItemIn(PortfolioChangesIn):
    """Something that one shows of one's work."""

    title = Text(most=200, required=True, metadata={"example": "A wardrobe of oak"})
