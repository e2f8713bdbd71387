"""The evaluation of recommendations in a market that is small enough for a test."""

from dataclasses import fields, replace

import pytest

from benchmarks.recommendations import quality
from benchmarks.recommendations.database import catalogue, fill
from benchmarks.recommendations.latency import calls, measure
from benchmarks.recommendations.market import Freelancer, Task
from benchmarks.recommendations.world import Nature, Size, Taste, make

SEED = 7
SIZE = Size(freelancers=100, clients=30, open_tasks=160, closed_tasks=240)


@pytest.fixture
def world(app):
    return make(SEED, SIZE, *catalogue())


def test_recommendations_beat_every_baseline(world):
    fill(world.market)
    compared = quality.comparisons()
    quality.add_market(compared, world, seed=SEED, most=30)
    for one in compared:
        ours = one.mean_of(quality.OURS)
        others = {name: one.mean_of(name) for name in one.gains if name != quality.OURS}
        assert {"popularity", "recency", "skill overlap"} < others.keys()
        assert ours >= max(others.values()) + 0.02, (one.title, ours, others)
        assert one.lead == ours - max(others.values()) == ours - others[one.best_baseline]
        low, high = one.lead_interval
        assert low < one.lead < high
    for title, asked in calls(world.market, seed=SEED, most=3).items():
        timing = measure(title, asked)
        assert len(timing.waited) == len(timing.computed) == 3
        assert min(timing.waited) > 0


def test_what_is_truly_relevant_follows_from_what_is_hidden_alone(world):
    market = world.market
    freelancer, task, client = 7, next(iter(market.open_to(7))), market.client_ids[0]
    asked = (
        (world.grades_of_tasks, freelancer),
        (world.grades_for_task, task),
        (world.grades_for_client, client),
    )
    before = [relevance(one) for relevance, one in asked]
    for key, one in market.tasks.items():
        market.tasks[key] = replace(one, title="", description="", category_id=1, price_minor=1, age_days=key)
    for key, one in market.freelancers.items():
        market.freelancers[key] = replace(one, bio="", skill_ids=[], category_ids=[], joined_days_ago=key)
    market.ratings.clear()
    assert [relevance(one) for relevance, one in asked] == before
    shown = {field.name for kind in (Freelancer, Task) for field in fields(kind)}
    assert not shown & {field.name for kind in (Taste, Nature) for field in fields(kind)}


def test_a_seed_makes_one_market_and_another_seed_another(world):
    assert make(SEED, SIZE, *catalogue()) == world
    assert make(SEED + 1, SIZE, *catalogue()).market.tasks != world.market.tasks


def test_a_market_stands_in_the_order_of_time(world):
    market = world.market
    for ages in (
        [task.age_days for task in market.tasks.values()],
        [person.joined_days_ago for person in market.freelancers.values()],
        [deed.days_ago for deed in market.deeds],
    ):
        assert ages == sorted(ages, reverse=True)
    assert sum(task.is_open for task in market.tasks.values()) == SIZE.open_tasks
    for deed in market.deeds:
        assert deed.days_ago <= market.freelancers[deed.freelancer_id].joined_days_ago
        assert deed.days_ago <= market.tasks[deed.task_id].age_days
    applied = {(deed.task_id, deed.freelancer_id) for deed in market.deeds if deed.kind == "applied"}
    assert market.winners
    assert set(market.winners.items()) <= applied
