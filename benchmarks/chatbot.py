"""How well and how quickly the chatbot reads without a language model: `python -m benchmarks.chatbot`.

It reads the utterances of the tests (what it was built on, what was held out, what was written later) with
the gazetteer in a PostgreSQL of its own, and prints a table of each and what a message costs.
"""

import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from marketplace.domains.catalog import public as catalog
from marketplace.domains.chatbot.service.gazetteer import gazetteer
from marketplace.kernel import schema
from marketplace.kernel.database import database
from marketplace.kernel.settings import Settings
from marketplace.local.services import start_postgres
from tests.domains.chatbot.evaluation import SLOTS, Result, evaluate, parts, percentile, times, utterances


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        postgres = start_postgres(path, fsync=False)
        try:
            schema.upgrade(postgres.owner_url)
            database.configure(Settings(database_url=postgres.owner_url))
            catalog.load()
            # as PostgreSQL itself does within a minute
            owner = sa.create_engine(postgres.owner_url, isolation_level="AUTOCOMMIT")
            with owner.connect() as connection:
                connection.execute(sa.text("ANALYZE"))
            owner.dispose()
            print_tables()
            database.dispose()
        finally:
            postgres.stop()


def print_tables() -> None:
    for name, chosen in parts().items():
        print_table(name, evaluate(chosen, gazetteer))
    costs = times(utterances(), gazetteer)
    computed = times(utterances(), gazetteer, time.thread_time)
    print(
        f"a message: {_ms(costs, 0.5)} at the median, {_ms(costs, 0.95)} at the 95th percentile"
        f" ({_ms(computed, 0.95)} of it computing)"
    )


def print_table(name: str, result: Result) -> None:
    print(f"{name}: {result.utterances} utterances")
    print("| slot | precision | recall | F1 | invented |")
    print("| --- | --- | --- | --- | --- |")
    for slot in SLOTS:
        figures = result.slots[slot]
        shares = " | ".join(f"{share:.3f}" for share in (figures.precision, figures.recall, figures.f1))
        print(f"| {slot} | {shares} | {figures.invented} |")
    print(
        f"category top-1: {result.category_top1:.3f}; budgets, days and cities invented: {result.invented}\n"
    )


def _ms(ordered: list[float], share: float) -> str:
    return f"{percentile(ordered, share) * 1000:.1f} ms"


if __name__ == "__main__":
    main()
