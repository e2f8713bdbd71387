"""Frames: JSON objects as both transports carry them."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from wsproto.frame_protocol import FrameProtocol

from marketplace.kernel.errors import Invalid

Frame = dict[str, Any]

MAX_FRAME_BYTES = 64 * 1024
# The escape of NUL, which PostgreSQL cannot store, where its backslash is not itself escaped.
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class FrameRefused(Invalid):
    """This frame is not understood."""

    code = "frame_refused"


class FrameTooLarge(FrameRefused):
    """The frame is too large."""

    code = "frame_too_large"


def decode(message: str | bytes, *, most_bytes: int = MAX_FRAME_BYTES) -> object:
    """The JSON value of a text message; refuses what is too long, bytes, and what is no JSON."""
    if len(message if isinstance(message, bytes) else message.encode(errors="replace")) > most_bytes:
        raise FrameTooLarge
    if not isinstance(message, str):
        raise FrameRefused("Frames are JSON text, not bytes.")
    try:
        return msgspec.json.decode(message)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError) as error:
        raise FrameRefused("Frames are JSON: this is not.") from error


def check(value: object, *, kind_key: str, most_bytes: int = MAX_FRAME_BYTES) -> Frame:
    """The value as a frame that says its kind; refuses anything else, and text that cannot be stored."""
    if not isinstance(value, dict):
        raise FrameRefused("A frame is a JSON object.")
    kind = value.get(kind_key)
    if not isinstance(kind, str) or not kind:
        raise FrameRefused(f"A frame names its kind in `{kind_key}`.")
    try:
        text = msgspec.json.encode(value)
    except (TypeError, UnicodeEncodeError, RecursionError) as error:
        raise FrameRefused("A frame is made of JSON values and whole characters.") from error
    if len(text) > most_bytes:
        raise FrameTooLarge
    if _NUL.search(text):
        raise FrameRefused("Text may not contain NUL.")
    return value


def plain(frame: Mapping[str, Any] | msgspec.Struct) -> Frame:
    """A frame of JSON values alone: times, decimals and structs become what JSON has."""
    values: Frame = msgspec.to_builtins(frame, str_keys=True)
    return values


def text_message(frame: Mapping[str, Any]) -> bytes:
    """The bytes of a server's WebSocket text message, the same for every client."""
    text = msgspec.json.encode(frame).decode()
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(text, fin=True))
