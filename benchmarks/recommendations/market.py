"""A made-up market in a real database: tables filled at once, then described by the application itself."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import sqlalchemy as sa

from benchmarks.recommendations.world import HISTORY_DAYS, Deed, Skill, World
from marketplace.domains.catalog import public as catalog
from marketplace.domains.recommendations.service import refresh
from marketplace.kernel import schema
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.settings import Settings
from marketplace.local.services import start_postgres

USERS = "id, public_id, email, username, first_name, last_name, phone_number, city, country, bio, joined_at"
LISTINGS = (
    "id, kind, owner_id, assignee_id, title, description, category_id, price_minor, currency, place, city,"
    " address, status, created_at, updated_at"
)
DEALS = (
    "id, kind, listing_id, buyer_id, seller_id, proposal, price_minor, currency, duration, status, created_at"
)
REVIEWS = "id, deal_id, listing_id, reviewer_id, reviewee_id, rating, comment, created_at"
EMPTIED = "users, profiles, listings, deals, reviews, saved_listings, described_tasks, described_freelancers"


@contextmanager
def running_database() -> Iterator[Settings]:
    """PostgreSQL with the tables and the catalogue, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="marketplace-evaluation-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = start_postgres(folder, fsync=False)
        try:
            schema.upgrade(postgres.owner_url)
            settings = Settings(database_url=postgres.url, database_owner_url=postgres.owner_url)
            database.configure(Settings(database_url=postgres.owner_url))
            catalog.load()
            database.configure(settings)
            yield settings
        finally:
            database.dispose()
            postgres.stop()


def catalogue() -> tuple[list[Skill], list[int]]:
    """The skills and the categories to choose from."""
    skills = [
        Skill(skill.id, skill.name, skill.category_id)
        for skill in catalog.skills().values()
        if skill.category_id is not None
    ]
    return skills, list(catalog.categories())


def fill(owner_url: str, world: World) -> None:
    """Replace whatever market there is by this one."""
    with _owner(owner_url) as raw, raw.transaction():
        raw.execute("SET LOCAL session_replication_role = replica")
        raw.execute(f"TRUNCATE {EMPTIED} RESTART IDENTITY CASCADE")
        for table, columns, rows in _Tables(world).all():
            with raw.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
    refresh.rebuild()
    with _owner(owner_url) as raw:
        raw.execute("VACUUM ANALYZE")


class _Tables:
    """A world as the rows of the application's tables."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._now = clock.now()

    def all(self) -> Iterator[tuple[str, str, Iterable[tuple[object, ...]]]]:
        """Each table's name, columns and rows."""
        yield "users", USERS, self._users()
        yield "user_roles", "user_id, role", self._roles()
        yield "profiles", "person_id, min_budget_minor, budget_currency", self._profiles()
        yield "person_skills", "person_id, skill_id", self._of_people("skill_ids")
        yield "person_categories", "person_id, category_id", self._of_people("category_ids")
        yield "listings", LISTINGS, self._listings()
        yield "deals", DEALS, self._deals()
        yield "saved_listings", "person_id, listing_id, created_at", self._saved()
        yield "reviews", REVIEWS, self._reviews()

    def _ago(self, days: float) -> datetime:
        return self._now - timedelta(days=days)

    def _users(self) -> Iterator[tuple[object, ...]]:
        for person in self._world.freelancers.values():
            yield self._user(person.id, person.city, person.bio, person.joined_days_ago)
        for client_id in self._world.client_ids:
            yield self._user(client_id, "", "", HISTORY_DAYS)

    def _user(self, number: int, city: str, bio: str, joined_days_ago: float) -> tuple[object, ...]:
        name = f"person{number}"
        address = f"{name}@example.com"
        return (
            number,
            UUID(int=number),
            address,
            name,
            "",
            "",
            "",
            city,
            "",
            bio,
            self._ago(joined_days_ago),
        )

    def _roles(self) -> Iterator[tuple[object, ...]]:
        for number in self._world.freelancers:
            yield number, "freelancer"
        for number in self._world.client_ids:
            yield number, "client"

    def _profiles(self) -> Iterator[tuple[object, ...]]:
        for person in self._world.freelancers.values():
            yield person.id, person.min_budget_minor, "USD" if person.min_budget_minor else None

    def _of_people(self, attribute: str) -> Iterator[tuple[object, ...]]:
        for person in self._world.freelancers.values():
            for chosen in getattr(person, attribute):
                yield person.id, chosen

    def _listings(self) -> Iterator[tuple[object, ...]]:
        for task in self._world.tasks.values():
            status = "open" if task.is_open else "completed" if task.winner_id else "cancelled"
            place = "physical" if task.city else "digital"
            at = self._ago(task.age_days)
            yield (
                task.id,
                "task",
                task.owner_id,
                task.winner_id,
                task.title,
                task.description,
                task.category_id,
                task.price_minor,
                "USD",
                place,
                task.city,
                "",
                status,
                at,
                at,
            )

    def _deals(self) -> Iterator[tuple[object, ...]]:
        for number, deed in self._numbered("applied"):
            task = self._world.tasks[deed.task_id]
            status = (
                "pending"
                if task.is_open
                else "completed"
                if task.winner_id == deed.freelancer_id
                else "rejected"
            )
            yield (
                number,
                "application",
                task.id,
                task.owner_id,
                deed.freelancer_id,
                "I can do this.",
                task.price_minor,
                "USD",
                "",
                status,
                self._ago(deed.days_ago),
            )

    def _saved(self) -> Iterator[tuple[object, ...]]:
        for _, deed in self._numbered("saved"):
            yield deed.freelancer_id, deed.task_id, self._ago(deed.days_ago)

    def _reviews(self) -> Iterator[tuple[object, ...]]:
        deals = {(deed.freelancer_id, deed.task_id): number for number, deed in self._numbered("applied")}
        for number, rating in enumerate(self._world.ratings, 1):
            task = self._world.tasks[rating.task_id]
            yield (
                number,
                deals[rating.freelancer_id, rating.task_id],
                task.id,
                task.owner_id,
                rating.freelancer_id,
                rating.rating,
                "",
                self._ago(rating.days_ago),
            )

    def _numbered(self, kind: str) -> Iterator[tuple[int, Deed]]:
        return enumerate((deed for deed in self._world.deeds if deed.kind == kind), 1)


def _owner(owner_url: str) -> psycopg.Connection:
    address = sa.make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)
