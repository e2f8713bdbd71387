"""The instance folder: where one house keeps its data, logs, locks and the record of its processes."""

import fcntl
import hashlib
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from marketplace.local.errors import LocalError

# The kernel keeps 104 bytes (macOS) or 108 (Linux) for the path of a unix socket.
MAX_SOCKET_PATH = 100
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class InstanceFolder:
    """The layout below one `INSTANCE_PATH`."""

    path: Path

    @property
    def run(self) -> Path:
        """Locks and the records of running processes."""
        return self.path / "run"

    @property
    def logs(self) -> Path:
        """Logs of PostgreSQL and Redis; the others speak to the terminal."""
        return self.path / "logs"

    def prepare(self) -> None:
        """Create the folders, or say why that is impossible."""
        try:
            for folder in (self.path, self.run, self.logs):
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryFile(dir=folder):
                    pass
        except OSError as error:
            raise LocalError(f"INSTANCE_PATH {self.path} is not writable: {error.strerror}") from error

    def record(self, name: str) -> Path:
        """The file that remembers a process by its name."""
        return self.run / f"{name}.json"

    def log(self, name: str) -> Path:
        """The log file of a service."""
        return self.logs / f"{name}.log"

    def socket_folder(self, name: str, home: Path, account: tuple[int, int]) -> Path:
        """`home` if a unix socket fits in there, else a short private folder for this instance alone."""
        socket = home / LONGEST_SOCKET_NAME
        # a comma separates hosts for libpq, a quote ends PostgreSQL's list of folders
        if len(os.fsencode(socket)) <= MAX_SOCKET_PATH and not {",", '"'} & set(str(home)):
            return home
        digest = hashlib.sha256(os.fsencode(self.path.resolve())).hexdigest()[:12]
        folder = _short_temporary_folder() / f"marketplace-{digest}-{name}"
        return _private_folder(folder, account)

    def secret_key(self) -> str:
        """The secret key of a development machine, made once and readable by its owner only."""
        path = self.path / "secret_key"
        if not path.exists() or not path.read_text().strip():
            draft = path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
            draft.replace(path)
        return path.read_text().strip()


class FolderLock:
    """Held by one process at a time, and let go by the kernel however that process ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock, or raise `LocalError` naming the process that holds it."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(self._descriptor, 20).decode() or "?"
            os.close(self._descriptor)
            folder = path.parent.parent
            raise LocalError(
                f"{folder} is in use by process {holder}: end it, or choose another INSTANCE_PATH and PORT"
            ) from error
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())

    def release(self) -> None:
        """Let another process have it."""
        os.close(self._descriptor)


def _short_temporary_folder() -> Path:
    folder = Path(tempfile.gettempdir())
    fits = (
        len(os.fsencode(folder)) + len(f"/marketplace-{'0' * 12}-postgres/{LONGEST_SOCKET_NAME}")
        <= MAX_SOCKET_PATH
    )
    return folder if fits else Path("/tmp")  # noqa: S108 - the folder made in it is private, and checked to be


def _private_folder(folder: Path, account: tuple[int, int]) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account[0]}:
        raise LocalError(f"{folder} belongs to somebody else: remove it, or choose a shorter INSTANCE_PATH")
    folder.chmod(0o700)
    if found.st_uid != account[0]:
        os.chown(folder, *account)
    return folder
