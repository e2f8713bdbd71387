"""What happens to listings."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TaskPosted(Fact):
    """A task was posted."""

    task_id: int
    owner_id: int
