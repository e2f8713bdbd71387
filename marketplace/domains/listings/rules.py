"""The rules of listings: pure."""

from collections.abc import Collection
from datetime import date

from marketplace.domains.listings.errors import NotDeletable
from marketplace.domains.listings.types import Listing, Status
from marketplace.kernel.process import Process, action

OWNER = "owner"
FREELANCER = "freelancer"

TASK = Process(
    "task",
    initial=Status.OPEN,
    actions={
        "apply": action(Status.OPEN, to=Status.OPEN, by={FREELANCER}),
        "update": action(Status.OPEN, to=Status.OPEN, by={OWNER}),
        "start": action(Status.OPEN, to=Status.IN_PROGRESS, by={OWNER}),
        "complete": action(Status.IN_PROGRESS, to=Status.COMPLETED, by={OWNER}),
        "cancel": action(Status.OPEN, Status.IN_PROGRESS, to=Status.CANCELLED, by={OWNER}),
        "delete": action(Status.OPEN, Status.CANCELLED, to=Status.DELETED, by={OWNER}),
    },
)
# Work may still be done: a deadline means something.
AHEAD = frozenset({Status.OPEN, Status.IN_PROGRESS})
MAX_WORDS = 10


def is_overdue(listing: Listing, today: date) -> bool:
    """Whether the deadline has passed and something may still happen."""
    return listing.deadline is not None and listing.deadline < today and listing.status in AHEAD


def is_unfinished(listing: Listing) -> bool:
    """Whether it is open, or work on it is in progress."""
    return listing.status in AHEAD


def is_completed(listing: Listing) -> bool:
    """Whether the work was taken as done."""
    return listing.status is Status.COMPLETED


def decide_deletion(listing: Listing, *, actors: Collection[str]) -> str:
    """The state that a deletion leads to; where it is refused, says what can be done instead."""
    allowed = TASK.allowed(state=listing.status, actors=actors)
    if "cancel" in allowed and "delete" not in allowed:
        raise NotDeletable(f"Cannot delete this task: it is {listing.status}. Cancel it instead.")
    return TASK.decide("delete", state=listing.status, actors=actors)


def words_of(search: str) -> tuple[str, ...]:
    """The words that must all occur; a search of very many words is cut."""
    return tuple(search.split()[:MAX_WORDS])
