"""How good recommendations are: the true relevance of the first ten, ours and those of the baselines."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.recommendations.baselines import Baselines
from benchmarks.recommendations.calls import (
    FIRST_PAGE,
    freelancers_for_client,
    freelancers_for_task,
    tasks_for_freelancer,
)
from benchmarks.recommendations.metrics import interval, mean, ndcg
from benchmarks.recommendations.world import World

OURS = "ours"

Relevance = Callable[[int], Mapping[int, int]]
Answer = Callable[[int], Sequence[int]]
Answers = Callable[[int], Mapping[str, Sequence[int]]]


@dataclass(kw_only=True)
class Comparison:
    """NDCG@10 of each ranking in each market, of everybody who was asked, in the same order."""

    title: str
    gains: dict[str, list[list[float]]] = field(default_factory=dict)

    def add_market(
        self, asked: Sequence[int], relevance: Relevance, ours: Answer, baselines: Answers
    ) -> None:
        """Ask for recommendations for some in one more market."""
        for found in self.gains.values():
            found.append([])
        for one in asked:
            truth = relevance(one)
            for name, ranking in {OURS: ours(one), **baselines(one)}.items():
                gain = ndcg(ranking, truth, FIRST_PAGE.size)
                self.gains.setdefault(name, [[]])[-1].append(gain)

    def mean_of(self, name: str) -> float:
        """The mean of a ranking over all who were asked."""
        return mean([gain for market in self.gains[name] for gain in market])

    @property
    def best_baseline(self) -> str:
        """The best of what we are to beat."""
        return max((name for name in self.gains if name != OURS), key=self.mean_of)

    @property
    def lead(self) -> float:
        """How far we are ahead of the best baseline."""
        return self.mean_of(OURS) - self.mean_of(self.best_baseline)

    @property
    def lead_interval(self) -> tuple[float, float]:
        """Where that lies with 95 % confidence, each person being compared with themselves."""
        pairs = zip(self.gains[OURS], self.gains[self.best_baseline], strict=True)
        return interval([[one - other for one, other in zip(*market, strict=True)] for market in pairs])


def comparisons() -> list[Comparison]:
    """A comparison of each kind of recommendation, still without a market."""
    return [
        Comparison(title="Tasks for a freelancer"),
        Comparison(title="Freelancers for a task"),
        Comparison(title="Freelancers for a client"),
    ]


def add_market(compared: Sequence[Comparison], world: World, *, seed: int, most: int) -> None:
    """Ask for each kind of recommendation, `most` times, in a market that the database is filled with."""
    chance, market, baselines = random.Random(seed), world.market, Baselines(world.market)
    open_tasks = [key for key, task in market.tasks.items() if task.is_open]
    owners = sorted({task.owner_id for task in market.tasks.values()})

    def some(ids: Sequence[int]) -> list[int]:
        return sorted(chance.sample(ids, min(most, len(ids))))

    def ours_for_task(task_id: int) -> Sequence[int]:
        return freelancers_for_task(task_id, market.tasks[task_id].owner_id)

    tasks, for_task, for_client = compared
    tasks.add_market(
        some(list(market.freelancers)), world.grades_of_tasks, tasks_for_freelancer, baselines.tasks_for
    )
    for_task.add_market(
        some(open_tasks), world.grades_for_task, ours_for_task, baselines.freelancers_for_task
    )
    for_client.add_market(
        some(owners), world.grades_for_client, freelancers_for_client, baselines.freelancers_for_client
    )
