"""The servers as the test suite uses them: started by this process, for as long as it wants them."""

import locale

import psycopg
import pytest
import redis

from marketplace.local import postgres
from marketplace.local.errors import LocalError
from marketplace.local.services import start_postgres, start_redis


def test_postgres_has_an_owner_and_a_role_that_owns_nothing(instance):
    service = start_postgres(instance, fsync=False)
    try:
        with psycopg.connect(service.owner_url.replace("+psycopg", "")) as owner:
            assert owner.execute("SHOW server_version_num").fetchone()[0].startswith("18")
            assert owner.execute(
                "SELECT current_database(), usesuper FROM pg_user WHERE usename = current_user"
            ).fetchone() == (
                "marketplace",
                True,
            )
            letters = owner.execute("SELECT datctype FROM pg_database WHERE datname = 'marketplace'")
            assert letters.fetchone() == (postgres._letters(),)
        with psycopg.connect(service.url.replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT pg_has_role('marketplace_app', 'member')").fetchone() == (True,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE mine (id bigint)")
    finally:
        service.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(service.url.replace("+psycopg", ""))


def test_a_server_that_a_living_process_owns_is_left_alone(tmp_path):
    first = start_redis(tmp_path / "instance")
    try:
        with pytest.raises(LocalError, match="is in use by process"):
            start_redis(tmp_path / "instance")
        with redis.Redis.from_url(first.url) as client:
            assert client.ping()
    finally:
        first.stop()
    start_redis(tmp_path / "instance").stop()


def test_data_of_another_postgresql_is_not_touched(instance):
    (instance / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(LocalError, match="was written by PostgreSQL 17, this is 18"):
        start_postgres(instance)


def test_a_data_folder_that_was_never_finished_is_made_anew(tmp_path):
    draft = tmp_path / "instance" / "postgres.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    service = start_postgres(tmp_path / "instance", fsync=False)
    service.stop()
    assert not draft.exists()
    assert (tmp_path / "instance" / "postgres" / "PG_VERSION").exists()


def test_letters_are_those_of_every_alphabet_where_the_machine_knows_them(monkeypatch):
    before = locale.setlocale(locale.LC_CTYPE)
    assert postgres._letters() in {"C.UTF-8", "C"}
    monkeypatch.setattr(postgres, "UTF8", "xx_XX.nonsense")
    assert postgres._letters() == "C"
    assert locale.setlocale(locale.LC_CTYPE) == before
