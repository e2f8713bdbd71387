"""What sockets are told."""

from typing import Any

import pytest

from marketplace.realtime import hub
from marketplace.realtime.hub import PUSHES


def caught_frames(patch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The frames that are pushed from now on, in order, instead of their being pushed."""
    frames: list[dict[str, Any]] = []

    def catch(message):
        pushes = message["data"] if message["event"] == PUSHES else [message]
        frames.extend(push["data"] for push in pushes)
        return True

    patch.setattr(hub, "_announce", catch)
    return frames
