"""Files as people send them that are no pictures, and such as look like them."""

import wave
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
WORD = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
OGG = b"OggS\x00\x02" + b"\0" * 22 + b"OpusHead" + b"\0" * 100
FLAC = b"fLaC\x00\x00\x00\x22" + b"\0" * 34
MP3 = b"\xff\xfb\x90\x64" + b"\0" * 413
TAGGED_MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + MP3
AAC = b"\xff\xf1\x50\x80" + b"\0" * 100


def archive(*names, text="x" * 100):
    """A ZIP file that holds files of these names."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, text)
    return target.getvalue()


def open_document(kind="text", *names):
    """A document of OpenOffice: what it is comes first, and is not packed."""
    target = BytesIO()
    with ZipFile(target, "w") as made:
        made.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        for name in ("content.xml", "META-INF/manifest.xml", *names):
            made.writestr(name, "<xml/>")
    return target.getvalue()


def recording():
    """A sound as WAV."""
    target = BytesIO()
    with wave.open(target, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\0\0" * 800)
    return target.getvalue()


def mp4(*handlers):
    """The boxes of an MPEG-4 file that say what is in it: `soun` for sound, `vide` for a film."""
    boxes = b"".join(b"\0\0\0\x20hdlr" + b"\0" * 8 + handler + b"\0" * 12 for handler in handlers)
    return b"\0\0\0\x18ftypM4A \0\0\2\0mp42isom" + boxes


def webm(*codecs):
    """The head of a WebM file with tracks of these codecs."""
    tracks = b"".join(b"\x86" + bytes([0x80 | len(codec)]) + codec for codec in codecs)
    return b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + tracks + b"\0" * 50
