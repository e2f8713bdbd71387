"""Combining: who asks for the same kind of work at the same time has it done together.

The first comer does it for all who came meanwhile, as a database commits groups of transactions (flat
combining: Hendler, Incze, Shavit and Tzafrir, 2010). Nobody waits for company: alone one is served at once.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from marketplace.kernel.errors import Unavailable

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
MOST = 64


class _Waiting(Generic[Asked, Answer]):
    __slots__ = ("answer", "asked", "is_served", "leads", "turn")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Answer | Exception = Unavailable()
        self.leads = False
        self.is_served = False
        self.turn = threading.Event()


class Combined(Generic[Asked, Answer]):
    """Work that is done for several at once: `together` answers each, with what to return or to raise."""

    def __init__(self, together: Callable[[Sequence[Asked]], Sequence[Answer | Exception]]) -> None:
        """Do the work by `together`, for at most `MOST` at once."""
        self._together = together
        self._lock = threading.Lock()
        self._queue: list[_Waiting[Asked, Answer]] = []
        self._is_led = False

    def __call__(self, asked: Asked) -> Answer:
        """Have it done, with whatever others ask for at the same time."""
        (answer,) = self.all([asked])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def all(self, asked: Sequence[Asked]) -> list[Answer | Exception]:
        """Have several things done in their order; answers each, with what to return or to raise."""
        mine: list[_Waiting[Asked, Answer]] = [_Waiting(each) for each in asked]
        with self._lock:
            self._queue += mine
            if mine and not self._is_led:
                mine[0].leads = self._is_led = True
        for waiting in mine:
            if not waiting.leads:
                waiting.turn.wait()
            if waiting.leads and not waiting.is_served:
                self._lead()
        return [waiting.answer for waiting in mine]

    def _lead(self) -> None:
        """Serve those who wait, oneself among the first; the next of those who came meanwhile leads."""
        with self._lock:
            served, self._queue = self._queue[:MOST], self._queue[MOST:]
        try:
            answers = self._together([waiting.asked for waiting in served])
            for waiting, answer in zip(served, answers, strict=True):
                waiting.answer = answer
        except Exception as error:  # noqa: BLE001 - whoever asked is told, in their own thread
            for waiting in served:
                waiting.answer = error
        finally:
            with self._lock:
                following = self._queue[0] if self._queue else None
                self._is_led = following is not None
            for waiting in served:
                waiting.is_served = True
                waiting.turn.set()
            if following is not None:
                following.leads = True
                following.turn.set()
