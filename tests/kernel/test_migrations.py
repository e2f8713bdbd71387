from contextlib import contextmanager

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from marketplace.kernel import schema
from marketplace.kernel.database import Base


def test_the_models_equal_the_migrations(empty_database_url):
    schema.load_models()
    schema.upgrade(empty_database_url)
    assert _differences(empty_database_url, Base.metadata) == []


def test_a_table_that_no_migration_makes_is_found(empty_database_url):
    changed = sa.MetaData()
    sa.Table("forgotten", changed, sa.Column("id", sa.BigInteger, primary_key=True))
    schema.upgrade(empty_database_url)
    kind, table = _differences(empty_database_url, changed)[0]
    assert (kind, table.name) == ("add_table", "forgotten")


def test_every_migration_goes_back_and_forth(empty_database_url):
    schema.upgrade(empty_database_url)
    with _connection(empty_database_url) as connection:
        made = set(sa.inspect(connection).get_table_names())
    schema.downgrade(empty_database_url, "base")
    with _connection(empty_database_url) as connection:
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
    schema.upgrade(empty_database_url)
    with _connection(empty_database_url) as connection:
        assert set(sa.inspect(connection).get_table_names()) == made


def test_the_migrations_are_one_line():
    script = ScriptDirectory(str(schema.MIGRATIONS))
    assert len(script.get_heads()) == 1
    assert script.get_bases() == ["0001"]


def _differences(url, metadata):
    with _connection(url) as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


@contextmanager
def _connection(url):
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection
