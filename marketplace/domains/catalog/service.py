"""The commands of the catalogue."""

import json
from importlib.resources import files

from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.catalog import queries
from marketplace.domains.catalog.errors import UnknownCategory
from marketplace.domains.catalog.models import CategoryRow
from marketplace.domains.catalog.types import Category
from marketplace.kernel.unit_of_work import unit_of_work


def load() -> int:
    """Bring the stored catalogue up to the shipped one, by id; answers how many rows it has."""
    rows = json.loads(files("marketplace.domains.catalog").joinpath("catalogue.json").read_text())[
        "categories"
    ]
    statement = insert(CategoryRow).values(rows)
    with unit_of_work() as unit:
        unit.session.execute(
            statement.on_conflict_do_update(
                index_elements=[CategoryRow.id],
                set_={name: statement.excluded[name] for name in ("name", "slug", "description")},
            )
        )
    return len(rows)


def get_category(category_id: int) -> Category:
    """A category; refuses an id that the catalogue does not have."""
    category = queries.categories().get(category_id)
    if category is None:
        message = f'Invalid pk "{category_id}" - object does not exist.'
        raise UnknownCategory(message)
    return category
