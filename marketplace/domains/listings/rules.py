"""The rules of listings: pure."""

from datetime import date

from marketplace.domains.listings.types import Listing, Status
from marketplace.kernel.process import Process, action

OWNER = "owner"
FREELANCER = "freelancer"

TASK = Process(
    "task",
    initial=Status.OPEN,
    actions={
        "apply": action(Status.OPEN, to=Status.OPEN, by={FREELANCER}),
        "start": action(Status.OPEN, to=Status.IN_PROGRESS, by={OWNER}),
        "complete": action(Status.IN_PROGRESS, to=Status.COMPLETED, by={OWNER}),
        "cancel": action(Status.OPEN, Status.IN_PROGRESS, to=Status.CANCELLED, by={OWNER}),
    },
)
MAX_WORDS = 10


def is_overdue(listing: Listing, today: date) -> bool:
    """Whether the deadline has passed and something may still happen."""
    return listing.deadline is not None and listing.deadline < today and not TASK.is_final(listing.status)


def is_completed(listing: Listing) -> bool:
    """Whether the work was taken as done."""
    return listing.status is Status.COMPLETED


def words_of(search: str) -> tuple[str, ...]:
    """The words that must all occur; a search of very many words is cut."""
    return tuple(search.split()[:MAX_WORDS])
