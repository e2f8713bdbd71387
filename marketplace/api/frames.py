"""Reading the frames of clients by schemas."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from marketplace.realtime import Frame, FrameRefused


def read_frame(schema: Schema, frame: Frame) -> Any:
    """What the schema makes of a frame; refuses in a sentence that names the first field that is wrong."""
    try:
        return schema.load(frame)
    except ValidationError as error:
        raise FrameRefused(_sentence(error.messages_dict)) from error


def _sentence(messages: Mapping[str, Any]) -> str:
    name, wrong = next(iter(messages.items()))
    while isinstance(wrong, Mapping):
        wrong = next(iter(wrong.values()))
    return f"{name}: {wrong[0] if isinstance(wrong, list) else wrong}"
