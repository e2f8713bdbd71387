"""Files that are no pictures: what is taken, as what, and what is refused."""

import random
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from marketplace.domains.files import public as files
from marketplace.domains.files import rules
from marketplace.domains.files.errors import FileTooLarge, NoSuchFile, NotAccepted, NotAPicture
from marketplace.domains.files.public import Purpose, Upload, Variant
from marketplace.domains.files.service.recognise import recognise
from tests.factories import documents as made
from tests.factories import pictures
from tests.factories.people import person

MB = 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"


@pytest.fixture
def sara(folder):
    return person(username="sara")


def upload(content, name):
    return Upload(field="attachment_file", name=name, content=content)


def kept(owner, content, name, purpose=Purpose.ATTACHMENT):
    return files.keep(files.receive(upload(content, name), purpose=purpose), owner_id=owner.id)


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (made.PDF, "Offer.PDF", "application/pdf"),
        (made.archive(*made.WORD), "offer.docx", f"{OFFICE}.wordprocessingml.document"),
        (made.archive("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", f"{OFFICE}.spreadsheetml.sheet"),
        (
            made.archive("[Content_Types].xml", "ppt/presentation.xml"),
            "a.pptx",
            f"{OFFICE}.presentationml.presentation",
        ),
        (made.open_document("text"), "a.odt", f"{OPEN}.text"),
        (made.open_document("spreadsheet"), "a.ods", f"{OPEN}.spreadsheet"),
        (made.open_document("presentation"), "a.odp", f"{OPEN}.presentation"),
        (made.archive("site/index.html", "setup.exe"), "site.zip", "application/zip"),
        ("Grüße, नमस्ते\r\n".encode(), "notes.txt", "text/plain"),
        (b"name,price\nlogo,5\xe9\n", "prices.csv", "text/csv"),
        (b"# Plan\n\n1 < 2, a <b> c\n", "plan.md", "text/markdown"),
        (made.MP3, "voice.mp3", "audio/mpeg"),
        (made.TAGGED_MP3, "voice.mp3", "audio/mpeg"),
        (made.AAC, "voice.aac", "audio/aac"),
        (made.mp4(b"soun"), "voice.m4a", "audio/mp4"),
        (made.OGG, "voice.opus", "audio/ogg"),
        (made.webm(b"A_OPUS"), "voice.webm", "audio/webm"),
        (made.recording(), "voice.wav", "audio/wav"),
        (made.FLAC, "voice.flac", "audio/flac"),
    ],
)
def test_what_people_send_each_other_is_stored_as_it_came(sara, folder, content, name, media_type):
    file = kept(sara, content, name)
    assert (file.media_type, file.name, file.size) == (media_type, name, len(content))
    assert file.extension == name.rpartition(".")[2].lower()
    assert not file.is_picture
    assert (file.width, file.height, file.thumbnail_key) == (None, None, None)
    assert (folder / file.key).read_bytes() == content


def test_no_two_kinds_share_an_ending():
    endings = [ending for endings in rules.ENDINGS.values() for ending in endings]
    assert len(endings) == len(set(endings))
    assert all(ending == ending.lower() for ending in endings)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!doctype html><script>alert(1)</script>", "a.html"),
        (b"<!doctype html><script>alert(1)</script>", "a.txt"),
        (b"\xef\xbb\xbf \n<SVG onload=alert(1)>", "a.md"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg"),
        (b"<?php system($_GET[0]);", "a.csv"),
        (b"alert(1)", "a.js"),
        (b"alert(1)", "a"),
        (b"#!/bin/sh\nrm -rf /\n", "a.txt"),
        (b"echo off", "a.bat"),
        (b"MZ\x90\x00" + b"\0" * 100, "setup.exe"),
        (b"MZ\x90\x00" + b"\0" * 100, "setup.txt"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 100, "setup.pdf"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", "A.class"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "old.doc"),
        (b"{\\rtf1 {\\object\\objdata 0105}}", "a.rtf"),
        (made.archive(*made.WORD, "word/vbaProject.bin"), "a.docx"),
        (made.archive(*made.WORD, "word/media/VBAPROJECT.BIN"), "a.docm"),
        (made.archive(*made.WORD, "wo\nrd/activeX/activeX1.bin"), "a.docx"),
        (made.archive(*made.WORD, "word/activeX/activeX1.bin"), "a.docx"),
        (made.archive("[Content_Types].xml", "xl/workbook.xml", "xl/macrosheets/s.xml"), "a.xlsx"),
        (made.archive("[Content_Types].xml", "xl/workbook.bin"), "a.xlsb"),
        (made.open_document("text", "Basic/Standard/Module1.xml"), "a.odt"),
        (made.open_document("text", "Scripts/python/a.py"), "a.odt"),
        (made.open_document("text-master"), "a.odm"),
        (made.archive("mimetype", "content.xml"), "a.odt"),
        (made.archive("META-INF/MANIFEST.MF", "A.class"), "a.zip"),
        (made.archive("AndroidManifest.xml"), "a.zip"),
        (b"<script>1</script>" + made.archive("a.txt"), "a.zip"),
        (made.archive("a.txt") + b"<script>1</script>", "a.zip"),
        (made.archive("a.txt")[:-30], "a.zip"),
        (b"PK\x03\x04" + b"\0" * 100, "a.zip"),
        (b"PK\x03\x04" + b"\0" * 30 + b"PK\x05\x06", "a.zip"),
        (made.mp4(b"vide", b"soun"), "film.mp4"),
        (made.mp4(), "a.m4a"),
        (made.webm(b"V_VP9", b"A_OPUS"), "film.webm"),
        (made.OGG.replace(b"OpusHead", b"\x80theora "), "film.ogg"),
        (made.OGG + b"theora", "film.ogg"),
        (b"\0" * 100, "a.txt"),
        (b"\xff\xfe" + "<script>".encode("utf-16-le"), "a.txt"),
        (b" %PDF-1.7", "a.pdf"),
    ],
)
def test_what_runs_and_what_is_unknown_is_refused_whatever_it_is_called(sara, stored, content, name):
    with pytest.raises(NotAccepted) as refused:
        files.receive(upload(content, name), purpose=Purpose.ATTACHMENT)
    assert refused.value.of_field == "attachment_file"
    assert stored() == []


