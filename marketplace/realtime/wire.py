"""The wire under a plain WebSocket: a TCP socket that several threads may write to.

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
        # eventlet's sockets wait even where they are told not to; the one that they stand on does not
        self._direct: socket.socket = getattr(inner, "fd", inner)
        self._is_full = is_full
        self._on_end = on_end
        self._writer = threading.Lock()
        self._is_writing = False
        self._lock = threading.Lock()
        self._queue: list[bytes] = []
        self.queued_bytes = 0

    def fileno(self) -> int:
        """The descriptor, for a selector."""
        return self._inner.fileno()

    def recv(self, size: int) -> bytes:
        """Read, once there is room for more."""
        while self._is_full():
            time.sleep(FULL_S)
        return self._inner.recv(size)

    def push(self, piece: bytes) -> bool:
        """Send a piece as far as that waits for nobody, and queue the rest; whether all of it is sent."""
        with self._lock:
            if not (self._is_writing or self._queue):
                piece = piece[self._send_now(piece) :]
            if piece:
                self._queue.append(piece)
                self.queued_bytes += len(piece)
            return not piece

    def send(self, piece: bytes = b"") -> int:
        """Send what is queued and a piece; `TimeoutError` when another piece has been stuck for long."""
        if not self._writer.acquire(timeout=SEND_S):
            raise TimeoutError
        try:
            with self._lock:
                queued, self._queue, self.queued_bytes = self._queue, [], 0
                self._is_writing = True
            self._inner.sendall(b"".join([*queued, piece]))
        finally:
            self._is_writing = False
            self._writer.release()
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

    def _send_now(self, piece: bytes) -> int:
        try:
            return self._direct.send(piece, socket.MSG_DONTWAIT)
        except OSError:
            return 0  # it is full, or gone: who waits for it will see
