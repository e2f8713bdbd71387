"""Answers that are kept for a moment, so that many who ask at once are not each looked up anew."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar

from marketplace.kernel.reading import is_open

P = ParamSpec("P")
T = TypeVar("T")
MOST = 4096

_moment: ContextVar[dict[object, Any] | None] = ContextVar("moment", default=None)
_every: "list[Kept[..., Any]]" = []


class _Answer(Generic[T]):
    __slots__ = ("asked_at", "is_asked_anew", "value")

    def __init__(self, value: T, asked_at: float) -> None:
        self.value = value
        self.asked_at = asked_at
        self.is_asked_anew = False


class Kept(Generic[P, T]):
    """A function of hashable arguments whose answers are at most `for_s` seconds old, in each process.

    In the second half of that time one caller asks anew while the others are still given the old answer.
    A unit of work, which has to see its own writes, asks anew, unless what is asked is `fixed`: never written
    by one.
    """

    def __init__(self, ask: Callable[P, T], *, for_s: float, fixed: bool) -> None:
        """Keep what `ask` answers."""
        self._ask = ask
        self._for_s = for_s
        self._fixed = fixed
        self._answers: OrderedDict[object, _Answer[T]] = OrderedDict()
        _every.append(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer, kept or new."""
        if is_open() and not self._fixed:
            return self._ask(*args, **kwargs)
        key = (args, tuple(sorted(kwargs.items())))
        answer = self._answers.get(key)
        if answer is not None:
            age_s = time.monotonic() - answer.asked_at
            if age_s < self._for_s / 2 or (answer.is_asked_anew and age_s < self._for_s):
                return answer.value
            answer.is_asked_anew = True
        return self._learn(key, *args, **kwargs)

    def anew(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """The answer as it is now, which is kept from now on."""
        return self._learn((args, tuple(sorted(kwargs.items()))), *args, **kwargs)

    def forget(self) -> None:
        """Keep nothing of what was answered."""
        self._answers.clear()

    def _learn(self, key: object, *args: P.args, **kwargs: P.kwargs) -> T:
        asked_at = time.monotonic()
        value = self._ask(*args, **kwargs)
        self._answers[key] = _Answer(value, asked_at)
        self._answers.move_to_end(key)
        while len(self._answers) > MOST:
            self._answers.popitem(last=False)
        return value


def once(ask: Callable[P, T]) -> Callable[P, T]:
    """Ask a function of hashable arguments once within a moment, outside of units of work."""

    @wraps(ask)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        known = _moment.get()
        if known is None or is_open():
            return ask(*args, **kwargs)
        key = (ask, args, tuple(sorted(kwargs.items())))
        if key not in known:
            known[key] = ask(*args, **kwargs)
        value: T = known[key]
        return value

    return answer


@contextmanager
def one_moment() -> Iterator[None]:
    """Treat what happens inside as one moment: several who ask the same are answered alike."""
    token = _moment.set({})
    try:
        yield
    finally:
        _moment.reset(token)


def kept(*, for_s: float, fixed: bool = False) -> Callable[[Callable[P, T]], Kept[P, T]]:
    """Keep the answers of the function that is decorated."""
    return lambda ask: Kept(ask, for_s=for_s, fixed=fixed)


def forget_everything() -> None:
    """Keep nothing of what any function answered."""
    for each in _every:
        each.forget()
