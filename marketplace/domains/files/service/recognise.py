"""What a file is, by what it holds: a kind of the house's list, or nothing.

Nothing is unpacked or run: of an archive, the list of names at its end is read if it is short enough.
A text has no mark of its own, so its name says which kind of text it is; a program's name says no such thing.
"""

import re
import struct
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import BadZipFile, ZipFile

from marketplace.domains.files.types import Upload

HEAD_BYTES = 4096
MAX_DIRECTORY_BYTES = 1024 * 1024
# How files begin. The last two are frames of sound (ISO 11172-3, section 2.4.1.3; ISO 13818-7, section 6.2).
MARKS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"%PDF-\d"), "application/pdf"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb][\x10-\xef]"), "audio/mpeg"),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9]"), "audio/aac"),
)
END_OF_ARCHIVE, END_BYTES = b"PK\x05\x06", 22
TEXTS = {".txt": "text/plain", ".csv": "text/csv", ".md": "text/markdown"}
OFFICE = "application/vnd.openxmlformats-officedocument."
# The part that makes such a package what it is (ECMA-376, part 1).
MAIN_PARTS = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# Where macros and controls live (MS-OFFMACRO2; OpenDocument 1.3), and what makes an archive a program.
ACTIVE = re.compile(
    r".*vbaproject\.bin|.*vbadata\.xml|xl/macrosheets/.*|.*/activex/.*|basic/.*|scripts/.*"
    r"|meta-inf/manifest\.mf|androidmanifest\.xml|classes\.dex",
    re.DOTALL,
)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ACTIVE_TEXT = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:#!|<[!?]|<(?:html|head|body|script|svg|iframe)\b)", re.IGNORECASE
)
_HANDLER = re.compile(rb"hdlr.{8}(soun|vide)", re.DOTALL)


def recognise(upload: Upload) -> str | None:
    """The media type of an upload, or `None` for what is on no list."""
    content = upload.content
    found = (find(content) for find in _FINDERS)
    return next((kind for kind in found if kind), None) or _text(content, upload.name)


def _marked(content: bytes) -> str | None:
    return next((kind for mark, kind in MARKS if mark.match(content)), None)


def _archive(content: bytes) -> str | None:
    """The kind of a ZIP file, and of the documents that are one, by the names in it."""
    if not content.startswith(b"PK\x03\x04") or not _is_whole(content):
        return None
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = [name.lower() for name in archive.namelist()]
    except (BadZipFile, ValueError, RuntimeError):
        return None
    if any(ACTIVE.fullmatch(name) for name in names):
        return None
    if "mimetype" in names:
        return _open_document(content)
    if "[content_types].xml" in names:
        return next((kind for part, kind in MAIN_PARTS.items() if part in names), None)
    return "application/zip"


def _is_whole(content: bytes) -> bool:
    """Whether one archive fills the file, and its list of names is short (APPNOTE 6.3, section 4.3.16)."""
    place = content.rfind(END_OF_ARCHIVE)
    if place < 0 or len(content) < place + END_BYTES:
        return False
    size, start, comment = struct.unpack_from("<IIH", content, place + 12)
    ends: tuple[int, int] = (start + size, place + END_BYTES + comment)
    return ends == (place, len(content)) and int(size) <= MAX_DIRECTORY_BYTES


def _open_document(content: bytes) -> str | None:
    """The type that such a package says of itself in its first file, which is stored as it is."""
    if content[30:38] != b"mimetype":
        return None
    size = int.from_bytes(content[22:26], "little")
    said = content[38 : 38 + size].decode("ascii", errors="replace")
    is_known = said in {f"{OPEN_DOCUMENT}{kind}" for kind in ("text", "spreadsheet", "presentation")}
    return said if is_known else None


def _mp4(content: bytes) -> str | None:
    if content[4:8] != b"ftyp":
        return None
    handlers = {found[1] for found in _HANDLER.finditer(content)}
    return "audio/mp4" if handlers == {b"soun"} else None


def _ogg(content: bytes) -> str | None:
    head = content[:HEAD_BYTES]
    is_sound = any(codec in head for codec in (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC"))
    return "audio/ogg" if head.startswith(b"OggS") and is_sound and b"theora" not in head else None


def _webm(content: bytes) -> str | None:
    head = content[:HEAD_BYTES]
    is_webm = head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head
    is_sound = b"A_OPUS" in head or b"A_VORBIS" in head
    return "audio/webm" if is_webm and is_sound and b"V_" not in head else None


def _text(content: bytes, name: str) -> str | None:
    kind = TEXTS.get(PurePosixPath(name.lower()).suffix)
    return None if _NOT_TEXT.search(content) or _ACTIVE_TEXT.match(content) else kind


_FINDERS: tuple[Callable[[bytes], str | None], ...] = (_marked, _archive, _mp4, _ogg, _webm)
