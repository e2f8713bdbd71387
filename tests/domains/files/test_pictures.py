"""What is a picture and what only looks like one."""

import subprocess
import sys
import threading
import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from marketplace.domains.files.errors import NotAPicture, PictureTooLarge
from marketplace.domains.files.service import pictures
from marketplace.domains.files.service.pictures import read_picture
from marketplace.domains.files.types import Upload
from tests.factories import pictures as made

FORMS = ("png", "jpeg", "webp", "gif")
TYPES = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}
RED, BLUE = 0, 2
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def read(content, longest_px=2048):
    return read_picture(Upload(field="image", name="a.png", content=content), longest_px=longest_px)


@pytest.mark.parametrize("form", FORMS)
def test_a_picture_stays_what_it_is(form):
    found = read(made.picture(form))
    assert (found.media_type, found.width, found.height) == (TYPES[form], 64, 48)
    assert made.measures(found.content) == (made.FORMATS[form], (64, 48), 1)
    assert made.pixels(found.content) == [RED, BLUE]


@pytest.mark.parametrize("form", FORMS)
def test_a_thumbnail_is_small(form):
    found = read(made.picture(form, width=1200, height=300))
    assert made.measures(found.thumbnail) == ("WEBP", (400, 100), 1)
    assert made.pixels(found.thumbnail) == [RED, BLUE]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("size", "fitted"),
    [((1000, 500), (100, 50)), ((500, 1000), (50, 100)), ((3000, 1), (100, 1)), ((1, 1), (1, 1))],
)
def test_no_side_is_longer_than_wanted(form, size, fitted):
    width, height = size
    found = read(made.picture(form, width=width, height=height), longest_px=100)
    assert (found.width, found.height) == fitted
    assert made.measures(found.content)[1] == fitted


@pytest.mark.parametrize("form", ["jpeg", "png", "webp"])
def test_a_picture_is_turned_upright_and_does_not_tell_where_it_was_taken(form):
    sent = made.from_a_camera(form)
    assert b"SecretMaker" in sent
    found = read(sent)
    assert (found.width, found.height) == (48, 64)
    for content in (found.content, found.thumbnail):
        with Image.open(BytesIO(content)) as image:
            assert dict(image.getexif()) == {}
            assert not {"exif", "icc_profile", "xmp", "comment"} & set(image.info)
        assert b"SecretMaker" not in content


@pytest.mark.parametrize("form", ["jpeg", "png", "gif"])
def test_what_is_said_beside_the_pixels_is_left_behind(form):
    said = {"jpeg": {"comment": SCRIPT}, "gif": {"comment": SCRIPT}, "png": {"icc_profile": SCRIPT}}[form]
    sent = made.picture(form, **said)
    assert form == "png" or SCRIPT in sent
    found = read(sent)
    assert SCRIPT not in found.content
    assert b"iCCP" not in found.content


@pytest.mark.parametrize("form", ["png", "webp", "gif"])
def test_what_one_can_see_through_stays_so(form):
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 10, 20))
    with Image.open(BytesIO(read(made.saved(image, form)).content)) as kept:
        shown = kept.convert("RGBA")
        assert shown.getpixel((2, 2))[3] == 255
        assert shown.getpixel((18, 2))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode):
    content = made.saved(made.drawn(mode="RGBA").convert("L" if mode == "I;16" else mode), "png")
    if mode == "I;16":
        content = made.saved(Image.new("I;16", (64, 48), 40_000), "png")
    assert read(content).media_type == "image/png"


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_is_read(mode):
    assert read(made.saved(Image.new(mode, (64, 48)), "jpeg")).media_type == "image/jpeg"


def test_several_jpegs_in_one_file_are_the_first_of_them():
    target = BytesIO()
    made.drawn().save(target, "MPO", save_all=True, append_images=[made.drawn(8, 8)])
    found = read(target.getvalue())
    assert made.measures(found.content) == ("JPEG", (64, 48), 1)


def test_what_a_camera_appends_to_a_jpeg_is_left_behind():
    assert SCRIPT not in read(made.picture("jpeg") + SCRIPT).content


@pytest.mark.parametrize("form", ["gif", "webp"])
def test_what_moves_goes_on_moving(form):
    found = read(made.moving(form), longest_px=10)
    assert made.measures(found.content) == (made.FORMATS[form], (10, 5), 3)
    assert made.measures(found.thumbnail) == ("WEBP", (20, 10) if found.width > 10 else (10, 5), 1)
    with Image.open(BytesIO(found.content)) as image:
        assert image.info["loop"] == 0
        image.seek(1)
        image.load()
        assert image.info["duration"] == 50


