"""What is looked at before anything is started, so that a wrong setting costs one line and no time."""

import errno
import socket
from pathlib import Path

import psycopg
import redis

from marketplace.kernel.settings import Settings
from marketplace.local.errors import LocalError

CONNECT_WITHIN_S = 5


def check_everything(settings: Settings) -> None:
    """Raise `LocalError` for what would keep this start from succeeding."""
    if not Path("wsgi.py").is_file():
        raise LocalError("there is no wsgi.py here: start from the folder of the project")
    check_port(settings.host, settings.port)
    for name, url in (
        ("DATABASE_URL", settings.database_url),
        ("DATABASE_OWNER_URL", settings.database_owner_url),
    ):
        if url is not None:
            check_database(name, url)
    if settings.redis_url is not None:
        check_redis(settings.redis_url)


def check_port(host: str, port: int) -> None:
    """Raise `LocalError` unless the web server could listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise LocalError(f"HOST {host} is not an address of this machine: {error.strerror}") from error
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise LocalError(_why_not(host, port, error)) from error


def check_database(name: str, url: str) -> None:
    """Raise `LocalError` unless PostgreSQL answers there."""
    try:
        psycopg.connect(url.replace("+psycopg://", "://", 1), connect_timeout=CONNECT_WITHIN_S).close()
    except psycopg.OperationalError as error:
        raise LocalError(f"{name} cannot be reached: {_one_line(error)}") from error
    except psycopg.Error as error:
        # its message would quote the URL, and with it the password
        raise LocalError(f"{name} is not a URL that PostgreSQL understands") from error


def check_redis(url: str) -> None:
    """Raise `LocalError` unless Redis answers there."""
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=CONNECT_WITHIN_S, socket_timeout=CONNECT_WITHIN_S
        ) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        raise LocalError(f"REDIS_URL cannot be reached: {_one_line(error)}") from error


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use: end what listens there, or choose another with PORT=…"
    if error.errno == errno.EACCES:
        return f"port {port} on {host} is reserved for root: choose another with PORT=…"
    return f"HOST {host} is not an address of this machine: {error.strerror}"


def _one_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
