"""PostgreSQL and Redis for whoever needs them on this machine: `flask up` and the test suite."""

import time
from pathlib import Path

from marketplace.local.instance import InstanceFolder
from marketplace.local.postgres import PostgresService
from marketplace.local.processes import Pause
from marketplace.local.redis import RedisService

__all__ = ["PostgresService", "RedisService", "start_postgres", "start_redis"]


def start_postgres(instance_path: Path, *, fsync: bool = True, pause: Pause = time.sleep) -> PostgresService:
    """Run PostgreSQL under a folder until it answers, with the database `marketplace` and its roles.

    `owner_url` is the superuser `postgres`, `url` the login role `marketplace` in `marketplace_app`.
    A server that a killed start left there is ended first; one that a living process owns is refused with
    `LocalError`. So a test suite of several processes starts it once, in the first, and hands the URLs on.
    It ends with `stop`, or with the thread that started it. `fsync=False` is for data that may be lost,
    `pause(seconds)` is how it waits.
    """
    service = PostgresService(_folder(instance_path), fsync=fsync)
    service.start(pause)
    return service


def start_redis(instance_path: Path, *, fsync: bool = True, pause: Pause = time.sleep) -> RedisService:
    """Run Redis under a folder until it answers; in everything else like `start_postgres`."""
    service = RedisService(_folder(instance_path), fsync=fsync)
    service.start(pause)
    return service


def _folder(path: Path) -> InstanceFolder:
    instance = InstanceFolder(path.absolute())
    instance.prepare()
    return instance
