"""What PostgreSQL and Redis have in common: one process on a unix socket, owned by the one who started it."""

import shutil
import time
from abc import ABC, abstractmethod
from pathlib import Path

from marketplace.local.errors import LocalError
from marketplace.local.instance import FolderLock, InstanceFolder
from marketplace.local.processes import Child, Pause, Program

READY_WITHIN_S = 120.0
MAX_EARLY_ENDS = 12
EARLY_END_PAUSE_S = 0.5
POLL_S = 0.02


class Server(ABC):
    """A server that lives in an instance folder; it ends with the thread that started it."""

    title: str
    stop_within_s: float

    def __init__(self, instance: InstanceFolder, program: Program, *, home: Path, sockets: Path) -> None:
        """Describe the server; `start` runs it."""
        self.child = Child(program, instance.record(program.name))
        self._lock_path = instance.run / f"{program.name}.lock"
        self._lock: FolderLock | None = None
        self._log = instance.log(program.name)
        self._home = home
        self._sockets = sockets

    def start(self, pause: Pause = time.sleep) -> None:
        """Run the server until it answers; refused with `LocalError` while another living process owns it."""
        self._lock = FolderLock(self._lock_path)
        try:
            self.prepare(pause)
            self.revive()
            self._wait_until_ready(pause)
        except BaseException:
            self.stop()
            raise

    def revive(self) -> None:
        """Start the server without waiting for it, past whatever a killed one left behind."""
        self.child.kill()
        self.clear_stale_files()
        self.child.start()

    def stop(self, pause: Pause = time.sleep) -> None:
        """End the server in order; its data stays."""
        self.child.stop(self.stop_within_s, pause)
        if self._sockets != self._home:
            shutil.rmtree(self._sockets, ignore_errors=True)
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    @abstractmethod
    def prepare(self, pause: Pause) -> None:
        """Make the data folder where it is missing."""

    @abstractmethod
    def clear_stale_files(self) -> None:
        """Remove what a killed server left and a new one would stumble over."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the server answers."""

    def _wait_until_ready(self, pause: Pause) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        early_ends = 0
        while not self.is_ready():
            if not self.child.is_running:
                early_ends += 1
                if early_ends == MAX_EARLY_ENDS:
                    raise LocalError(
                        f"{self.title} does not start: {self.last_complaint()} (log: {self._log})"
                    )
                # what a killed server held (memory, a socket) is let go a moment later: ask again
                pause(EARLY_END_PAUSE_S)
                self.revive()
            if time.monotonic() > deadline:
                raise LocalError(f"{self.title} is not ready after {READY_WITHIN_S:.0f} s (log: {self._log})")
            pause(POLL_S)

    def last_complaint(self) -> str:
        """The line of the log that most likely says what is wrong."""
        lines = self._log.read_text(errors="replace").splitlines()[-200:] if self._log.exists() else []
        telling = [line for line in lines if "FATAL" in line or "error" in line.lower()] or lines
        return telling[-1].strip() if telling else "it left no message"
