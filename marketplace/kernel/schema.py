"""The database's schema: Alembic's migrations, run as the owner of the tables."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from marketplace.kernel.database import database

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def load_models() -> None:
    """Import every module of tables, so that the metadata is whole."""
    for package in ("domains", "kernel", "providers"):
        _load(f"marketplace.{package}")


def _load(package: str) -> None:
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        if module.ispkg:
            _load(module.name)
        elif module.name.rsplit(".", 1)[1] in {"models", "outbox", "idempotency"}:
            import_module(module.name)


def configuration(owner_url: str) -> Config:
    """Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = owner_url
    return config


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring a database to a revision."""
    command.upgrade(configuration(owner_url), revision)


def downgrade(owner_url: str, revision: str) -> None:
    """Take a database back to a revision."""
    command.downgrade(configuration(owner_url), revision)


def revise(owner_url: str, message: str) -> None:
    """Write a migration from the difference between the models and the database."""
    config = configuration(owner_url)
    number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
    command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


def is_current() -> bool:
    """Whether the database is at the newest revision."""
    heads = set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    with database.autocommit.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == heads
