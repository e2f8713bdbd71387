"""Watches the children: passes on what they write, starts again what died, and ends them in order."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import IO

from marketplace.local.errors import StopRequested
from marketplace.local.processes import Child
from marketplace.local.server import Server
from marketplace.local.terminal import Terminal

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TICK_S = 0.2
FIRST_BACKOFF_S = 0.5
LONGEST_BACKOFF_S = 10.0
# A child that ran this long was well: its next death is the first of a new row.
WELL_AFTER_S = 30.0
PROGRAMS_STOP_WITHIN_S = 4.0
LONGEST_LINE = 16_384
READ_BYTES = 65_536

Sink = Callable[[str], None]


@dataclass
class Watched:
    """A child, how to start it again, and the history of its deaths."""

    child: Child
    revive: Callable[[], None]
    began: float
    deaths: int = 0
    due: float | None = None

    @property
    def name(self) -> str:
        """The child's name in messages."""
        return self.child.program.name


@dataclass
class Stream:
    """The output of one child on its way to lines."""

    pipe: IO[bytes]
    sink: Sink
    rest: bytes = b""

    def feed(self, data: bytes) -> None:
        """Pass on every line that is complete; one without end is cut."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > LONGEST_LINE:
            lines.append(self.rest)
            self.rest = b""
        for line in lines:
            self.sink(line.decode(errors="replace").rstrip("\r"))


class Supervisor:
    """The one loop of `flask up`: a single thread, because children end with the thread that started them."""

    def __init__(self) -> None:
        """Start with nothing to watch."""
        self.terminal = Terminal(self.request_stop)
        self._selector = selectors.DefaultSelector()
        self._servers: list[tuple[Server, Watched]] = []
        self._programs: list[Watched] = []
        self._stop_requested = False
        self._stopping = False

    def request_stop(self) -> None:
        """Make the next wait raise `StopRequested`."""
        self._stop_requested = True

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take Ctrl-C, a termination and a closed terminal as a request to stop."""

        def receive(_number: int, _frame: FrameType | None) -> None:
            self._stop_requested = True

        # under nohup a closed terminal is to be ignored, and stays so
        numbers = [
            number
            for number in STOP_SIGNALS
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN
        ]
        earlier = {number: signal.signal(number, receive) for number in numbers}
        try:
            yield
        finally:
            for number, handler in earlier.items():
                signal.signal(number, handler)

    def watch_server(self, server: Server) -> None:
        """Keep a running server alive until the end."""
        self._servers.append((server, Watched(server.child, server.revive, time.monotonic())))

    def run(self, child: Child) -> None:
        """Start a program and keep it alive until the end; its lines go to the terminal under its name."""
        name = child.program.name

        def start() -> None:
            self.start(child, lambda line: self.terminal.line(f"{name:<9} | {line}"))

        start()
        self._programs.append(Watched(child, start, time.monotonic()))

    def start(self, child: Child, sink: Sink) -> None:
        """Start a program whose lines go to a sink."""
        child.kill()
        child.start()
        if child.output is not None:
            self._selector.register(child.output, selectors.EVENT_READ, Stream(child.output, sink))

    def pause(self, seconds: float) -> None:
        """Wait, passing on what children write; raises `StopRequested` when somebody asked for the end."""
        deadline = time.monotonic() + seconds
        while True:
            if self._stop_requested and not self._stopping:
                raise StopRequested
            left = deadline - time.monotonic()
            if left <= 0:
                return
            self._pass_on(min(left, TICK_S))

    def supervise(self) -> None:
        """Keep everything alive until `StopRequested`."""
        while True:
            self.pause(TICK_S)
            self.revive_the_dead()

    def revive_the_dead(self) -> None:
        """Start again, after a growing pause, each child that ended."""
        for watched in self._everything():
            if not watched.child.is_running:
                self._revive(watched)

    def deaths(self, name: str) -> int:
        """How often in a row a child has ended by itself."""
        return next(watched.deaths for watched in self._everything() if watched.name == name)

    def stop(self) -> None:
        """End every program, then the servers, the last started first."""
        self._stopping = True
        for watched in self._programs:
            watched.child.ask_to_stop()
        deadline = time.monotonic() + PROGRAMS_STOP_WITHIN_S
        for watched in self._programs:
            if not watched.child.wait_or_kill(deadline, self.pause):
                self.terminal.line(f"{watched.name} did not end in time and was killed")
        for server, _ in reversed(self._servers):
            server.stop(pause=self.pause)
        self._selector.close()

    def _everything(self) -> Sequence[Watched]:
        return [*(watched for _, watched in self._servers), *self._programs]

    def _revive(self, watched: Watched) -> None:
        now = time.monotonic()
        if watched.due is None:
            watched.deaths = 1 if now - watched.began > WELL_AFTER_S else watched.deaths + 1
            wait = min(FIRST_BACKOFF_S * 2 ** (watched.deaths - 1), LONGEST_BACKOFF_S)
            watched.due = now + wait
            how = _describe(watched.child.exit_code)
            self.terminal.line(f"{watched.name} ended ({how}): starting it again in {wait:.1f} s")
        elif now >= watched.due:
            watched.due = None
            watched.began = now
            watched.revive()

    def _pass_on(self, within_s: float) -> None:
        if not self._selector.get_map():
            time.sleep(within_s)
            return
        for key, _ in self._selector.select(within_s):
            stream: Stream = key.data
            data = os.read(key.fd, READ_BYTES)
            if data:
                stream.feed(data)
            else:
                stream.feed(b"\n" if stream.rest else b"")
                self._selector.unregister(stream.pipe)
                stream.pipe.close()


def _describe(exit_code: int | None) -> str:
    if exit_code is None or exit_code >= 0:
        return f"exit code {exit_code}"
    return f"killed by signal {-exit_code}"
