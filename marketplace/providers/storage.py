"""Where files lie: in a folder that every process of the house sees, or in a bucket that speaks S3."""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit
from urllib.request import url2pathname

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store
from typing_extensions import override

from marketplace.kernel.errors import Unavailable
from marketplace.kernel.offload import offload
from marketplace.kernel.settings import Settings

CONNECT_TIMEOUT, TIMEOUT = "5s", "15s"
RETRIES = 2

Listed = list[tuple[str, datetime]]


class StorageUnavailable(Unavailable):
    """Files cannot be stored or read right now; try again later."""

    code = "storage_unavailable"


class Store(Protocol):
    """Blobs under keys such as `avatar/3f/0190.png`."""

    def put(self, key: str, content: bytes) -> None:
        """Store a blob: whole, or not at all."""

    def get(self, key: str) -> bytes:
        """A blob; a `FileNotFoundError` where there is none."""

    def delete(self, key: str) -> None:
        """Delete a blob; where there is none, there is none to delete."""

    def listed(self) -> Iterator[Listed]:
        """Every key and when it was stored, some at a time."""


class Folder(Store):
    """A folder of the file system. What is stored is on the disk before `put` returns."""

    def __init__(self, root: Path) -> None:
        """Keep blobs below `root`, which is made if need be."""
        self._root = root
        root.mkdir(parents=True, exist_ok=True)

    @override
    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    @override
    def get(self, key: str) -> bytes:
        return self._path(key).read_bytes()

    @override
    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    @override
    def listed(self) -> Iterator[Listed]:
        for folder, _, names in os.walk(self._root):
            found: Listed = []
            for path in (Path(folder, name) for name in names):
                # whatever is deleted meanwhile is not listed
                with suppress(FileNotFoundError):
                    stored_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                    found.append((path.relative_to(self._root).as_posix(), stored_at))
            yield found

    def _path(self, key: str) -> Path:
        if "\0" in key or any(part in {"", ".", ".."} for part in key.split("/")):
            message = f"no key of ours: {key!r}"
            raise ValueError(message)
        return self._root.joinpath(*key.split("/"))


class Bucket(Store):
    """A bucket of S3 or of what speaks like it.

    Its client runs on threads of its own, which do not survive a fork: a process that forks, as a worker does
    for each job, leaves it to its children.
    """

    def __init__(self, name: str, *, prefix: str | None, options: dict[str, str]) -> None:
        """Keep blobs in the bucket `name`, below `prefix`."""
        client: Any = {
            "connect_timeout": CONNECT_TIMEOUT,
            "timeout": TIMEOUT,
            "allow_http": options.get("endpoint", "").startswith("http:"),
        }
        retries: Any = {"max_retries": RETRIES}
        given: Any = options
        self._store = S3Store(name, prefix=prefix, client_options=client, retry_config=retries, **given)

    @override
    def put(self, key: str, content: bytes) -> None:
        # in one request: what is small enough for us needs no parts
        obstore.put(self._store, key, content, use_multipart=False)

    @override
    def get(self, key: str) -> bytes:
        return bytes(obstore.get(self._store, key).bytes())

    @override
    def delete(self, key: str) -> None:
        obstore.delete(self._store, key)

    @override
    def listed(self) -> Iterator[Listed]:
        for chunk in obstore.list(self._store):
            yield [(entry["path"], entry["last_modified"]) for entry in chunk]


class Storage:
    """The store that the settings name."""

    def __init__(self) -> None:
        """Start unconfigured."""
        self._url = ""
        self._opened: Store | None = None

    def configure(self, settings: Settings) -> None:
        """Take `STORAGE_URL`, or a folder of the instance; nothing is opened before it is used."""
        self._url = settings.storage_url or (settings.instance_path.absolute() / "files").as_uri()
        self._opened = None

    def put(self, key: str, content: bytes) -> None:
        """Store a blob."""
        try:
            offload(self._store.put, key, content)
        except (BaseError, OSError) as error:
            raise StorageUnavailable from error

    def find(self, key: str) -> bytes | None:
        """A blob, or `None` where there is none."""
        try:
            return offload(self._store.get, key)
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise StorageUnavailable from error

    def delete(self, keys: Iterable[str]) -> None:
        """Delete blobs; one that is not there is none to delete."""
        for key in keys:
            offload(self._store.delete, key)

    def listed(self) -> Iterator[Listed]:
        """Every key and when it was stored, some at a time."""
        return self._store.listed()

    @property
    def _store(self) -> Store:
        if self._opened is None:
            self._opened = open_store(self._url)
        return self._opened


def open_store(url: str) -> Store:
    """The store behind `file:///srv/files` or `s3://bucket/prefix?region=eu-west-1&endpoint=https://s3.example`.

    S3's credentials are those of `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or of the machine's role.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Folder(Path(url2pathname(parts.path)))
    return Bucket(parts.netloc, prefix=parts.path.strip("/") or None, options=dict(parse_qsl(parts.query)))


storage = Storage()
configure = storage.configure
