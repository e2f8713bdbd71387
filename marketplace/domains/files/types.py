"""What files speaks of."""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """What a file is for."""

    AVATAR = "avatar"
    PORTFOLIO = "portfolio"
    LISTING = "listing"
    CERTIFICATE = "certificate"
    ATTACHMENT = "attachment"


class Visibility(StrEnum):
    """Who may see a file: anybody, or whoever was given a link that expires."""

    PUBLIC = "public"
    PRIVATE = "private"


class Variant(StrEnum):
    """Which form of a file is meant."""

    ORIGINAL = "original"
    THUMBNAIL = "thumbnail"


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file as it was sent, and the field of the form that it came by."""

    field: str
    name: str
    content: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file that is stored as it came."""

    media_type: str
    content: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as it is stored: drawn anew, so that of the file that was sent only what is seen is left."""

    media_type: str
    content: bytes = dataclasses.field(repr=False)
    thumbnail: bytes = dataclasses.field(repr=False)
    width: int
    height: int


@dataclass(frozen=True, kw_only=True)
class Stored:
    """Blobs that lie in the store and that no row speaks of yet."""

    public_id: UUID
    purpose: Purpose
    name: str
    media_type: str
    size: int
    sha256: str
    key: str
    width: int | None = None
    height: int | None = None
    thumbnail_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class File:
    """A file; `size` is in bytes, and a picture has `width` and `height` in pixels, and a thumbnail."""

    id: int
    public_id: UUID
    owner_id: int
    purpose: Purpose
    visibility: Visibility
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    key: str
    thumbnail_key: str | None
    created_at: datetime

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture, which has a thumbnail and is shown; what is none is saved."""
        return self.thumbnail_key is not None

    @property
    def extension(self) -> str:
        """The ending of its name, in lower case and without the dot: `pdf`."""
        return self.name.rpartition(".")[2].lower()


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file's content as it is served; a private one may be kept for `fresh_s` seconds."""

    content: bytes = dataclasses.field(repr=False)
    media_type: str
    name: str
    version: str
    is_picture: bool
    is_public: bool
    fresh_s: int
