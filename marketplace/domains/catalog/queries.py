"""What the catalogue reads."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.domains.catalog.models import CategoryRow
from marketplace.domains.catalog.types import Category
from marketplace.kernel.unit_of_work import reading

_CATEGORY = select(CategoryRow.id, CategoryRow.name, CategoryRow.slug, CategoryRow.description)


def categories() -> Mapping[int, Category]:
    """Every category by id, in the order of their ids."""
    with reading() as connection:
        rows = connection.execute(_CATEGORY.order_by(CategoryRow.id)).mappings().all()
    return {row["id"]: Category(**row) for row in rows}
