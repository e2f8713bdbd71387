"""The rules of deals: pure."""

from collections.abc import Collection

from marketplace.domains.deals.types import Deal, Kind, Status
from marketplace.kernel.process import NotYours, Process, WrongState, action

BUYER = "buyer"
SELLER = "seller"
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
# A gig is ordered by its buyer and answered by its seller, who may call it off later too.
GIG_ORDER = Process(
    "gig_order",
    initial=Status.PENDING,
    actions={
        "accept": action(Status.PENDING, to=Status.ACCEPTED, by={SELLER}),
        "reject": action(Status.PENDING, to=Status.REJECTED, by={SELLER}),
        "withdraw": action(Status.PENDING, to=Status.CANCELLED, by={BUYER, SELLER, HOUSE}),
        "call_off": action(Status.ACCEPTED, to=Status.CANCELLED, by={SELLER}),
        # Its contract was completed.
        "complete": action(Status.ACCEPTED, to=Status.COMPLETED, by={HOUSE}),
    },
)
PROPOSAL_ORDER = Process(
    "proposal_order",
    initial=Status.PENDING,
    actions={
        "accept": action(Status.PENDING, to=Status.ACCEPTED, by={BUYER}),
        "reject": action(Status.PENDING, to=Status.REJECTED, by={BUYER, HOUSE}),
        "withdraw": action(Status.PENDING, to=Status.CANCELLED, by={BUYER, SELLER, HOUSE}),
        "call_off": action(Status.ACCEPTED, to=Status.CANCELLED, by={BUYER, SELLER}),
        "complete": action(Status.ACCEPTED, to=Status.COMPLETED, by={HOUSE}),
    },
)
PROCESSES = {Kind.APPLICATION: APPLICATION, Kind.GIG_ORDER: GIG_ORDER, Kind.PROPOSAL_ORDER: PROPOSAL_ORDER}
# What the two sides of an order may decide.
DECISIONS = (Status.ACCEPTED, Status.REJECTED, Status.CANCELLED)
# An accepted application stays what it was chosen for, whatever came of it: at most one a listing.
CHOSEN = frozenset({Status.ACCEPTED, Status.COMPLETED, Status.CANCELLED})
# Somebody waits for somebody: for a decision, or for the work.
UNFINISHED = frozenset({Status.PENDING, Status.ACCEPTED})
# A chosen one that was not called off.
STANDING = frozenset({Status.ACCEPTED, Status.COMPLETED})


def is_application(deal: Deal) -> bool:
    """Whether it is about a task."""
    return deal.kind is Kind.APPLICATION


def is_undecided(deal: Deal) -> bool:
    """Whether its applicant still waits for an answer."""
    return deal.status is Status.PENDING


def may_be_paid(deal: Deal) -> bool:
    """Whether the deal's money may be paid in and released: it was chosen and not called off."""
    return deal.status in STANDING


def find_step(deal: Deal, wanted: Status, actors: Collection[str]) -> str | None:
    """The action that leads an order to a state, `None` where it is there already.

    Refuses whoever may never lead it there, or may not from where it stands, and then a step that nobody may
    take.
    """
    process = PROCESSES[deal.kind]
    leading = {name: row for name, row in process.actions.items() if row.leads_to == wanted}
    if not any(row.who & set(actors) for row in leading.values()):
        raise NotYours
    if deal.status is wanted:
        return None
    starting = [name for name, row in leading.items() if deal.status in row.starts]
    if not starting:
        raise WrongState(f"Cannot change status from '{deal.status}' to '{wanted}'.")
    return starting[0]
