"""What others may ask of the catalogue."""

from marketplace.domains.catalog.errors import UnknownCategory
from marketplace.domains.catalog.queries import categories
from marketplace.domains.catalog.service import get_category, load
from marketplace.domains.catalog.types import Category

__all__ = ["Category", "UnknownCategory", "categories", "get_category", "load"]
