"""The database as the owner of its tables."""

from flask import current_app

from marketplace.kernel.database import DatabaseMissing
from marketplace.kernel.settings import Settings


def owner_url() -> str:
    """Where the owner of the tables connects to; refused where no database is named."""
    settings: Settings = current_app.config["SETTINGS"]
    url = settings.database_owner_url or settings.database_url
    if url is None:
        raise DatabaseMissing
    return url
