"""Work that would hold the event loop up: hashing, image decoding."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import patcher, tpool

P = ParamSpec("P")
R = TypeVar("R")


def offload(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `function` in a real thread where the process runs on an event loop, else right here."""
    if patcher.is_monkey_patched("thread"):
        result: R = tpool.execute(function, *args, **kwargs)
        return result
    return function(*args, **kwargs)
