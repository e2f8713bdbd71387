"""Pages of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_PAGE = 10_000_000


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """Which page is asked for: `number` from 1, `size` items a page."""

    number: int = 1
    size: int = 10

    @property
    def offset(self) -> int:
        """How many items come before the page."""
        return (self.number - 1) * self.size


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list and the length of the whole."""

    items: Sequence[T]
    total: int
    request: PageRequest

    @property
    def has_next(self) -> bool:
        """Whether a further page has items."""
        return self.request.offset + self.request.size < self.total

    @property
    def is_out_of_range(self) -> bool:
        """Whether the page lies beyond the last one (page 1 never does)."""
        return self.request.number > 1 and self.request.offset >= self.total
