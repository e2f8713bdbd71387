"""The rules of deals: pure."""

from marketplace.domains.deals.errors import AlreadyDone, AlreadyPaid
from marketplace.domains.deals.types import Contract, ContractStatus, Deal, Kind, Stage, Status
from marketplace.kernel.process import Process, action

BUYER = "buyer"
SELLER = "seller"
HOUSE = "house"
MAKER = "maker"
TAKER = "taker"

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
# What two sides agree on; both sides of a contract are named by who made it.
CONTRACT = Process(
    "contract",
    initial=ContractStatus.PENDING,
    actions={
        "edit": action("pending", to="pending", by={MAKER}),
        "accept": action("pending", to="accepted", by={TAKER}),
        "reject": action("pending", to="rejected", by={TAKER}),
        "withdraw": action("pending", to="cancelled", by={MAKER, HOUSE}),
        "call_off": action("accepted", to="cancelled", by={MAKER, TAKER, HOUSE}),
    },
)
# How far the work that a contract is about has come.
WORK = Process(
    "work",
    initial=Stage.DRAFT,
    actions={
        "begin": action("draft", to="in_progress", by={HOUSE}),
        "submit": action("in_progress", to="submitted", by={SELLER}),
        "return": action("submitted", to="in_progress", by={BUYER}),
        "complete": action("in_progress", "submitted", to="completed", by={BUYER}),
        "stop": action("draft", "in_progress", "submitted", to="cancelled", by={HOUSE}),
    },
)
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


def is_over(deal: Deal) -> bool:
    """Whether it came to nothing: it was turned down or called off."""
    return deal.status not in UNFINISHED | STANDING


def may_be_paid(deal: Deal) -> bool:
    """Whether the deal's money may be paid in and released: it was chosen and not called off."""
    return deal.status in STANDING


def is_binding(contract: Contract) -> bool:
    """Whether it was not turned down or called off."""
    return contract.status in {ContractStatus.PENDING, ContractStatus.ACCEPTED}


def is_agreed(contract: Contract) -> bool:
    """Whether both sides said yes and neither called it off."""
    return contract.status is ContractStatus.ACCEPTED


def is_done(contract: Contract) -> bool:
    """Whether the buyer took the work as done."""
    return contract.stage is Stage.COMPLETED


def can_be_completed(deal: Deal) -> bool:
    """Whether the deal may still be brought to its end."""
    return deal.status in PROCESSES[deal.kind].actions["complete"].starts


def check_call_off(contract: Contract, *, is_paid: bool) -> None:
    """Refuse to call off what is done or paid for."""
    if is_done(contract):
        raise AlreadyDone
    if is_paid:
        raise AlreadyPaid
