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
    },
)
# An accepted application stays what it was chosen for, whatever came of it: at most one a listing.
CHOSEN = frozenset({Status.ACCEPTED, Status.COMPLETED, Status.CANCELLED})


def may_be_paid(deal: Deal) -> bool:
    """Whether the deal's money may be paid in and released: it was chosen and not called off."""
    return deal.status in {Status.ACCEPTED, Status.COMPLETED}
