import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from marketplace.api.platform import health, readiness
from marketplace.kernel.database import Pool, database
from marketplace.kernel.jobs import jobs


def refuse():
    raise ConnectionRefusedError("postgresql://someone:secret@10.1.2.3/books")


def test_a_process_that_answers_is_alive(client: FlaskClient):
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})
    assert response.headers["Cache-Control"] == "no-store"


def test_a_process_whose_ground_answers_is_ready(app: Flask, client: FlaskClient):
    app.extensions[health.EXTENSION] = {"database": lambda: True, "redis": lambda: True}
    response = client.get("/readyz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_what_does_not_answer_is_named_and_nothing_more(app: Flask, client: FlaskClient):
    app.extensions[health.EXTENSION] = {
        "database": refuse,
        "migrations": lambda: False,
        "redis": lambda: True,
    }
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json == {"status": "unavailable", "not_ready": ["database", "migrations"]}


def test_an_application_asks_its_database_its_tables_and_its_redis(app: Flask):
    assert app.extensions[health.EXTENSION] is readiness.CHECKS
    assert set(readiness.CHECKS) == {"database", "migrations", "redis"}


def test_a_database_and_a_redis_that_are_away_make_it_unready(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    nobody = Pool("postgresql+psycopg://nobody@127.0.0.1:1/nothing", size=2, session={})
    monkeypatch.setattr(database, "_pool", nobody)
    monkeypatch.setattr(jobs, "_redis", Redis(port=1, retry=Retry(NoBackoff(), 0)))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json == {
        "status": "unavailable",
        "not_ready": ["database", "migrations", "redis"],
    }


def test_a_redis_that_answers_a_ping_is_there(redis: Redis, app: Flask):
    assert readiness.redis_answers()


def test_migrated_tables_and_a_redis_that_answers_are_ground_enough(session_app: Flask):
    assert {name: check() for name, check in readiness.CHECKS.items()} == {
        "database": True,
        "migrations": True,
        "redis": True,
    }
