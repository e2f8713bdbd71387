"""What is a frame, and what is none."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from marketplace.realtime.frames import FrameRefused, check, decode, plain, text_message


@pytest.mark.parametrize(
    "message",
    ["", "{", "hello", "NaN", '{"type": "a"', "[" * 30_000, '{"a":' * 10_000, '"\ud800"', b'{"type": "a"}'],
)
def test_what_is_no_json_is_refused(message):
    with pytest.raises(FrameRefused):
        decode(message)


@pytest.mark.parametrize(
    "value",
    [
        None,
        1,
        "type",
        [],
        {},
        {"type": None},
        {"type": ""},
        {"type": 1},
        {"kind": "a"},
        {"type": "a", "text": "\x00"},
        {"type": "a", "\x00": 1},
        {"type": "a", "text": "\ud800"},
    ],
)
def test_what_is_no_frame_is_refused(value):
    with pytest.raises(FrameRefused):
        check(value, kind_key="type")


def test_a_backslash_before_u0000_is_ordinary_text():
    frame = {"type": "a", "text": "\\u0000"}
    assert check(frame, kind_key="type") == frame


def test_another_face_names_the_kind_otherwise():
    assert check({"event": "a"}, kind_key="event") == {"event": "a"}


def test_times_and_amounts_travel_as_json_has_them():
    frame = plain({"type": "a", "at": datetime(2026, 1, 2, tzinfo=UTC), "amount": Decimal("1.50")})
    assert frame == {"type": "a", "at": "2026-01-02T00:00:00Z", "amount": "1.50"}


@pytest.mark.parametrize(("length", "header"), [(10, 2), (1000, 4), (70_000, 10)])
def test_a_text_message_is_framed_once_for_everybody(length, header):
    message = text_message({"a": "x" * (length - 8)})
    assert message[0] == 0x81
    assert len(message) == header + length
