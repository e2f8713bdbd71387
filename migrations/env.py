"""Alembic's environment: one connection as the owner of the tables, one transaction a migration."""

from alembic import context
from sqlalchemy import create_engine, pool

from marketplace.kernel.database import Base
from marketplace.kernel.schema import load_models

load_models()
engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
