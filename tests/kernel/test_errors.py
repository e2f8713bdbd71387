"""Refusals carry their sentence, their field and their kind."""

from itertools import chain

import pytest

from marketplace.kernel.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    Kind,
    NotFound,
    TooMany,
    Unauthenticated,
    Unavailable,
)


class SeatTaken(Conflict):
    """This seat is taken.

    What follows the first line is for programmers.
    """

    code = "seat_taken"
    field = "seat"


def descendants(refusal):
    return chain([refusal], *map(descendants, refusal.__subclasses__()))


def test_a_refusal_says_the_first_line_of_its_docstring():
    refusal = SeatTaken()
    assert (refusal.sentence, str(refusal)) == ("This seat is taken.", "This seat is taken.")
    assert (refusal.of_field, refusal.retry_after_s) == ("seat", None)


def test_a_refusal_may_say_more_and_blame_another_field():
    refusal = SeatTaken("Seat 7 is taken.", field="row", retry_after_s=30)
    assert (refusal.sentence, refusal.of_field, refusal.retry_after_s) == ("Seat 7 is taken.", "row", 30)


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (Invalid, Kind.INVALID),
        (Unauthenticated, Kind.UNAUTHENTICATED),
        (Forbidden, Kind.FORBIDDEN),
        (NotFound, Kind.NOT_FOUND),
        (SeatTaken, Kind.CONFLICT),
        (TooMany, Kind.TOO_MANY),
        (Unavailable, Kind.UNAVAILABLE),
    ],
)
def test_the_kind_is_inherited(refusal, kind):
    assert refusal().kind is kind


def test_every_refusal_of_the_house_says_something(app):
    for refusal in descendants(DomainError):
        assert refusal.__doc__
        assert isinstance(refusal.kind, Kind)
        assert refusal.code
