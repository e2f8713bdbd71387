"""Combining: who asks for the same kind of work at the same time has it done together.

The first comer does it for all who came meanwhile, as a database commits groups of transactions (flat
combining: Hendler, Incze, Shavit and Tzafrir, 2010). Alone one is served at once; where there was company, a
command waits a moment for it to come again, as PostgreSQL's `commit_delay` does.
What follows from the work is done while the next company is served already.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

import structlog
from typing_extensions import override

from marketplace.kernel.errors import Unavailable
from marketplace.kernel.kept import one_moment
from marketplace.kernel.unit_of_work import is_bound

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
MOST = 64
# How long those who come right after a company wait for the others, unless all are there before.
GATHER_S = 0.003
# The longest that they wait for what follows from it, which is what those others come again after.
FOLLOW_S = 0.03
# How the threads are called that do what follows when nobody waits for it.
BEHIND = "what-follows"

log = structlog.get_logger()
# Whether others wait for what is done here: then it must wait for none of them.
_is_waited_for: ContextVar[bool] = ContextVar("is_waited_for", default=False)

# What the company that is being served here will still wait for, once the next one has its turn.
_still_to_do: ContextVar[list[Callable[[], object]] | None] = ContextVar("still_to_do", default=None)


class _Waiting(Generic[Asked, Answer]):
    __slots__ = ("answer", "asked", "comes", "is_patient", "is_served", "leads", "turn")

    def __init__(self, asked: Asked, *, is_patient: bool, comes: bool = True) -> None:
        self.asked = asked
        # whether somebody comes with it, or it is one more thing that they ask
        self.comes = comes
        # whether it waits for what follows
        self.is_patient = is_patient
        self.answer: Answer | Exception = Unavailable()
        self.leads = False
        self.is_served = False
        # what it waits for, unless it leads from the start
        self.turn: threading.Event | None = None


class Combined(Generic[Asked, Answer]):
    """Work that is done for several at once: `together` answers each, with what to return or to raise."""

    _answers_at_once: ClassVar[bool] = False
    _gather_s: ClassVar[float] = 0

    def __init__(self, together: Callable[[Sequence[Asked]], Sequence[Answer | Exception]]) -> None:
        """Do the work by `together`, for at most `MOST` at once."""
        self._together = together
        self._lock = threading.Lock()
        self._queue: list[_Waiting[Asked, Answer]] = []
        self._is_led = False
        # how many may come again, and until when the next company waits for them
        self._expected = 0
        self._gathers_until = 0.0
        self._has_changed = threading.Event()

    def __call__(self, asked: Asked) -> Answer:
        """Have it done, with whatever others ask for at the same time."""
        (answer,) = self.all([asked])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def all(self, asked: Sequence[Asked]) -> list[Answer | Exception]:
        """Have several things done in their order; answers each, with what to return or to raise."""
        return self._answers(self._queue_up(asked))

    def soon(self, asked: Sequence[Asked]) -> list[Answer | Exception]:
        """As `all`, for who does not wait for what follows: that is done behind their back."""
        return self._answers(self._queue_up(asked, is_patient=False))

    @property
    def is_awaited(self) -> bool:
        """Whether others wait for their turn, which they get as soon as this one is over."""
        return bool(self._queue)

    def then(self, asked: Asked) -> None:
        """Have it done in the order of asking, once what is being done here together is done."""
        mine = self._queue_up([asked])
        still_to_do = _still_to_do.get()
        if still_to_do is None:
            self._wait_for(mine)
        else:
            still_to_do.append(lambda: self._wait_for(mine))

    def _queue_up(
        self, asked: Sequence[Asked], *, is_patient: bool = True
    ) -> "list[_Waiting[Asked, Answer]]":
        mine: list[_Waiting[Asked, Answer]] = [
            _Waiting(each, is_patient=is_patient, comes=not place) for place, each in enumerate(asked)
        ]
        with self._lock:
            self._queue += mine
            if self._is_complete():
                self._has_changed.set()
            if mine and not self._is_led:
                mine[0].leads = self._is_led = True
            for waiting in mine:
                waiting.turn = None if waiting.leads else threading.Event()
        return mine

    def _wait_for(self, mine: "Sequence[_Waiting[Asked, Answer]]") -> None:
        for answer in self._answers(mine):
            if isinstance(answer, Exception):
                raise answer

    def _answers(self, mine: "Sequence[_Waiting[Asked, Answer]]") -> list[Answer | Exception]:
        for waiting in mine:
            if waiting.turn is not None:
                waiting.turn.wait()
            if waiting.leads and not waiting.is_served:
                self._lead()
        return [waiting.answer for waiting in mine]

    def _lead(self) -> None:
        """Serve those who wait, oneself among the first; the next of those who came meanwhile leads."""
        self._gather()
        with self._lock:
            served, self._queue = self._queue[:MOST], self._queue[MOST:]
        still_to_do: list[Callable[[], object]] = []
        with one_moment(), _waited_for():
            try:
                self._serve(served, still_to_do)
            finally:
                self._follow_up(served, still_to_do)

    def _gather(self) -> None:
        """Wait a moment for those who have just been answered, for most of them ask again."""
        while not self._is_complete() and (left_s := self._gathers_until - time.monotonic()) > 0:
            self._has_changed.wait(left_s)
            self._has_changed.clear()

    def _is_complete(self) -> bool:
        return _count(self._queue) >= self._expected

    def _serve(
        self, served: "Sequence[_Waiting[Asked, Answer]]", still_to_do: list[Callable[[], object]]
    ) -> None:
        token = _still_to_do.set(still_to_do)
        try:
            answers = self._together([waiting.asked for waiting in served])
            for waiting, answer in zip(served, answers, strict=True):
                waiting.answer = answer
        except Exception as error:  # noqa: BLE001 - whoever asked is told, in their own thread
            for waiting in served:
                waiting.answer = error
        finally:
            _still_to_do.reset(token)

    def _follow_up(
        self, served: "Sequence[_Waiting[Asked, Answer]]", still_to_do: list[Callable[[], object]]
    ) -> None:
        """Let the next lead and do what follows, by a thread of its own where nobody waits for it."""
        finish = partial(self._finish, served, still_to_do)
        if self._answers_at_once and served[0].is_patient:
            # who leads waits for what follows, and so do the next: meanwhile the others ask again
            _release(served)
            try:
                finish()
            finally:
                self._make_way(served, self._gather_s)
            return
        self._make_way(served, FOLLOW_S)
        _release(each for each in served if self._answers_at_once or not each.is_patient)
        if served[0].is_patient or not still_to_do:
            finish()
        else:
            behind = partial(copy_context().run, _log_failure, finish)
            threading.Thread(target=behind, name=BEHIND, daemon=True).start()

    def _make_way(self, served: "Sequence[_Waiting[Asked, Answer]]", gathers_s: float) -> None:
        """Let the first of those who came meanwhile lead."""
        with self._lock:
            following = self._queue[0] if self._queue else None
            if self._gather_s:
                self._expected = min(_count(served) + _count(self._queue), MOST)
                self._gathers_until = time.monotonic() + gathers_s if self._expected > 1 else 0
            self._is_led = following is not None
        if following is not None:
            following.leads = True
            if following.turn is not None:
                following.turn.set()

    def _finish(
        self, served: "Sequence[_Waiting[Asked, Answer]]", still_to_do: Sequence[Callable[[], object]]
    ) -> None:
        try:
            for do in still_to_do:
                do()
        finally:
            self._gathers_until = min(self._gathers_until, time.monotonic() + self._gather_s)
            self._has_changed.set()
            _release(served)


def wait_for_what_follows(until: float) -> None:
    """Wait for what is done behind somebody's back, until that moment of the monotonic clock at most."""
    for thread in threading.enumerate():
        if thread.name == BEHIND:
            thread.join(max(until - time.monotonic(), 0))


