"""Pages of a list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.pages import MAX_PAGE, Page, PageRequest


def page(total, number=1, size=10):
    return Page(items=[], total=total, request=PageRequest(number=number, size=size))


@pytest.mark.parametrize(
    ("total", "number", "has_next", "is_out_of_range"),
    [
        (0, 1, False, False),
        (10, 1, False, False),
        (11, 1, True, False),
        (11, 2, False, False),
        (11, 3, False, True),
        (0, 2, False, True),
        (20, 3, False, True),
    ],
)
def test_the_edges_of_a_list(total, number, has_next, is_out_of_range):
    asked = page(total, number)
    assert (asked.has_next, asked.is_out_of_range) == (has_next, is_out_of_range)


@given(st.integers(0, 500), st.integers(1, 50))
def test_following_the_pages_meets_every_item_once(total, size):
    number, seen = 1, []
    while True:
        asked = page(total, number, size)
        assert not asked.is_out_of_range
        seen += range(total)[asked.request.offset : asked.request.offset + size]
        if not asked.has_next:
            break
        number += 1
    assert seen == list(range(total))


def test_the_farthest_page_is_one_that_postgresql_can_count_to():
    assert PageRequest(number=MAX_PAGE, size=100).offset < 2**31
