"""How good recommendations are: the true relevance of the first ten, ours and those of the baselines."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.recommendations.baselines import Baselines
from benchmarks.recommendations.metrics import ndcg
from benchmarks.recommendations.world import World
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.recommendations import public as recommendations
from marketplace.kernel.pages import PageRequest

OURS = "ours"
DEPTH = 10
FIRST_PAGE = PageRequest(number=1, size=DEPTH)

Gains = Mapping[str, Sequence[float]]


@dataclass(frozen=True, kw_only=True)
class Direction:
    """One kind of recommendation: what is truly relevant, what we answer, what the baselines would."""

    name: str
    asked: Sequence[int]
    relevance: Callable[[int], Mapping[int, int]]
    answer: Callable[[int], Sequence[int]]
    baselines: Callable[[int], Mapping[str, Sequence[int]]]

    def measure(self) -> Gains:
        """NDCG@10 of each ranking for everybody who is asked for, in the same order."""
        gains: dict[str, list[float]] = {}
        for asked in self.asked:
            relevance = self.relevance(asked)
            for name, ranking in {OURS: self.answer(asked), **self.baselines(asked)}.items():
                gains.setdefault(name, []).append(ndcg(ranking, relevance, DEPTH))
        return gains


def directions(world: World, seed: int, most: int) -> list[Direction]:
    """The three kinds of recommendation in a market that the database is filled with, asked for by some."""
    chance, market = random.Random(seed), world.market
    baselines = Baselines(market)
    owners = {task.owner_id for task in market.tasks.values()}
    open_tasks = [key for key, task in market.tasks.items() if task.is_open]

    def some(ids: Sequence[int]) -> list[int]:
        return sorted(chance.sample(ids, min(most, len(ids))))

    return [
        Direction(
            name="tasks for a freelancer",
            asked=some(list(market.freelancers)),
            relevance=world.grades_of_tasks,
            answer=tasks_for,
            baselines=baselines.tasks_for,
        ),
        Direction(
            name="freelancers for a task",
            asked=some(open_tasks),
            relevance=world.grades_for_task,
            answer=lambda task_id: freelancers_for_task(task_id, market.tasks[task_id].owner_id),
            baselines=baselines.freelancers_for_task,
        ),
        Direction(
            name="freelancers for a client",
            asked=some(sorted(owners)),
            relevance=world.grades_for_client,
            answer=freelancers_for_client,
            baselines=baselines.freelancers_for_client,
        ),
    ]


def tasks_for(freelancer_id: int) -> list[int]:
    """The tasks on the first page for a freelancer."""
    page = recommendations.recommend_tasks(actor=_person(freelancer_id, Role.FREELANCER), page=FIRST_PAGE)
    return [item.task.listing.id for item in page.items]


def freelancers_for_task(task_id: int, owner_id: int) -> list[int]:
    """The freelancers on the first page for a task."""
    page = recommendations.recommend_freelancers_for_task(
        actor=_person(owner_id, Role.CLIENT), task_id=task_id, page=FIRST_PAGE
    )
    return [item.freelancer.account.id for item in page.items]


def freelancers_for_client(client_id: int) -> list[int]:
    """The freelancers on the first page for a client."""
    page = recommendations.recommend_freelancers(actor=_person(client_id, Role.CLIENT), page=FIRST_PAGE)
    return [item.freelancer.account.id for item in page.items]


def _person(number: int, role: Role) -> Person:
    return Person(
        id=number, username=f"person{number}", roles=frozenset({role}), session_id=0, face="multitask"
    )
