"""What this process stands on: PostgreSQL, the tables of this version, and Redis."""

from collections.abc import Mapping

from sqlalchemy import text

from marketplace.api.platform.health import Check
from marketplace.kernel import schema
from marketplace.kernel.database import database
from marketplace.kernel.jobs import jobs


def database_answers() -> bool:
    """Whether PostgreSQL answers a query."""
    with database.autocommit.connect() as connection:
        return bool(connection.scalar(text("SELECT true")))


def redis_answers() -> bool:
    """Whether Redis answers a ping."""
    return bool(jobs.redis.ping())


CHECKS: Mapping[str, Check] = {
    "database": database_answers,
    "migrations": schema.is_current,
    "redis": redis_answers,
}
