"""What happens to deals."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(Fact):
    """A freelancer applied to a task."""

    application_id: int
    task_id: int
    title: str
    owner_id: int
    freelancer_id: int


@dataclass(frozen=True, kw_only=True)
class ApplicationAccepted(Fact):
    """The owner chose an application."""

    application_id: int
    task_id: int
    title: str
    owner_id: int
    freelancer_id: int


@dataclass(frozen=True, kw_only=True)
class ApplicationRejected(Fact):
    """An application was turned down, by its owner or because another was chosen or the task cancelled."""

    application_id: int
    task_id: int
    title: str
    owner_id: int
    freelancer_id: int


@dataclass(frozen=True, kw_only=True)
class ApplicationRemoved(Fact):
    """An application that waited for an answer went with its task, which was deleted."""

    application_id: int
    task_id: int
    title: str
    owner_id: int
    freelancer_id: int


@dataclass(frozen=True, kw_only=True)
class ApplicationWithdrawn(Fact):
    """An undecided application is gone, with the account of whoever made it."""

    application_id: int
    task_id: int
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class TaskCompleted(Fact):
    """The owner took the work as done."""

    task_id: int
    title: str
    owner_id: int
    freelancer_id: int


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
