"""Sharing the connections to a port among the processes behind it."""

import errno
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def taking_turns(accept: Callable[[], T]) -> Callable[[], T]:
    """Accept one connection at a time: whoever asks again at once is told that there is none.

    They wait for the next one then, as the other processes do, and one of those may be quicker.
    """
    is_turn_over = False

    def accept_one() -> T:
        nonlocal is_turn_over
        if is_turn_over:
            is_turn_over = False
            raise BlockingIOError(errno.EWOULDBLOCK, "It is the turn of the others.")
        accepted = accept()
        is_turn_over = True
        return accepted

    return accept_one