def test_a_picture_is_drawn_anew_whatever_it_is_for(sara, folder):
    sent = pictures.from_a_camera()
    for purpose in (Purpose.ATTACHMENT, Purpose.CERTIFICATE, Purpose.LISTING):
        file = kept(sara, sent, "photo.JPEG", purpose)
        assert (file.name, file.extension, file.is_picture) == ("photo.JPEG", "jpeg", True)
        assert b"SecretMaker" not in (folder / file.key).read_bytes()


@pytest.mark.parametrize(
    "content", [pictures.picture("png") + made.archive("a.txt"), b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)"]
)
def test_a_picture_that_is_something_else_too_is_refused(sara, stored, content):
    with pytest.raises(NotAPicture):
        files.receive(upload(content, "a.png"), purpose=Purpose.ATTACHMENT)
    assert stored() == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (made.PDF, "a.pdf"),
        (pictures.picture("png"), "a.png"),
        (pictures.picture("jpeg"), "a.jpg"),
        (pictures.picture("webp"), "a.webp"),
    ],
)
def test_a_certificate_is_a_pdf_or_a_picture_that_anybody_sees(sara, content, name):
    file = kept(sara, content, name, Purpose.CERTIFICATE)
    assert (file.name, file.visibility) == (name, files.Visibility.PUBLIC)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (pictures.picture("gif"), "a.gif"),
        (made.archive(*made.WORD), "a.docx"),
        (b"I was there.", "a.txt"),
        (made.MP3, "a.mp3"),
    ],
)
def test_nothing_else_is_a_certificate(sara, content, name):
    with pytest.raises(NotAccepted, match=r"^Upload a PDF, PNG, JPEG or WebP file\.$"):
        files.receive(upload(content, name), purpose=Purpose.CERTIFICATE)


@pytest.mark.parametrize("purpose", [Purpose.AVATAR, Purpose.PORTFOLIO, Purpose.LISTING])
def test_where_a_picture_is_asked_for_nothing_else_is_one(sara, purpose):
    with pytest.raises(NotAPicture):
        files.receive(upload(made.PDF, "a.png"), purpose=purpose)


@pytest.mark.parametrize(("purpose", "most"), [(Purpose.CERTIFICATE, 5 * MB), (Purpose.ATTACHMENT, 10 * MB)])
def test_each_purpose_has_a_limit_of_its_own(sara, purpose, most):
    longest = made.PDF + b"\0" * (most - len(made.PDF))
    assert kept(sara, longest, "a.pdf", purpose).size == most
    with pytest.raises(FileTooLarge):
        files.receive(upload(longest + b"\0", "a.pdf"), purpose=purpose)


def test_a_bomb_is_a_file_like_another_because_nobody_unpacks_it(sara):
    bomb = made.archive(*map(str, range(20)), text="0" * 2_000_000)
    assert kept(sara, bomb, "bomb.zip").size == len(bomb) < MB
    many = BytesIO()
    with ZipFile(many, "w", ZIP_DEFLATED) as archive:
        for number in range(25_000):
            archive.writestr(str(number), "")
    with pytest.raises(NotAccepted):
        files.receive(upload(many.getvalue(), "many.zip"), purpose=Purpose.ATTACHMENT)


def test_a_spoilt_archive_never_breaks_the_reader():
    chance = random.Random(7)
    whole = made.archive(*made.WORD)
    for _ in range(2000):
        spoilt = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        assert recognise(upload(bytes(spoilt), "a.docx")) in {None, *rules.ENDINGS}


def test_the_content_of_a_discarded_document_goes_too(sara, stored):
    file = kept(sara, made.PDF, "a.pdf")
    assert list(files.find_lost()) == []
    files.discard([file.id])
    assert files.find_files([file.id]) == {}


def test_what_has_no_small_form_has_no_link_to_one(sara):
    file = kept(sara, made.PDF, "a.pdf", Purpose.CERTIFICATE)
    with pytest.raises(NoSuchFile):
        files.open_file(file.public_id, Variant.THUMBNAIL)
