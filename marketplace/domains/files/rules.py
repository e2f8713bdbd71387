"""The rules of files: pure."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from marketplace.domains.files.errors import EmptyFile, FileTooLarge
from marketplace.domains.files.types import Purpose, Upload, Visibility

MB = 1024 * 1024
MAX_NAME = 100
ORPHANED_AFTER = timedelta(days=1)
LINK_LIVES_S = 3600
LINK_STEP_S = 600
# How names of files of each kind end; the first is what a name gets that ends otherwise.
ENDINGS: Mapping[str, Sequence[str]] = {
    "image/png": [".png"],
    "image/jpeg": [".jpg", ".jpeg"],
    "image/webp": [".webp"],
    "image/gif": [".gif"],
    "application/pdf": [".pdf"],
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": [".docx"],
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": [".xlsx"],
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": [".pptx"],
    "application/vnd.oasis.opendocument.text": [".odt"],
    "application/vnd.oasis.opendocument.spreadsheet": [".ods"],
    "application/vnd.oasis.opendocument.presentation": [".odp"],
    "text/plain": [".txt"],
    "text/csv": [".csv"],
    "text/markdown": [".md"],
    "application/zip": [".zip"],
    "audio/mpeg": [".mp3"],
    "audio/aac": [".aac"],
    "audio/mp4": [".m4a", ".mp4"],
    "audio/ogg": [".ogg", ".oga", ".opus"],
    "audio/webm": [".webm", ".weba"],
    "audio/wav": [".wav"],
    "audio/flac": [".flac"],
}
PICTURES = frozenset(kind for kind in ENDINGS if kind.startswith("image/"))


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who may see files of a purpose, what they may be, and the longest side that a picture keeps."""

    visibility: Visibility
    longest_px: int
    most_bytes: int = 5 * MB
    kinds: frozenset[str] = PICTURES
    accepted: str = ""


TERMS: Mapping[Purpose, Terms] = {
    Purpose.AVATAR: Terms(visibility=Visibility.PUBLIC, longest_px=512),
    Purpose.PORTFOLIO: Terms(visibility=Visibility.PUBLIC, longest_px=2048),
    Purpose.LISTING: Terms(visibility=Visibility.PUBLIC, longest_px=2048),
    Purpose.CERTIFICATE: Terms(
        visibility=Visibility.PUBLIC,
        longest_px=4096,
        kinds=PICTURES - {"image/gif"} | {"application/pdf"},
        accepted="Upload a PDF, PNG, JPEG or WebP file.",
    ),
    Purpose.ATTACHMENT: Terms(
        visibility=Visibility.PRIVATE,
        longest_px=4096,
        most_bytes=10 * MB,
        kinds=frozenset(ENDINGS),
        accepted="Upload a document, a picture, a sound or a ZIP file, without programs or macros.",
    ),
}


def check_size(upload: Upload, *, most_bytes: int) -> None:
    """Refuse a file of nothing or of too much."""
    if not upload.content:
        raise EmptyFile(field=upload.field)
    if len(upload.content) > most_bytes:
        sentence = f"The file is larger than {most_bytes // MB} MB."
        raise FileTooLarge(sentence, field=upload.field)


def clean_name(name: str, media_type: str) -> str:
    """A name to show and to save under: no folders, nothing unprintable, and an ending of what it is."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(letter for letter in last if letter.isprintable())
    path = PurePosixPath(unicodedata.normalize("NFC", printable).strip(" ."))
    endings = ENDINGS[media_type]
    ending = path.suffix if path.suffix.lower() in endings else endings[0]
    return (path.stem.strip(" .")[:MAX_NAME] or "file") + ending


def link_expiry(now: datetime) -> int:
    """When a link that is made now expires, in seconds of the epoch: for some minutes links are the same."""
    lived = int(now.timestamp()) + LINK_LIVES_S
    return lived - lived % LINK_STEP_S


def is_orphaned(stored_at: datetime, now: datetime) -> bool:
    """Whether a blob without a row is one that nobody will speak of any more."""
    return stored_at < now - ORPHANED_AFTER
