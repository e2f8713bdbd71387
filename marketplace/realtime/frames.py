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


def decode(message: str | bytes) -> object:
    """The JSON value of a text message; refuses bytes and what is no JSON."""
    if not isinstance(message, str):
        raise FrameRefused("Frames are JSON text, not bytes.")
    try:
        return msgspec.json.decode(message)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError) as error:
        raise FrameRefused("Frames are JSON: this is not.") from error


def check(value: object, *, kind_key: str) -> Frame:
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
