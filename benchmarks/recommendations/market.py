"""A made-up market as everybody sees it: all that a ranking may read."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Skill:
    """A skill of the catalogue."""

    id: int
    name: str
    category_id: int


@dataclass(frozen=True, kw_only=True)
class Freelancer:
    """What somebody who looks for work says of themselves."""

    id: int
    bio: str
    skill_ids: Sequence[int]
    category_ids: Sequence[int]
    min_budget_minor: int | None
    joined_days_ago: float
    city: str


@dataclass(frozen=True, kw_only=True)
class Task:
    """What a client says of a task."""

    id: int
    owner_id: int
    title: str
    description: str
    category_id: int
    price_minor: int
    age_days: float
    is_open: bool
    city: str


@dataclass(frozen=True)
class Deed:
    """What a freelancer did with a task: `saved` or `applied`."""

    freelancer_id: int
    task_id: int
    kind: str
    days_ago: float


@dataclass(frozen=True)
class Rating:
    """What a client thought of the work of whom they had chosen."""

    task_id: int
    rating: int
    days_ago: float


@dataclass(kw_only=True)
class Market:
    """People, their tasks and what they did; tasks, people and deeds stand in the order of time."""

    freelancers: dict[int, Freelancer]
    client_ids: list[int]
    tasks: dict[int, Task]
    skills: dict[int, Skill]
    deeds: list[Deed] = field(default_factory=list)
    winners: dict[int, int] = field(default_factory=dict)
    ratings: list[Rating] = field(default_factory=list)

    def open_to(self, freelancer_id: int) -> list[int]:
        """The tasks that may be recommended to somebody: open, and not applied to."""
        applied = {
            deed.task_id
            for deed in self.deeds
            if deed.freelancer_id == freelancer_id and deed.kind == "applied"
        }
        return [key for key, task in self.tasks.items() if task.is_open and key not in applied]

    def last_tasks(self, client_id: int, most: int) -> list[Task]:
        """What a client posted last, the newest first."""
        own = [task for task in self.tasks.values() if task.owner_id == client_id]
        return own[::-1][:most]
