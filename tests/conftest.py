"""One PostgreSQL and one Redis for the whole run, one database a worker, a clean one a test."""

import gc
import os
import shutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.serving import make_server

from marketplace.app import create_app
from marketplace.domains.catalog import public as catalog
from marketplace.extensions import limiter
from marketplace.kernel import kept, passwords, schema
from marketplace.kernel.clock import clock
from marketplace.kernel.combining import BEHIND
from marketplace.kernel.database import Base, database
from marketplace.kernel.jobs import jobs
from marketplace.kernel.settings import Settings
from marketplace.local.services import start_postgres, start_redis
from marketplace.realtime import hub, presence
from tests import house
from tests.client import Client

OWNER_URL = "TEST_OWNER_URL"
APPLICATION_URL = "TEST_APPLICATION_URL"
REDIS_URL = "TEST_REDIS_URL"
# Filled by the catalogue, the same in every test.
CATALOGUE = {
    "alembic_version",
    "catalogue_parts",
    "categories",
    "cities",
    "city_names",
    "countries",
    "service_offerings",
    "skills",
}

# How many new objects call for the collector: Python's 700 call for it all the time.
GARBAGE = 50_000

# The same examples at every run: what a random one finds is kept as an example beside its test.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis.settings.load_profile("suite")

# Those that take long to open, and are visited by many.
HOUSES = ("running_house", "threaded_house", "houses")

_services = []


def pytest_configure(config):
    """Start the services in the process that starts the workers, which inherit their addresses."""
    if not hasattr(config, "workerinput") and config.getoption("numprocesses", None):
        _start_services()


@pytest.hookimpl(wrapper=True)
def pytest_xdist_auto_num_workers():
    """One worker more than there are cores: one of them waits for a house to open or for a time to pass."""
    return (yield) + 1


def pytest_unconfigure(config):
    """Stop what this process started."""
    while _services:
        service = _services.pop()
        service.stop() if hasattr(service, "stop") else shutil.rmtree(service, ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Let one worker run every test that visits a house, so that one is enough; begin with the slow ones."""
    for item in items:
        chosen = item.callspec.params if hasattr(item, "callspec") else {}
        for name in HOUSES:
            if name in item.fixturenames or name == chosen.get("url"):
                item.add_marker(pytest.mark.xdist_group(f"{name}-{chosen.get('mode')}"))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish():
    """Spare the collector what was imported and collected, which stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


def pytest_make_parametrize_id(val, argname):
    """Name a case by where its bytes come in: what is in them may differ from worker to worker."""
    return argname if isinstance(val, bytes) else None


def _start_services():
    if OWNER_URL in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="marketplace-tests-"))
    folder.chmod(0o755)
    _services.append(folder)
    postgres = start_postgres(folder, fsync=False)
    _services.append(postgres)
    redis = start_redis(folder, fsync=False)
    _services.append(redis)
    schema.upgrade(postgres.owner_url)
    database.configure(Settings(database_url=postgres.owner_url))
    catalog.load()
    database.dispose()
    os.environ |= {OWNER_URL: postgres.owner_url, APPLICATION_URL: postgres.url, REDIS_URL: redis.url}


