"""What the catalogue speaks of."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of work."""

    id: int
    name: str
    slug: str
    description: str
