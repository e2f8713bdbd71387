"""The wire under a plain WebSocket: a TCP socket that two threads may write to.

simple-websocket writes pongs and closes from its reading thread and frames from ours, and closes at once,
which makes the kernel throw away what was not read, and with it the close code on its way to the client.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

SEND_S = 10
LINGER_S = 1.0
FULL_S = 0.02


class Wire:
    """Sends whole pieces one after another within a time limit, holds floods back, and closes softly."""

    def __init__(
        self, inner: socket.socket, *, is_full: Callable[[], bool], on_end: Callable[[], None]
    ) -> None:
        """Wrap a connected socket; nothing is read while `is_full()`, and `on_end()` says reading is over."""
        self._inner = inner
        self._is_full = is_full
        self._on_end = on_end
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """The descriptor, for a selector."""
        return self._inner.fileno()

    def recv(self, size: int) -> bytes:
        """Read, once there is room for more."""
        while self._is_full():
            time.sleep(FULL_S)
        return self._inner.recv(size)

    def send(self, piece: bytes) -> int:
        """Send all of a piece; `TimeoutError` when another piece has been stuck for long."""
        if not self._lock.acquire(timeout=SEND_S):
            raise TimeoutError
        try:
            self._inner.sendall(piece)
        finally:
            self._lock.release()
        return len(piece)

    def cut(self) -> None:
        """End both directions at once; who is stuck in `send` or `recv` comes free."""
        with suppress(OSError):
            self._inner.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Say that nothing follows, read what is still under way for a moment, and close."""
        self._on_end()
        with suppress(OSError):
            self._inner.shutdown(socket.SHUT_WR)
            self._inner.settimeout(LINGER_S)
            until = time.monotonic() + LINGER_S
            while time.monotonic() < until and self._inner.recv(65536):
                pass
        self._inner.close()
