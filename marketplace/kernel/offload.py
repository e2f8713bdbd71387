"""Work that would hold the event loop up: hashing, image decoding."""

import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def offload(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `function` in a real thread where the process runs on an event loop, else right here."""
    if not on_event_loop():
        return function(*args, **kwargs)
    from eventlet import tpool  # noqa: PLC0415 - imported only where eventlet runs the process

    result: R = tpool.execute(function, *args, **kwargs)
    return result


def on_event_loop() -> bool:
    """Whether this process was monkey-patched by eventlet."""
    patcher = sys.modules.get("eventlet.patcher")
    return patcher is not None and bool(patcher.is_monkey_patched("thread"))
