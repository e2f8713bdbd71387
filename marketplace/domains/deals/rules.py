"""The rules of deals: pure."""

from marketplace.domains.deals.types import Deal, Status
from marketplace.kernel.process import Process, action

BUYER = "buyer"
HOUSE = "house"

APPLICATION = Process(
    "application",
    initial=Status.PENDING,
    actions={
        "accept": action(Status.PENDING, to=Status.ACCEPTED, by={BUYER}),
        "reject": action(Status.PENDING, to=Status.REJECTED, by={BUYER, HOUSE}),
        "cancel": action(Status.ACCEPTED, to=Status.CANCELLED, by={BUYER}),
        "complete": action(Status.ACCEPTED, to=Status.COMPLETED, by={BUYER}),
        # Its task was deleted, which one that was paid for never is.
        "remove": action(Status.PENDING, Status.REJECTED, Status.CANCELLED, to=Status.REMOVED, by={HOUSE}),
    },
)
# An accepted application stays what it was chosen for, whatever came of it: at most one a listing.
CHOSEN = frozenset({Status.ACCEPTED, Status.COMPLETED, Status.CANCELLED})
# Somebody waits for somebody: for a decision, or for the work.
UNFINISHED = frozenset({Status.PENDING, Status.ACCEPTED})
# A chosen one that was not called off.
STANDING = frozenset({Status.ACCEPTED, Status.COMPLETED})


def is_undecided(deal: Deal) -> bool:
    """Whether its applicant still waits for an answer."""
    return deal.status is Status.PENDING


def may_be_paid(deal: Deal) -> bool:
    """Whether the deal's money may be paid in and released: it was chosen and not called off."""
    return deal.status in STANDING
