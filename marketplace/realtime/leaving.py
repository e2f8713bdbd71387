"""Leaving: a process that ends sends its clients away, lets nobody in, and finishes what it began."""

import atexit
import signal
import threading
import time
from collections.abc import Iterable
from types import FrameType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from marketplace.extensions import socketio
from marketplace.kernel.combining import wait_for_what_follows
from marketplace.realtime.codes import Code
from marketplace.realtime.link import rooms
from marketplace.realtime.presence import presence

GOODBYE = "The server is going away."
GOODBYE_S = 2.0
# Less than gunicorn's `graceful_timeout`, after which the process is killed.
END_S = 2.5


class Leaving:
    """The end of this process."""

    def __init__(self) -> None:
        """Stay."""
        self.has_begun = False
        self._until = 0.0
        self._is_done = threading.Event()

    def go_away(self) -> None:
        """Close every socket of this process (1001), also those that still come in, and count for nobody."""
        self.has_begun = True
        until = time.monotonic() + GOODBYE_S
        while (links := rooms.links()) and time.monotonic() < until:
            for link in links:
                link.close(Code.GOING_AWAY, GOODBYE)
            time.sleep(0.02)
        presence.withdraw()
        self._is_done.set()

    def on_sigterm(self) -> None:
        """Let a web worker's SIGTERM close its sockets; call it where the worker loads the application."""
        before = signal.getsignal(signal.SIGTERM)

        def leave(number: int, frame: FrameType | None) -> None:
            if not self.has_begun:
                self.has_begun = True
                self._until = time.monotonic() + END_S
                # It may come in the middle of eventlet's loop, where a thread of `threading` cannot start.
                socketio.start_background_task(self.go_away)
                # The server ends as soon as its last connection is closed.
                atexit.register(self._finish)
            if callable(before):
                before(number, frame)

        signal.signal(signal.SIGTERM, leave)

    def turning_away(self, app: WSGIApplication, *, path: str) -> WSGIApplication:
        """Answer 503 to whoever comes to a process that ends by Socket.IO, whose clients come again then.

        To them a refusal by the namespace would be final.
        """

        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            is_newcomer = environ["PATH_INFO"].startswith(path) and "sid=" not in environ["QUERY_STRING"]
            if not (self.has_begun and is_newcomer):
                return app(environ, start_response)
            start_response("503 Service Unavailable", [("Content-Length", "0"), ("Retry-After", "1")])
            return []

        return answer

    def _finish(self) -> None:
        self._is_done.wait(max(self._until - time.monotonic(), 0))
        wait_for_what_follows(self._until)


leaving = Leaving()
