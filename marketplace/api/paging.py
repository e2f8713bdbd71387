"""The page envelope: how many there are, the links to the next and previous page, the items."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from flask import request
from werkzeug.datastructures import MultiDict

from marketplace.kernel.errors import NotFound
from marketplace.kernel.links import links
from marketplace.kernel.pages import Page

T = TypeVar("T")
S = TypeVar("S")
MAX_PAGE_SIZE = 100
Link = Annotated[str, msgspec.Meta(examples=["http://localhost:8000/api/tasks/?page=2"])]


class InvalidPage(NotFound):
    """Invalid page."""

    code = "invalid_page"


class Paged(msgspec.Struct, Generic[T], kw_only=True, frozen=True):
    """One page of a list."""

    count: Annotated[int, msgspec.Meta(description="How many items there are in all", examples=[1])]
    next: Link | None
    previous: Link | None
    results: list[T]


def link_pages(page: Page[Any]) -> Paged[Any]:
    """The envelope of a page, with links that keep the request's filters."""
    number = page.request.number
    return Paged(
        count=page.total,
        next=_link(number + 1) if page.has_next else None,
        previous=_link(number - 1) if number > 1 else None,
        results=list(page.items),
    )


def page_of(page: Page[T], show: Callable[[T], S]) -> Page[S]:
    """A page of domain values as a page of structs; refuses a page beyond the last one."""
    if page.is_out_of_range:
        raise InvalidPage
    return Page(items=[show(item) for item in page.items], total=page.total, request=page.request)


def _link(number: int) -> str:
    arguments: MultiDict[str, str] = MultiDict(request.args)
    arguments["page"] = str(number)
    # Not by the Host header, which anybody may make up.
    return links.to(f"{request.script_root}{request.path}", **arguments.to_dict(flat=False))
