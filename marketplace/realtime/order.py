"""Order: what is numbered is told in the order of its numbers, whichever process it comes from.

A room's messages have numbers without a gap, but each process tells of its own: a younger one may come before
an elder one of another process. A client that was told both in that order, and cut between them, would come
again for what follows the younger one.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
# How long one that came too early waits for those before it: by then their process is gone or Redis was.
WAIT_S = 1.0
MOST_WAITING = 256


class InOrder(Generic[T]):
    """What one room is told: each number once, after the one before it, unless that does not come in time."""

    def __init__(self, *, told: int) -> None:
        """Begin after the newest number that is known to those who listen."""
        self._lock = threading.RLock()
        # whatever is not after this one is told as it comes
        self._known = told
        self._last = told
        self._early: dict[int, T] = {}
        self._missing: set[int] = set()
        self._is_timed = False

    def take(self, numbered: Iterable[tuple[int, T]], tell: Callable[[Sequence[T]], object]) -> None:
        """Tell what has its turn, and keep what came too early."""
        with self._lock:
            ready = [each for number, what in numbered for each in self._sorted_in(number, what)]
            if len(self._early) > MOST_WAITING:
                ready += self._give_up()
            if ready:
                tell(ready)
            self._wait(tell)

    def _sorted_in(self, number: int, what: T) -> list[T]:
        if number <= self._last:
            is_new = number <= self._known or number in self._missing
            self._missing.discard(number)
            return [what] if is_new else []
        self._early[number] = what
        return self._due()

    def _due(self) -> list[T]:
        due = []
        while self._last + 1 in self._early:
            self._last += 1
            due.append(self._early.pop(self._last))
        return due

    def _give_up(self) -> list[T]:
        """Pass over what has not come before the first that waits; it is told when it comes."""
        first = min(self._early)
        self._missing.update(range(self._last + 1, min(first, self._last + 2 + MOST_WAITING)))
        if len(self._missing) > MOST_WAITING:
            self._known = first - 1
            self._missing.clear()
        self._last = first - 1
        return self._due()

    def _wait(self, tell: Callable[[Sequence[T]], object]) -> None:
        if self._early and not self._is_timed:
            self._is_timed = True
            timer = threading.Timer(WAIT_S, self._wake, [self._last, tell])
            timer.daemon = True
            timer.start()

    def _wake(self, last: int, tell: Callable[[Sequence[T]], object]) -> None:
        with self._lock:
            self._is_timed = False
            if self._early and self._last == last:
                tell(self._give_up())
            self._wait(tell)