@pytest.mark.parametrize(
    "content",
    [
        b"\0",
        b"x",
        SVG,
        b'<?xml version="1.0"?>' + SVG,
        b"<!DOCTYPE html><html><body>" + SCRIPT,
        b"#!/bin/sh\nrm -rf /\n",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + b"\0" * 30,
        b"GIF89a",
        b"GIF89a/*\0\0\0\0\0\0*/=alert(1);",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
        b"\xff\xd8\xff\xd9",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        b"BM" + b"\0" * 60,
        b"\0\0\1\0" + b"\0" * 60,
        b"II*\0" + b"\0" * 60,
        b"8BPS" + b"\0" * 60,
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
    ],
    ids=lambda content: repr(content[:24]),
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(NotAPicture) as refused:
        read(content)
    assert refused.value.of_field == "image"


@pytest.mark.parametrize("form", ["BMP", "TIFF", "ICO", "PPM", "TGA", "PDF"])
def test_pictures_of_other_kinds_are_refused(form):
    target = BytesIO()
    made.drawn().save(target, form)
    with pytest.raises(NotAPicture):
        read(target.getvalue())


@pytest.mark.parametrize("form", FORMS)
def test_half_a_picture_is_refused(form):
    whole = made.picture(form, width=300, height=300)
    for part in (0.3, 0.6, 0.9):
        with pytest.raises(NotAPicture):
            read(whole[: int(len(whole) * part)])


@pytest.mark.parametrize("form", ["png", "webp", "gif"])
@pytest.mark.parametrize("tail", [SCRIPT, b"PK\x03\x04rest", b";", b"\0", SVG])
def test_two_files_in_one_are_refused(form, tail):
    with pytest.raises(NotAPicture):
        read(made.picture(form) + tail)


def test_a_picture_that_is_also_a_script_is_refused():
    sent = made.gif_that_is_a_script()
    assert sent.startswith((b"GIF89a/*", b"GIF87a/*"))
    with pytest.raises(NotAPicture):
        read(sent)


@pytest.mark.parametrize(
    "content",
    [
        made.png_that_says(10_000, 10_000),
        made.png_that_says(40_000_001, 1),
        made.png_that_says(2**31 - 1, 2**31 - 1),
        made.png_bomb(),
    ],
    ids=["a hundred megapixels", "a long line", "as many as a header can say", "a bomb"],
)
def test_too_many_pixels_are_refused_before_they_are_there(content):
    tracemalloc.start()
    with pytest.raises(PictureTooLarge) as refused:
        read(content)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert refused.value.of_field == "image"
    assert used < 20_000_000


def test_a_comment_that_unpacks_without_end_is_refused():
    sent = made.png_with_text_bomb()
    assert len(sent) < 200_000
    with pytest.raises(NotAPicture):
        read(sent)


def test_too_many_frames_are_refused():
    assert read(made.moving("gif", pictures.MAX_FRAMES)).media_type == "image/gif"
    with pytest.raises(PictureTooLarge):
        read(made.moving("gif", pictures.MAX_FRAMES + 1))


def test_frames_count_together():
    first, second = (Image.new("L", (6000, 4000), shade) for shade in (0, 255))
    with pytest.raises(PictureTooLarge):
        read(made.saved(first, "gif", save_all=True, append_images=[second]))


def test_too_many_scans_are_refused():
    with pytest.raises(NotAPicture):
        read(made.jpeg_of_very_many_scans())


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_spoilt_picture_is_a_picture_or_refused(form, data):
    content = bytearray(made.picture(form, width=30, height=20))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read(bytes(content))
    except (NotAPicture, PictureTooLarge):
        return
    assert made.measures(found.content)[1] == (found.width, found.height)


def test_only_some_are_looked_at_at_once(monkeypatch):
    most, now, lock, go = [0], [0], threading.Lock(), threading.Event()
    real = pictures._redraw

    def counted(content, longest_px):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        go.wait(0.2)
        with lock:
            now[0] -= 1
        return real(content, longest_px)

    monkeypatch.setattr(pictures, "_redraw", counted)
    content = made.picture()
    threads = [threading.Thread(target=read, args=(content,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == pictures.AT_ONCE


DRAW = """
import sys, threading
import psutil
from marketplace.domains.files.service.pictures import read_picture
from marketplace.domains.files.types import Upload

upload = Upload(field="image", name="a.png", content=sys.stdin.buffer.read())
process, barrier = psutil.Process(), threading.Barrier(8)
read_picture(upload, longest_px=64)
before = process.memory_info().rss
def draw():
    read_picture(upload, longest_px=64)
    # every thread is still there when the memory is looked at
    barrier.wait(60)
    barrier.wait(60)
for _ in range(7):
    threading.Thread(target=draw, daemon=True).start()
barrier.wait(60)
print(process.memory_info().rss - before)
barrier.wait(60)
"""


def test_the_memory_of_pictures_is_given_back():
    content = made.saved(Image.linear_gradient("L").resize((2500, 2500)).convert("RGB"), "png")
    run = subprocess.run(
        [sys.executable, "-c", DRAW], input=content, capture_output=True, check=True, timeout=100
    )
    assert int(run.stdout) < 50_000_000
