"""How good a ranking is, and how sure one may be of a difference."""

import math
import random
from collections.abc import Mapping, Sequence

DRAWS = 2000


def ndcg(ranking: Sequence[int], relevance: Mapping[int, int], depth: int = 10) -> float:
    """The discounted gain of the first `depth` places as a share of the best possible one, 0 to 1."""
    best = sorted(relevance.values(), reverse=True)[:depth]
    ideal = _gain(best)
    return _gain([relevance.get(item, 0) for item in ranking[:depth]]) / ideal if ideal else 0.0


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean."""
    return math.fsum(values) / len(values)


def interval(groups: Sequence[Sequence[float]], *, seed: int = 0) -> tuple[float, float]:
    """Where the mean of all values lies with 95 % confidence: a bootstrap that draws within each group."""
    chance = random.Random(seed)
    means = sorted(
        mean([value for group in groups for value in chance.choices(group, k=len(group))])
        for _ in range(DRAWS)
    )
    return means[round(0.025 * DRAWS)], means[round(0.975 * DRAWS) - 1]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that a share of all lies below or at."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def _gain(grades: Sequence[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
