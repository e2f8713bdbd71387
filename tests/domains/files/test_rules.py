from datetime import UTC, datetime, timedelta

import pytest

from marketplace.domains.files import rules
from marketplace.domains.files.errors import EmptyFile, FileTooLarge
from marketplace.domains.files.types import Purpose, Upload

NOW = datetime(2026, 2, 10, 16, 32, 11, tzinfo=UTC)


def upload(size):
    return Upload(field="image", name="x", content=b"x" * size)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("cat.png", "cat.png"),
        ("cat.PHP.jpg", "cat.PHP.png"),
        ("cat.svg", "cat.png"),
        ("../../etc/passwd", "passwd.png"),
        ("..\\..\\windows\\cat.gif", "cat.png"),
        ("/", "file.png"),
        ("", "file.png"),
        ("..", "file.png"),
        (".htaccess", "htaccess.png"),
        ("a\0b\r\nSet-Cookie: x.png", "abSet-Cookie: x.png"),
        ("\ud800.png", "png.png"),
        ("evil\u202egnp.exe", "evilgnp.png"),
        ("صورة.png", "صورة.png"),
        ("cafe\u0301.png", "café.png"),
        ("x" * 5000 + ".png", "x" * 100 + ".png"),
        (" . .png", "png.png"),
    ],
)
def test_a_name_is_a_name_and_ends_as_the_file_is(name, cleaned):
    assert rules.clean_name(name, "image/png") == cleaned


@pytest.mark.parametrize(("name", "kept"), [("a.JPEG", "a.JPEG"), ("a.jpg", "a.jpg"), ("a.jpe", "a.jpg")])
def test_an_ending_that_is_right_is_kept(name, kept):
    assert rules.clean_name(name, "image/jpeg") == kept


@pytest.mark.parametrize("purpose", Purpose)
def test_nothing_and_too_much_are_refused(purpose):
    most = rules.TERMS[purpose].most_bytes
    megabytes = 10 if purpose is Purpose.ATTACHMENT else 5
    assert most == megabytes * 1024 * 1024
    for size in (1, most):
        rules.check_size(upload(size), most_bytes=most)
    with pytest.raises(EmptyFile) as refused:
        rules.check_size(upload(0), most_bytes=most)
    assert refused.value.of_field == "image"
    with pytest.raises(FileTooLarge, match=f"^The file is larger than {megabytes} MB.$") as refused:
        rules.check_size(upload(most + 1), most_bytes=most)
    assert refused.value.of_field == "image"


def test_every_purpose_has_its_terms():
    assert set(rules.TERMS) == set(Purpose)


def test_links_live_an_hour_at_most_and_are_the_same_for_some_minutes():
    first = rules.link_expiry(NOW)
    assert 50 * 60 < first - NOW.timestamp() <= 3600
    assert rules.link_expiry(NOW + timedelta(minutes=5)) == first
    assert rules.link_expiry(NOW + timedelta(minutes=15)) > first


@pytest.mark.parametrize(("age", "is_orphaned"), [(0, False), (23, False), (24, False), (25, True)])
def test_a_blob_has_a_day_to_become_a_file(age, is_orphaned):
    assert rules.is_orphaned(NOW - timedelta(hours=age), NOW) is is_orphaned
