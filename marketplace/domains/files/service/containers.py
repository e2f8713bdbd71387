"""Where pictures end. What follows the end of one is not of the picture: it may be another file in disguise.

JPEG is not looked at here: cameras append to it what they like.
"""

from collections.abc import Callable, Mapping

END_OF_PNG = b"IEND"
EXTENSION, IMAGE, TRAILER = 0x21, 0x2C, 0x3B
HAS_COLOURS, COLOUR_BITS = 0x80, 0x07


def is_nothing_else(media_type: str, content: bytes) -> bool:
    """Whether a file ends where its picture does; a file that cannot be followed to its end is not whole."""
    find_end = _ENDS.get(media_type)
    try:
        return find_end is None or find_end(content) == len(content)
    except IndexError:
        return False


def _end_of_png(content: bytes) -> int:
    """Chunks: length, four letters, data, checksum (PNG 1.2, section 3.2)."""
    place = 8
    while place < len(content):
        length = int.from_bytes(content[place : place + 4])
        letters = content[place + 4 : place + 8]
        place += 12 + length
        if letters == END_OF_PNG:
            return place
    raise IndexError


def _end_of_gif(content: bytes) -> int:
    """Blocks: extensions and images, until the trailer (GIF89a, section 27)."""
    place = 13 + _colours(content[10])
    while content[place] != TRAILER:
        if content[place] == EXTENSION:
            place += 2
        elif content[place] == IMAGE:
            place += 11 + _colours(content[place + 9])
        else:
            raise IndexError
        while content[place]:
            place += 1 + content[place]
        place += 1
    return place + 1


def _end_of_webp(content: bytes) -> int:
    """A RIFF file says its length, padded to an even one."""
    length = int.from_bytes(content[4:8], "little")
    return 8 + length + length % 2


def _colours(flags: int) -> int:
    """How many bytes a colour table has."""
    return 3 * 2 ** ((flags & COLOUR_BITS) + 1) if flags & HAS_COLOURS else 0


_ENDS: Mapping[str, Callable[[bytes], int]] = {
    "image/png": _end_of_png,
    "image/gif": _end_of_gif,
    "image/webp": _end_of_webp,
}
