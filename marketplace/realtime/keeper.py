"""The keeper: one thread a process that closes expired connections and keeps presence alive."""

import heapq
import itertools
import threading
import time
from datetime import datetime
from weakref import ReferenceType, ref

import structlog

from marketplace.kernel.clock import clock
from marketplace.realtime.codes import Code
from marketplace.realtime.link import Link
from marketplace.realtime.presence import presence

log = structlog.get_logger()


class Keeper:
    """Sleeps until a token expires, a beat is due, or somebody comes or goes."""

    def __init__(self) -> None:
        """Start asleep: a process without connections has no such thread."""
        self._lock = threading.Lock()
        self._awake = threading.Event()
        self._thread: threading.Thread | None = None
        self._beat_s = 10.0
        self._next_beat = 0.0
        self._number = itertools.count()
        self._expiries: list[tuple[datetime, int, ReferenceType[Link]]] = []

    def configure(self, *, beat_s: float) -> None:
        """Beat every so many seconds."""
        self._beat_s = beat_s

    def watch(self, link: Link, expires_at: datetime) -> None:
        """Close a connection when its token expires."""
        with self._lock:
            heapq.heappush(self._expiries, (expires_at, next(self._number), ref(link)))
        self.wake()

    def wake(self) -> None:
        """Somebody came or went."""
        self._awake.set()
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="realtime-keeper", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        while True:
            self._awake.clear()
            try:
                wait_s = self._round()
            except Exception:
                log.exception("keeper_failed")
                wait_s = 1.0
            self._awake.wait(wait_s)

    def _round(self) -> float:
        """Do what is due; answers the seconds until something is due again."""
        presence.flush()
        if time.monotonic() >= self._next_beat:
            self._next_beat = time.monotonic() + self._beat_s
            presence.beat()
        for link in self._expired():
            link.close(Code.TOKEN_EXPIRED, "The token has expired.")
        return max(min(self._next_beat - time.monotonic(), self._next_expiry_s()), 0.01)

    def _expired(self) -> list[Link]:
        now = clock.real_now()
        expired = []
        with self._lock:
            while self._expiries and self._expiries[0][0] <= now:
                expired.append(heapq.heappop(self._expiries)[2]())
        return [link for link in expired if link is not None]

    def _next_expiry_s(self) -> float:
        with self._lock:
            if not self._expiries:
                return self._beat_s
            return (self._expiries[0][0] - clock.real_now()).total_seconds()


keeper = Keeper()
