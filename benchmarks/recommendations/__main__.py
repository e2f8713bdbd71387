"""How good and how quick recommendations are: `python -m benchmarks.recommendations [seed ...]`.

Each seed makes a market of people with hidden tastes (`world.py`) in a PostgreSQL of this run's own, and the
application recommends in it, beside what a simple ranking would. Seeds that are named are for development;
without any, the held-out ones are taken, on which nothing was built, and the time of a recommendation is
measured in a large market.
"""

import gc
import sys
import time

import sqlalchemy as sa

from benchmarks.recommendations import latency, quality, world
from benchmarks.recommendations.database import catalogue, empty_market, fill, running_postgres
from benchmarks.recommendations.metrics import mean, percentile
from benchmarks.recommendations.quality import OURS, Comparison
from marketplace.local.postgres import PostgresService

HELD_OUT = (307, 311, 313, 317, 331)
MARKET = world.Size(freelancers=400, clients=200, open_tasks=1000, closed_tasks=2000)
ASKED_EACH = 150
LARGE_SEED = 337
LARGE_MARKET = world.Size(
    freelancers=5000,
    clients=2000,
    open_tasks=10_000,
    closed_tasks=10_000,
    cities=("Cairo", "Giza", "Alexandria", "Paris", "Lyon", "London", "Berlin", "Madrid", "Lagos", "Mumbai"),
)
CALLS_EACH = 300
LEAST_LEAD = 0.03
MOST_MS = 50


def main() -> None:
    seeds = tuple(map(int, sys.argv[1:]))
    with running_postgres() as postgres:
        compare(postgres, seeds or HELD_OUT)
        if not seeds:
            take_times(postgres)


def compare(postgres: PostgresService, seeds: tuple[int, ...]) -> None:
    compared = quality.comparisons()
    for seed in seeds:
        started = time.monotonic()
        with empty_market(postgres) as owner:
            made = world.make(seed, MARKET, *catalogue())
            settle(owner, made.market)
            quality.add_market(compared, made, seed=seed, most=ASKED_EACH)
        say(f"market {seed}: {ASKED_EACH} asked of each kind ({time.monotonic() - started:.0f} s)")
    for one in compared:
        print_comparison(one, seeds)


def print_comparison(compared: Comparison, seeds: tuple[int, ...]) -> None:
    print(f"\n{compared.title}: NDCG@10 in {len(seeds)} markets of {MARKET.open_tasks:,} open tasks")
    print(f"| ranking | {' | '.join(f'seed {seed}' for seed in seeds)} | mean |")
    print(f"| --- |{' --- |' * (len(seeds) + 1)}")
    for name, markets in compared.gains.items():
        figures = [*(mean(gains) for gains in markets), compared.mean_of(name)]
        print(f"| {name} | {' | '.join(f'{figure:.3f}' for figure in figures)} |")
    low, high = compared.lead_interval
    pairs = sum(map(len, compared.gains[OURS]))
    print(
        f"ours less {compared.best_baseline}: {compared.lead:+.3f}, and with 95 % confidence {low:+.3f} to"
        f" {high:+.3f} (bootstrap over {pairs} pairs, within their markets)\n"
        f"asked for: {LEAST_LEAD:+.3f} or more, and above 0 with that confidence:"
        f" {verdict(met=compared.lead >= LEAST_LEAD and low > 0)}"
    )


def take_times(postgres: PostgresService) -> None:
    started = time.monotonic()
    with empty_market(postgres) as owner:
        market = world.make(LARGE_SEED, LARGE_MARKET, *catalogue()).market
        settle(owner, market)
        asked = latency.calls(market, seed=LARGE_SEED, most=CALLS_EACH)
        # a process that serves people does not hold a market in its memory
        del market
        gc.collect()
        say(f"\nlarge market: described ({time.monotonic() - started:.0f} s)")
        timings = [latency.measure(title, calls) for title, calls in asked.items()]
    print(
        f"\n{CALLS_EACH} recommendations of each kind, {LARGE_MARKET.open_tasks:,} open tasks,"
        f" {LARGE_MARKET.freelancers:,} freelancers, in ms"
    )
    print(f"| call | p50 | p95 | of it computing, p95 | asked for: p95 under {MOST_MS} |")
    print("| --- | --- | --- | --- | --- |")
    for one in timings:
        p50, p95 = (percentile(one.waited, share) for share in (0.5, 0.95))
        computed = percentile(one.computed, 0.95)
        print(f"| {one.title} | {p50:.1f} | {p95:.1f} | {computed:.1f} | {verdict(met=p95 < MOST_MS)} |")


def settle(owner: sa.Engine, market: world.Market) -> None:
    fill(market)
    # as PostgreSQL itself does within a minute
    with owner.connect() as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))


def say(progress: str) -> None:
    print(progress, flush=True)


def verdict(*, met: bool) -> str:
    return "met" if met else "missed"


if __name__ == "__main__":
    main()
