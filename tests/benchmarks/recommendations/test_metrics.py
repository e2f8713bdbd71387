import pytest

from benchmarks.recommendations.baselines import Bm25
from benchmarks.recommendations.metrics import interval, ndcg, percentile
from benchmarks.recommendations.world import grades


@pytest.mark.parametrize(
    ("ranking", "relevance", "expected"),
    [
        ([1, 2, 3], {1: 3, 2: 2, 3: 0}, 1.0),
        # (3 + 7 / log2 3) / (7 + 3 / log2 3)
        ([2, 1, 3], {1: 3, 2: 2, 3: 0}, 0.833991),
        # 1 / log2 4
        ([8, 9, 1], {1: 1}, 0.5),
        # (7 / log2 4) / (7 + 1 / log2 3)
        ([8, 9, 1], {1: 3, 2: 1}, 0.458660),
        ([1, 2], {}, 0.0),
        ([], {1: 3}, 0.0),
    ],
)
def test_ndcg_is_as_computed_by_hand(ranking, relevance, expected):
    assert ndcg(ranking, relevance) == pytest.approx(expected, abs=1e-6)


def test_what_comes_after_the_depth_counts_for_nothing():
    relevance = dict.fromkeys(range(20), 1)
    assert ndcg(list(range(20)), relevance) == 1
    assert ndcg([*range(100, 110), *range(20)], relevance) == 0
    assert ndcg([100, 1], {1: 1, 2: 1}, depth=1) == 0


def test_an_interval_holds_the_mean_and_is_as_wide_as_chance():
    assert interval([[0.25] * 10, [0.25] * 5]) == (0.25, 0.25)
    low, high = interval([[0.0, 1.0] * 50])
    assert (low, high) == pytest.approx((0.4, 0.6), abs=0.02)
    assert interval([[0.0, 1.0] * 50]) == (low, high)
    # groups that differ from each other, not within, leave nothing to chance
    assert interval([[0.0] * 9, [1.0] * 9]) == (0.5, 0.5)


def test_a_percentile_is_one_of_the_values():
    values = list(range(100, 0, -1))
    assert [percentile(values, share) for share in (0.5, 0.95, 1)] == [50, 95, 100]
    assert percentile([7], 0.95) == 7


def test_bm25_is_as_computed_by_hand():
    index = Bm25({1: "tap Leak", 2: "tap"})
    # ln 2 times 2.2 / 2.5
    assert index.scores("leak") == {1: pytest.approx(0.609970, abs=1e-6)}
    assert index.scores("LEAK leak")[1] == pytest.approx(2 * 0.609970, abs=1e-6)
    assert index.scores("wardrobe") == {}
    found = index.scores("tap")
    assert found[2] > found[1], "the shorter text is more about it"


def test_the_best_hundredth_is_graded_highest():
    graded = grades({number: float(number) for number in range(200)})
    counts = {grade: list(graded.values()).count(grade) for grade in range(4)}
    assert counts == {3: 2, 2: 4, 1: 10, 0: 184}
    assert graded[199] == graded[198] == 3
    assert grades({1: 0.5, 2: 0.1}) == {1: 3, 2: 0}
