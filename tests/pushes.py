"""What sockets are told."""

from typing import Any

import pytest

from marketplace.realtime import hub


def caught_frames(patch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The frames that are pushed from now on, in order, instead of their being pushed."""
    frames: list[dict[str, Any]] = []

    def catch(message):
        frames.extend(push["frame"] for push in message["data"])
        return True

    patch.setattr(hub, "_announce", catch)
    return frames
