"""Pictures as people send them, and files that only look like it."""

import struct
import zlib
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

FORMATS = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
TURNED_RIGHT = 6


def drawn(width=64, height=48, mode="RGB"):
    """A picture that is red on the left and blue on the right."""
    image = Image.new(mode, (width, height), "blue" if mode != "L" else 0)
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height), fill="red" if mode != "L" else 255)
    return image


def picture(form="png", *, width=64, height=48, mode="RGB", **options):
    """The bytes of a picture."""
    return saved(drawn(width, height, mode), form, **options)


def saved(image, form, **options):
    target = BytesIO()
    image.save(target, FORMATS[form], **options)
    return target.getvalue()


def from_a_camera(form="jpeg"):
    """A picture that lies on its side and says where and with what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    exif[MAKER] = "SecretMaker"
    exif.get_ifd(GPS).update({1: "N", 2: (IFDRational(30), IFDRational(2), IFDRational(3))})
    return picture(form, exif=exif.tobytes())


def moving(form="gif", frames=3):
    """A picture that moves: each frame has a colour of its own."""
    pictures = [Image.new("RGB", (20, 10), (80 * number % 256, 0, 0)) for number in range(frames)]
    return saved(pictures[0], form, save_all=True, append_images=pictures[1:], duration=50, loop=0)


def png_that_says(width, height):
    """A PNG whose header promises so many pixels, and hardly any data."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*named) for named in chunks)


def chunk(letters, data):
    checksum = zlib.crc32(letters + data)
    return struct.pack(">I", len(data)) + letters + data + struct.pack(">I", checksum)


@cache
def png_bomb(side=8_000):
    """A real PNG of very many equal pixels: less than a megabyte that would become two hundred."""
    packer = zlib.compressobj(1)
    row = b"\0" + b"\0" * 3 * side
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*named) for named in chunks)


def png_with_text_bomb():
    """A small PNG with a comment that unpacks to a hundred megabytes."""
    whole = picture("png")
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000))
    return whole[:33] + text + whole[33:]


def gif_that_is_a_script():
    """A GIF that a browser would also run: its header opens a comment that a script closes."""
    whole = picture("gif", width=0x2A2F, height=1)
    return whole + b"*/=1;alert(document.domain);"


def jpeg_of_very_many_scans():
    """A progressive JPEG that repeats its scans without end."""
    whole = picture("jpeg", progressive=True)
    start = whole.rindex(b"\xff\xda")
    return whole[:start] + whole[start:-2] * 200 + whole[-2:]


def pixels(content):
    """The colours at the left and the right of a picture, roughly."""
    with Image.open(BytesIO(content)) as image:
        upright = image.convert("RGB")
        middle = upright.height // 2
        return [
            max(range(3), key=lambda channel: upright.getpixel(place)[channel])
            for place in ((upright.width // 8, middle), (upright.width * 7 // 8, middle))
        ]


def measures(content):
    with Image.open(BytesIO(content)) as image:
        return image.format, image.size, getattr(image, "n_frames", 1)
