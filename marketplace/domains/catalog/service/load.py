"""Bringing the stored catalogue up to the shipped one."""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.catalog import queries
from marketplace.domains.catalog.models import CategoryRow, ServiceOfferingRow, SkillRow
from marketplace.domains.catalog.service.gazetteer import load_cities
from marketplace.domains.catalog.types import Contents
from marketplace.kernel.database import Base
from marketplace.kernel.unit_of_work import unit_of_work


def load() -> Contents:
    """Bring every part up to the shipped one, by id; what was stored beside it stays. Safe to repeat."""
    shipped = json.loads(files("marketplace.domains.catalog").joinpath("catalogue.json").read_text("utf-8"))
    with unit_of_work():
        # in the order in which they refer to each other
        _store(CategoryRow, shipped["categories"])
        _store(SkillRow, _list_named(shipped["skills"]))
        _store(ServiceOfferingRow, shipped["service_offerings"])
        load_cities()
        return queries.contents()


def _list_named(skills: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of these skills, those to store by their ids; those that people have named before keep theirs."""
    known = queries.find_skills_by_name([skill["name"] for skill in skills])
    ids = {name: skill.id for name, skill in known.items()}
    named = [skill for skill in skills if ids.get(skill["name"].lower(), skill["id"]) != skill["id"]]
    with unit_of_work() as unit:
        for skill in named:
            unit.session.execute(
                update(SkillRow)
                .where(SkillRow.id == ids[skill["name"].lower()])
                .values(category_id=skill["category_id"], is_listed=True)
            )
    return [{**skill, "is_listed": True} for skill in skills if skill not in named]


def _store(table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    statement = insert(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    with unit_of_work() as unit:
        unit.session.execute(
            statement.values(rows).on_conflict_do_update(index_elements=["id"], set_=changed)
        )