def _count(asked: Iterable[_Waiting[Any, Any]]) -> int:
    return sum(each.comes for each in asked)


@contextmanager
def _waited_for() -> Iterator[None]:
    token = _is_waited_for.set(True)
    try:
        yield
    finally:
        _is_waited_for.reset(token)


def _log_failure(do: Callable[[], object]) -> None:
    try:
        do()
    except Exception:
        log.exception("what_follows_failed")


def _release(served: Iterable[_Waiting[Any, Any]]) -> None:
    for waiting in served:
        waiting.is_served = True
        if waiting.turn is not None:
            waiting.turn.set()


class CombinedCommand(Combined[Asked, Answer]):
    """A command that is carried out in one transaction with whoever gives it at the same time.

    One that belongs into an open unit of work, or into one that is waited for, is carried out in that; one
    that is part of what others wait for, by itself. The next are served when what follows is done, for which
    one of each company waits: then more have come. Where nobody waits for it, the next go on when most have.
    """

    _answers_at_once = True
    _gather_s = GATHER_S

    @override
    def all(self, asked: Sequence[Asked]) -> list[Answer | Exception]:
        """Carry out several in their order; answers each, with what to return or to raise."""
        return list(self._together(asked)) if _is_alone() else super().all(asked)

    @override
    def soon(self, asked: Sequence[Asked]) -> list[Answer | Exception]:
        """Carry out several without waiting for what follows."""
        return list(self._together(asked)) if _is_alone() else super().soon(asked)


def _is_alone() -> bool:
    return is_bound() or _is_waited_for.get()