@pytest.fixture(scope="session")
def worker_number():
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def settings(worker_number, tmp_path_factory):
    """Settings of a development instance of this worker's own: database, Redis number, folder."""
    _start_services()
    name = f"test_{worker_number}"
    owner = sa.create_engine(_named(os.environ[OWNER_URL], "postgres"), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE marketplace"))
    owner.dispose()
    return Settings(
        database_url=_named(os.environ[APPLICATION_URL], name),
        database_owner_url=_named(os.environ[OWNER_URL], name),
        redis_url=os.environ[REDIS_URL].replace("db=0", f"db={worker_number + 1}"),
        instance_path=tmp_path_factory.mktemp("instance"),
        rate_limits=False,
        socketio_async_mode="threading",
    )


@pytest.fixture(scope="session")
def owner(settings):
    """An engine that owns the tables, for what the application may not do."""
    engine = sa.create_engine(settings.database_owner_url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def session_app(settings):
    """The application of this worker, listening: the sandbox twins are asked over HTTP."""
    server = make_server("127.0.0.1", 0, Flask("placeholder"), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    app = create_app(replace(settings, public_url=url, rate_limits=True))
    # the tests of the limits switch them on
    limiter.enabled = False
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app.config["LIVE_URL"] = url
    yield app
    server.shutdown()
    thread.join()
    server.server_close()
    database.dispose()


@pytest.fixture(scope="session")
def running_house():
    """The base URL of a house as `make run` starts it, with its demo world and without rate limits."""
    with house.running(DEMO="1", RATE_LIMITS="off") as url:
        yield url


@pytest.fixture(scope="session")
def threaded_house():
    """The same, on threads instead of eventlet."""
    with house.running(DEMO="off", RATE_LIMITS="off", SOCKETIO_ASYNC_MODE="threading") as url:
        yield url


@pytest.fixture
def empty_database_url(settings, owner, worker_number):
    """A database of its own, without a table."""
    name = f"test_migrations_{worker_number}"
    with owner.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield sa.make_url(settings.database_owner_url).set(database=name).render_as_string(hide_password=False)
    with owner.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session", autouse=True)
def quick_hashes():
    """Hashes that cost next to nothing, for thousands of people who join.

    Houses in processes of their own hash as they do in production, and so do the tests of passwords.
    """
    real = vars(passwords)["_hasher"], vars(passwords)["_DUMMY"]
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_DUMMY", quick.hash("nobody has this password"))
        yield real


@pytest.fixture
def real_hashes(quick_hashes, monkeypatch):
    """Hashes as in production."""
    hasher, dummy = quick_hashes
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "_DUMMY", dummy)


@pytest.fixture(scope="session")
def own_tables(session_app):
    """The tables that tests fill, each after those that it refers to."""
    return [table.name for table in Base.metadata.sorted_tables if table.name not in CATALOGUE]


@pytest.fixture(scope="session")
def emptying(owner, own_tables):
    """The statement that empties the tables and starts their ids anew.

    Nearly all tables are empty in nearly every test: to delete nothing is many times as quick as to truncate,
    and a function need not be planned again.
    """
    ids = sa.text(
        "SELECT pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns"
        " WHERE table_name = ANY(:tables)"
        " AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
    )
    with owner.connect() as connection:
        sequences = list(connection.scalars(ids, {"tables": own_tables}))
        statements = [
            *(f"DELETE FROM {table}" for table in reversed(own_tables)),
            "DELETE FROM skills WHERE NOT is_listed",
            *(f"PERFORM setval('{sequence}', 1, false)" for sequence in sequences),
        ]
        connection.exec_driver_sql(
            # The ledger refuses to be emptied by triggers, which even its owner has to put to sleep.
            "CREATE FUNCTION empty_tables() RETURNS void LANGUAGE plpgsql"
            f" SET session_replication_role = replica AS $$ BEGIN {';'.join(statements)}; END $$"
        )
    return "SELECT empty_tables()"


@pytest.fixture
def app(session_app, owner, emptying):
    """The application with empty tables, real time and an empty Redis."""
    for thread in threading.enumerate():
        if thread.name == BEHIND:
            thread.join(10)  # the test before may have left it more to write
    with owner.connect() as connection:
        connection.exec_driver_sql(emptying)
    jobs.redis.flushdb()
    clock.reset()
    kept.forget_everything()
    return session_app


@pytest.fixture
def own_bus(session_app, monkeypatch):
    """What another application takes of the worker's own bus and presence is its own again after the test.

    Two buses of one process hear each other, and every frame would come twice.
    """
    monkeypatch.setattr(hub, "_bus", vars(hub)["_bus"])
    monkeypatch.setattr(presence, "_roll", vars(presence)["_roll"])
    monkeypatch.setattr(presence, "_listeners", [*vars(presence)["_listeners"]])


@pytest.fixture
def live_server(app):
    """The address at which the application listens."""
    return app.config["LIVE_URL"]


@pytest.fixture
def join(client):
    """A function that registers somebody: `join("sara", "client")`."""

    def join(username, user_type="both"):
        body = {
            "username": username,
            "email": f"{username}@example.com",
            "password": "StrongPass123",
            "user_type": user_type,
        }
        return client.signed_in(client.post("/api/auth/register/", body).json)

    return join


@pytest.fixture
def client(app):
    """Somebody without a token."""
    return Client(app.test_client())


def _named(url, name):
    return url.replace("/marketplace?", f"/{name}?")
