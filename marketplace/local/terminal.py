"""What the supervisor says to the person who started it."""

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Terminal:
    """Writes lines and steps (`Redis: starting… ready (0.1 s)`); asks to stop when nobody reads any more."""

    def __init__(self, when_gone: Callable[[], None]) -> None:
        """Remember what to do once nobody reads any more."""
        self._when_gone = when_gone
        if isinstance(sys.stdout, io.TextIOWrapper):
            # a terminal without Unicode shows a question mark
            sys.stdout.reconfigure(errors="replace")
        self._step = ""
        self._began = 0.0
        self._line_is_open = False

    def line(self, text: str) -> None:
        """Write one line, apart from a step that is not finished."""
        self._write(f"\n{text}\n" if self._line_is_open else f"{text}\n")
        self._line_is_open = False

    def begin(self, title: str) -> None:
        """Say that a step begins."""
        self._step, self._began = title, time.monotonic()
        self._write(f"{title}: starting… ")
        self._line_is_open = True

    def finish(self) -> None:
        """Say how long the step took, on its own line if others came between."""
        took = f"ready ({time.monotonic() - self._began:.1f} s)\n"
        self._write(took if self._line_is_open else f"{self._step}: {took}")
        self._line_is_open = False

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Begin a step and finish it, unless it fails."""
        self.begin(title)
        yield
        self.finish()

    def _write(self, text: str) -> None:
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError:
            # the terminal or the pipe was closed: the rest goes nowhere, and what runs is ended in order
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._when_gone()
