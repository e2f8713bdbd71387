"""`flask schema`."""

import shutil

import pytest
import sqlalchemy as sa

from marketplace.kernel import schema


@pytest.fixture
def tables(empty_database_url, change_settings):
    """A function that names the tables of a database of its own, on which the commands work."""
    change_settings(database_owner_url=empty_database_url)
    engine = sa.create_engine(empty_database_url, poolclass=sa.NullPool)

    def tables():
        with engine.connect() as connection:
            return set(sa.inspect(connection).get_table_names())

    return tables


def test_tables_are_made_and_dropped(flask, tables):
    assert tables() == set()
    assert flask("schema", "upgrade").exit_code == 0
    made = tables()
    assert {"users", "outbox_facts", "idempotency_keys"} <= made
    assert flask("schema", "upgrade").exit_code == 0
    assert tables() == made
    assert flask("schema", "downgrade", "0001").exit_code == 0
    assert "users" in tables() < made
    assert flask("schema", "downgrade", "base").exit_code == 0
    assert tables() == {"alembic_version"}


def test_a_migration_is_written_from_the_difference(flask, tables, tmp_path, monkeypatch):
    folder = shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations")
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    flask("schema", "upgrade")
    before = set((folder / "versions").glob("*.py"))
    assert flask("schema", "revise", "Add nothing").exit_code == 0
    (written,) = set((folder / "versions").glob("*.py")) - before
    assert written.name == f"{len(before) + 1:04}_add_nothing.py"
    assert "op." not in written.read_text().partition("def upgrade")[2]


def test_without_a_database_the_setting_is_named(flask, change_settings):
    change_settings(database_url=None, database_owner_url=None)
    result = flask("schema", "upgrade")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: DATABASE_URL is not set")
