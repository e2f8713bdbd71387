"""What happens to deals."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AboutDeal:
    """What every fact of a deal tells: which one, about what (its title of the day), between whom."""

    deal_id: int
    kind: str
    listing_id: int
    title: str
    buyer_id: int
    seller_id: int


@dataclass(frozen=True, kw_only=True)
class DealOpened(AboutDeal, Fact):
    """A freelancer applied, or a client ordered."""


@dataclass(frozen=True, kw_only=True)
class DealAccepted(AboutDeal, Fact):
    """Whoever was asked said yes."""


@dataclass(frozen=True, kw_only=True)
class DealRejected(AboutDeal, Fact):
    """A deal was turned down, or another one chosen, or what it was about called off."""


@dataclass(frozen=True, kw_only=True)
class DealCancelled(AboutDeal, Fact):
    """One side called the deal off, `by_id`; nobody did where what it was about is gone."""

    by_id: int | None


@dataclass(frozen=True, kw_only=True)
class DealCompleted(AboutDeal, Fact):
    """The buyer took the work as done."""


@dataclass(frozen=True, kw_only=True)
class DealRemoved(AboutDeal, Fact):
    """An application that waited for an answer went with its task, which was deleted."""


@dataclass(frozen=True, kw_only=True)
class DealWithdrawn(AboutDeal, Fact):
    """An undecided deal is gone, with the account of whoever made it."""


@dataclass(frozen=True, kw_only=True)
class ContractChanged(Fact):
    """A contract was made, or is otherwise than before."""

    contract_id: int
    deal_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class TaskCancelled(Fact):
    """The owner called the task off; `freelancer_id` is who had been chosen."""

    task_id: int
    title: str
    owner_id: int
    freelancer_id: int | None


@dataclass(frozen=True, kw_only=True)
class ReviewGiven(Fact):
    """One side said what it thinks of the other."""

    review_id: int
    task_id: int
    title: str
    reviewer_id: int
    reviewee_id: int
    rating: int
