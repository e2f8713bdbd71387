"""How many frames one connection may send."""

import time
from collections.abc import Callable

from marketplace.kernel.errors import TooMany


class Allowance:
    """A token bucket: `burst` frames at once, and `per_s` more each second."""

    def __init__(self, *, burst: int, per_s: float, now: Callable[[], float] = time.monotonic) -> None:
        """Start full."""
        self._burst = burst
        self._per_s = per_s
        self._now = now
        self._left = float(burst)
        self._since = now()

    def spend(self) -> None:
        """Take one frame; refuses where none is left."""
        now = self._now()
        self._left = min(self._burst, self._left + (now - self._since) * self._per_s)
        self._since = now
        if self._left < 1:
            raise TooMany("Too many frames: slow down.")
        self._left -= 1
