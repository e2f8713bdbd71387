"""The page envelope: how many there are, the links to the next and previous page, the items."""

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import msgspec
from flask import request

from marketplace.kernel.errors import NotFound
from marketplace.kernel.links import links
from marketplace.kernel.pages import Page

T = TypeVar("T")
S = TypeVar("S")
MAX_PAGE_SIZE = 100
TOTAL, LINK = "X-Total-Count", "Link"
# How those headers are described in the documents.
PAGE_HEADERS = {
    TOTAL: {"description": "How many items there are in all.", "schema": {"type": "integer"}},
    LINK: {
        "description": 'The next and the previous page, where there is one: `<...>; rel="next"`.',
        "schema": {"type": "string"},
    },
}
Link = Annotated[str, msgspec.Meta(examples=["http://localhost:8000/api/tasks/?page=2"])]


class InvalidPage(NotFound):
    """Invalid page."""

    code = "invalid_page"


class Listed(Generic[T]):
    """One page of a list as a bare array: how many there are and where to go on stand in the headers."""


class Paged(msgspec.Struct, Generic[T], kw_only=True, frozen=True):
    """One page of a list."""

    count: Annotated[int, msgspec.Meta(description="How many items there are in all", examples=[1])]
    next: Link | None
    previous: Link | None
    results: list[T]


def link_pages(page: Page[Any]) -> Paged[Any]:
    """The envelope of a page, with links that keep the request's filters."""
    number = page.request.number
    others = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    # Not by the Host header, which anybody may make up.
    base = links.to(f"{request.script_root}{request.path}")
    rest = f"&{urlencode(others)}" if others else ""
    return Paged(
        count=page.total,
        next=f"{base}?page={number + 1}{rest}" if page.has_next else None,
        previous=f"{base}?page={number - 1}{rest}" if number > 1 else None,
        results=list(page.items),
    )


def page_headers(page: Page[Any]) -> dict[str, str]:
    """What stands beside a page that is a bare array; the links are as RFC 8288 has them."""
    paged = link_pages(page)
    targets = {"next": paged.next, "prev": paged.previous}
    linked = ", ".join(f'<{target}>; rel="{relation}"' for relation, target in targets.items() if target)
    return {TOTAL: str(page.total)} | ({LINK: linked} if linked else {})


def page_of(page: Page[T], show: Callable[[T], S]) -> Page[S]:
    """A page of domain values as a page of structs; refuses a page beyond the last one."""
    if page.is_out_of_range:
        raise InvalidPage
    return Page(items=[show(item) for item in page.items], total=page.total, request=page.request)
