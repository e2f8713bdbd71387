"""What happens to listings."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TaskPosted(Fact):
    """A task was posted."""

    task_id: int
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class TaskUpdated(Fact):
    """The owner changed a task that is open; `changed` names what, in the words of `Changes`."""

    task_id: int
    owner_id: int
    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TaskSaved(Fact):
    """Somebody keeps an eye on a task."""

    task_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class TaskDeleted(Fact):
    """The owner took a task away: from now on there is no such task."""

    task_id: int
    title: str
    owner_id: int
