"""Child processes that end with their supervisor, and the records by which the next start finds leftovers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from marketplace.local.errors import LocalError

LAUNCHER = Path(__file__).with_name("launch.py")
LOG_LIMIT_BYTES = 5_000_000
LEFTOVER_GRACE_S = 8.0
TICK_S = 0.05
# Two readings of one process' start time differ when the machine's clock is set in between.
SAME_START_S = 5.0

Pause = Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, and as whom."""

    name: str
    arguments: tuple[str, ...]
    environ: Mapping[str, str]
    folder: Path
    log: Path | None = None  # None: into a pipe that the supervisor reads
    account: tuple[int, int] | None = None  # uid and gid
    stop_signal: signal.Signals = signal.SIGTERM


class Child:
    """One program, run in a session of its own: a Ctrl-C in the terminal reaches the supervisor only."""

    def __init__(self, program: Program, record: Path) -> None:
        """Describe the child; `start` runs it."""
        self.program = program
        self.record = record
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the latest start."""
        return None if self._process is None else self._process.pid

    @property
    def output(self) -> IO[bytes] | None:
        """What the program writes, unless that goes to a log file."""
        return None if self._process is None else self._process.stdout

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return None if self._process is None else self._process.poll()

    @property
    def is_running(self) -> bool:
        """Whether the program itself (not merely one of its children) runs."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Run the program, after ending whatever an earlier start of it left."""
        end_leftover(self.record)
        if self.program.log is None:
            self._process = self._spawn(subprocess.PIPE)
        else:
            with _open_log(self.program.log) as log:
                self._process = self._spawn(log)
        _write_record(self.record, self._process.pid, self.program.stop_signal)

    def _spawn(self, output: int | IO[bytes]) -> subprocess.Popen[bytes]:
        account = "-" if self.program.account is None else "{}:{}".format(*self.program.account)
        launcher = (
            sys.executable,
            "-I",
            "-S",
            str(LAUNCHER),
            str(os.getpid()),
            str(int(self.program.stop_signal)),
            account,
        )
        return subprocess.Popen(  # noqa: S603 - the programs are ours, and no shell is between
            (*launcher, *self.program.arguments),
            env=dict(self.program.environ),
            cwd=self.program.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ask_to_stop(self) -> None:
        """Send the program its stop signal."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(self.program.stop_signal)

    def has_ended(self) -> bool:
        """Whether the program and everything it started are gone."""
        return self._process is None or (not self.is_running and not _left_behind(self._process.pid))

    def kill(self) -> None:
        """End the program and everything it started at once."""
        if self._process is None:
            return
        if self.is_running:
            _signal_all(_session(self._process.pid), signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        _signal_all(_left_behind(self._process.pid), signal.SIGKILL)
        self.record.unlink(missing_ok=True)

    def stop(self, within_s: float, pause: Pause = time.sleep) -> bool:
        """Ask the program to end and kill what is left after a time; answers whether it ended by itself."""
        self.ask_to_stop()
        return self.wait_or_kill(time.monotonic() + within_s, pause)

    def wait_or_kill(self, deadline: float, pause: Pause = time.sleep) -> bool:
        """Wait for the end that was asked for, until a deadline on the monotonic clock."""
        while self.is_running and time.monotonic() < deadline:
            pause(TICK_S)
        by_itself = self.has_ended()
        self.kill()
        return by_itself


def end_leftover(record: Path) -> bool:
    """End the process a record remembers, with everything it started; answers whether there was any."""
    remembered = _read_record(record)
    if remembered is None:
        return False
    pid, created, stop_signal = remembered
    leads = _is_same(pid, created)
    members = _session(pid, not_before=created) if leads else _left_behind(pid, not_before=created)
    if members:
        _signal_all([pid] if leads else members, stop_signal)
        _wait_for_session(pid, created)
        _signal_all(_session(pid, not_before=created), signal.SIGKILL)
        _wait_for_session(pid, created)
    record.unlink(missing_ok=True)
    return bool(members)


def _wait_for_session(pid: int, created: float) -> None:
    deadline = time.monotonic() + LEFTOVER_GRACE_S
    while _session(pid, not_before=created) and time.monotonic() < deadline:
        time.sleep(TICK_S)


def _session(leader: int, not_before: float = 0.0) -> list[int]:
    """Every living process of a session: a session's number is not given anew while one of them lives."""
    return [pid for pid in psutil.pids() if _session_of(pid) == leader and _lives(pid, not_before)]


def _left_behind(leader: int, not_before: float = 0.0) -> list[int]:
    """What a program that has ended started and left; nothing once its number belongs to a stranger."""
    return [] if psutil.pid_exists(leader) else _session(leader, not_before)


def _session_of(pid: int) -> int:
    try:
        return os.getsid(pid)
    except (ProcessLookupError, PermissionError):
        return -1


def _lives(pid: int, not_before: float) -> bool:
    try:
        process = psutil.Process(pid)
        return bool(
            process.status() != psutil.STATUS_ZOMBIE and process.create_time() > not_before - SAME_START_S
        )
    except psutil.Error:
        return False


def _is_same(pid: int, created: float) -> bool:
    try:
        return bool(abs(psutil.Process(pid).create_time() - created) < SAME_START_S)
    except psutil.Error:
        return False


def _signal_all(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
        except PermissionError as error:
            raise LocalError(
                f"process {pid}, left by an earlier start, belongs to another user: end it first"
            ) from error


def _open_log(path: Path) -> IO[bytes]:
    size = path.stat().st_size if path.exists() else 0
    return path.open("wb" if size > LOG_LIMIT_BYTES else "ab")


def _write_record(path: Path, pid: int, stop_signal: signal.Signals) -> None:
    try:
        created = psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"pid": pid, "created": created, "signal": int(stop_signal)}))
    draft.replace(path)


def _read_record(path: Path) -> tuple[int, float, int] | None:
    try:
        found = json.loads(path.read_text())
        return int(found["pid"]), float(found["created"]), int(found["signal"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        # a start that was killed while it wrote: its child has ended with it
        path.unlink(missing_ok=True)
        return None
