"""Bringing the stored catalogue up to the shipped one."""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.catalog import queries
from marketplace.domains.catalog.models import CategoryRow, ServiceOfferingRow, SkillRow
from marketplace.domains.catalog.service.gazetteer import load_cities
from marketplace.domains.catalog.types import Contents
from marketplace.kernel.database import Base
from marketplace.kernel.unit_of_work import unit_of_work

# In the order in which they refer to each other.
_TABLES: Sequence[type[Base]] = (CategoryRow, SkillRow, ServiceOfferingRow)


def load() -> Contents:
    """Bring every part up to the shipped one, by id; what was stored beside it stays. Safe to repeat."""
    shipped = json.loads(files("marketplace.domains.catalog").joinpath("catalogue.json").read_text("utf-8"))
    with unit_of_work():
        for table in _TABLES:
            _store(table, shipped[table.__tablename__])
        load_cities()
        return queries.contents()


def _store(table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    with unit_of_work() as unit:
        unit.session.execute(
            statement.values(rows).on_conflict_do_update(index_elements=["id"], set_=changed)
        )
