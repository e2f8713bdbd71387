"""Pictures: looked at by what they are, and drawn anew.

Whatever a file holds beside its pixels (places and names of cameras, scripts, other files) is left behind.
"""

import ctypes
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing
from io import BytesIO
from typing import Any, NamedTuple

import structlog
from PIL import Image, ImageOps
from PIL.Image import DecompressionBombError, DecompressionBombWarning

from marketplace.domains.files.errors import NotAPicture, PictureTooLarge
from marketplace.domains.files.service.containers import is_nothing_else
from marketplace.domains.files.types import Picture, Upload
from marketplace.kernel.errors import DomainError
from marketplace.kernel.offload import offload

MAX_PIXELS = 40_000_000
MAX_FRAMES = 200
MAX_FRAME_MS = 60_000
# Progressive JPEGs have about ten; thousands of them would keep a decoder busy for minutes.
MAX_SCANS = 100
THUMBNAIL_PX = 400
AT_ONCE = 2
READ = ("PNG", "JPEG", "WEBP", "GIF")
FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    # how the library calls a JPEG that more of them follow, as some cameras write it
    "MPO": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
ANIMATED = {"WEBP", "GIF"}
SAVED: dict[str, dict[str, Any]] = {
    "image/png": {"format": "PNG"},
    "image/jpeg": {"format": "JPEG", "quality": 88, "progressive": True},
    "image/webp": {"format": "WEBP", "quality": 88},
    "image/gif": {"format": "GIF"},
}
START_OF_SCAN = b"\xff\xda"

# The library's own watch, for what it opens and for what a frame makes of it.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", DecompressionBombWarning)

# By itself glibc keeps what a picture took, for each thread that ever drew one: after one of 40 megapixels on
# each of eight threads a process held 1.4 GB. Blocks that are mapped on their own are given back.
MMAP_THRESHOLD, MAPPED_FROM_BYTES = -3, 1024 * 1024
if hasattr(ctypes.CDLL(None), "mallopt"):
    ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, MAPPED_FROM_BYTES)

log = structlog.get_logger()
# A decoded picture takes up to 160 MB: so many at once, and the others wait.
_turn = threading.BoundedSemaphore(AT_ONCE)


class Frame(NamedTuple):
    """A picture, or one of those that make a moving one."""

    image: Image.Image
    lasts_ms: int


def read_picture(upload: Upload, *, longest_px: int) -> Picture:
    """The picture in an upload, no side longer than that; refuses whatever is not one picture."""
    with _turn:
        try:
            return offload(_redraw, upload.content, longest_px)
        except (DecompressionBombError, DecompressionBombWarning, PictureTooLarge) as error:
            raise PictureTooLarge(field=upload.field) from error
        except Exception as error:
            if not isinstance(error, DomainError):
                log.info("picture_refused", error=repr(error)[:200])
            raise NotAPicture(field=upload.field) from error


def _redraw(content: bytes, longest_px: int) -> Picture:
    with closing(Image.open(BytesIO(content), formats=READ)) as image:
        media_type = FORMATS[image.format or ""]
        if not is_nothing_else(media_type, content) or _has_too_many_scans(media_type, content):
            raise NotAPicture
        loop = image.info.get("loop")
        frames = list(_frames(image, longest_px))
    first = frames[0].image
    return Picture(
        media_type=media_type,
        content=_encoded(frames, media_type, loop),
        thumbnail=_saved(_fitted(first, THUMBNAIL_PX), format="WEBP", quality=80),
        width=first.width,
        height=first.height,
    )


def _has_too_many_scans(media_type: str, content: bytes) -> bool:
    return media_type == "image/jpeg" and content.count(START_OF_SCAN) > MAX_SCANS


def _frames(image: Image.Image, longest_px: int) -> Iterator[Frame]:
    """Each frame, upright, small enough, and without anything but its pixels."""
    is_animated = image.format in ANIMATED
    # a JPEG can be decoded small from the start
    image.draft(None, (longest_px, longest_px))
    number = 0
    while True:
        if image.width * image.height * (number + 1) > MAX_PIXELS or number == MAX_FRAMES:
            raise PictureTooLarge
        image.load()
        lasts_ms = min(int(image.info.get("duration", 0)), MAX_FRAME_MS)
        ImageOps.exif_transpose(image, in_place=True)
        yield Frame(_fitted(_plain(image), longest_px), lasts_ms)
        number += 1
        if not is_animated:
            return
        try:
            image.seek(number)
        except EOFError:
            return


def _plain(image: Image.Image) -> Image.Image:
    """The picture in grey, or in red, green and blue, with its transparency."""
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")


def _fitted(image: Image.Image, longest_px: int) -> Image.Image:
    """A copy of which no side is longer than that."""
    scale = min(1.0, longest_px / max(image.size))
    width, height = (max(1, round(side * scale)) for side in image.size)
    fitted = image.copy() if scale == 1 else image.resize((width, height), reducing_gap=2.0)
    fitted.info.clear()
    return fitted


def _encoded(frames: Sequence[Frame], media_type: str, loop: int | None) -> bytes:
    first, *others = frames
    if not others:
        return _saved(first.image, **SAVED[media_type])
    moving: dict[str, Any] = {
        "save_all": True,
        "append_images": [frame.image for frame in others],
        "duration": [frame.lasts_ms for frame in frames],
        "disposal": 2,
    }
    if loop is not None:
        moving["loop"] = loop
    return _saved(first.image, **SAVED[media_type], **moving)


def _saved(image: Image.Image, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, **options)
    return target.getvalue()
