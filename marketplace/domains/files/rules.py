"""The rules of files: pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from marketplace.domains.files.errors import EmptyFile, FileTooLarge
from marketplace.domains.files.types import Purpose, Upload, Visibility

MAX_BYTES = 5 * 1024 * 1024
MAX_NAME = 100
ORPHANED_AFTER = timedelta(days=1)
LINK_LIVES_S = 3600
LINK_STEP_S = 600
ENDINGS: Mapping[str, str] = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who may see files of a purpose, and the longest side that a picture keeps."""

    visibility: Visibility
    longest_px: int


TERMS: Mapping[Purpose, Terms] = {
    Purpose.AVATAR: Terms(visibility=Visibility.PUBLIC, longest_px=512),
    Purpose.PORTFOLIO: Terms(visibility=Visibility.PUBLIC, longest_px=2048),
    Purpose.ATTACHMENT: Terms(visibility=Visibility.PRIVATE, longest_px=2048),
}


def check_size(upload: Upload) -> None:
    """Refuse a file of nothing or of too much."""
    if not upload.content:
        raise EmptyFile(field=upload.field)
    if len(upload.content) > MAX_BYTES:
        raise FileTooLarge(field=upload.field)


def clean_name(name: str, media_type: str) -> str:
    """A name to show and to save under: no folders, nothing unprintable, and the ending of what it is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(letter for letter in last if letter.isprintable())
    stem = PurePosixPath(unicodedata.normalize("NFC", printable).strip(" .")).stem.strip(" .")
    return (stem[:MAX_NAME] or "file") + ENDINGS[media_type]


def link_expiry(now: datetime) -> int:
    """When a link that is made now expires, in seconds of the epoch: for some minutes links are the same."""
    lived = int(now.timestamp()) + LINK_LIVES_S
    return lived - lived % LINK_STEP_S


def is_orphaned(stored_at: datetime, now: datetime) -> bool:
    """Whether a blob without a row is one that nobody will speak of any more."""
    return stored_at < now - ORPHANED_AFTER
