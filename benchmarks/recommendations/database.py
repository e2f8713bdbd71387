"""A made-up market in a PostgreSQL of its own: rows written at once, then described by the application."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.recommendations.market import Deed, Freelancer, Market, Skill, Task
from marketplace.domains.accounts.models import User, UserRole
from marketplace.domains.catalog import public as catalog
from marketplace.domains.deals.models import DealRow, ReviewRow
from marketplace.domains.listings.models import ListingRow, SavedListing
from marketplace.domains.profiles.models import PersonCategory, PersonSkill, ProfileRow
from marketplace.domains.recommendations.service import refresh
from marketplace.kernel import schema
from marketplace.kernel.clock import clock
from marketplace.kernel.database import Base, database
from marketplace.kernel.settings import Settings
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.local.postgres import PostgresService
from marketplace.local.services import start_postgres

CLIENTS_JOINED_DAYS_AGO = 400

Row = dict[str, Any]


@contextmanager
def running_postgres() -> Iterator[PostgresService]:
    """PostgreSQL with the tables and the catalogue, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="marketplace-evaluation-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres = start_postgres(folder, fsync=False)
        try:
            schema.upgrade(postgres.owner_url)
            database.configure(Settings(database_url=postgres.owner_url))
            catalog.load()
            yield postgres
        finally:
            database.dispose()
            postgres.stop()


@contextmanager
def empty_market(postgres: PostgresService) -> Iterator[sa.Engine]:
    """The application connected to a market without anybody in it, until the block ends; yields its owner."""
    database.dispose()
    server = _engine(postgres.owner_url, "postgres")
    with server.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE market TEMPLATE marketplace"))
    database.configure(Settings(database_url=_named(postgres.url, "market")))
    owner = _engine(postgres.owner_url, "market")
    try:
        yield owner
    finally:
        owner.dispose()
        database.dispose()
        with server.connect() as connection:
            connection.execute(sa.text("DROP DATABASE market"))
        server.dispose()


def catalogue() -> tuple[list[Skill], list[int]]:
    """The skills and the categories to choose from."""
    skills = [
        Skill(skill.id, skill.name, skill.category_id)
        for skill in catalog.skills().values()
        if skill.category_id is not None
    ]
    return skills, list(catalog.categories())


def fill(market: Market) -> None:
    """Write a market into the database, which has none yet, and have everything described."""
    with unit_of_work() as unit:
        for table, rows in _Rows(market).all().items():
            if rows:
                unit.session.execute(sa.insert(table), rows)
    refresh.rebuild()


class _Rows:
    """A market as rows of the application's tables."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._now = clock.now()
        self._applications = [deed for deed in market.deeds if deed.kind == "applied"]
        self._counts = Counter(deed.task_id for deed in self._applications)

    def all(self) -> Mapping[type[Base], list[Row]]:
        """The rows of each table, in an order in which they may be written."""
        people, clients = self._market.freelancers.values(), self._market.client_ids
        return {
            User: [
                *(
                    self._user(person.id, person.joined_days_ago, person.city, person.bio)
                    for person in people
                ),
                *(self._user(client_id, CLIENTS_JOINED_DAYS_AGO) for client_id in clients),
            ],
            UserRole: [
                *({"user_id": person.id, "role": "freelancer"} for person in people),
                *({"user_id": client_id, "role": "client"} for client_id in clients),
            ],
            ProfileRow: [_profile(person) for person in people],
            PersonSkill: [
                {"person_id": person.id, "skill_id": key} for person in people for key in person.skill_ids
            ],
            PersonCategory: [
                {"person_id": person.id, "category_id": key}
                for person in people
                for key in person.category_ids
            ],
            ListingRow: [self._listing(task) for task in self._market.tasks.values()],
            SavedListing: [self._saved(deed) for deed in self._market.deeds if deed.kind == "saved"],
            DealRow: [self._deal(number, deed) for number, deed in enumerate(self._applications, 1)],
            ReviewRow: list(self._reviews()),
        }

    def _ago(self, days: float) -> datetime:
        return self._now - timedelta(days=days)

    def _user(self, number: int, joined_days_ago: float, city: str = "", bio: str = "") -> Row:
        nothing = dict.fromkeys(("first_name", "last_name", "phone_number", "country"), "")
        return {
            **nothing,
            "id": number,
            "email": f"person{number}@example.com",
            "username": f"person{number}",
            "city": city,
            "bio": bio,
            "joined_at": self._ago(joined_days_ago),
        }

    def _listing(self, task: Task) -> Row:
        winner_id = self._market.winners.get(task.id)
        return {
            "id": task.id,
            "kind": "task",
            "owner_id": task.owner_id,
            "assignee_id": winner_id,
            "title": task.title,
            "description": task.description,
            "category_id": task.category_id,
            "price_minor": task.price_minor,
            "price_max_minor": task.price_minor,
            "currency": "USD",
            "place": "physical" if task.city else "digital",
            "city": task.city,
            "address": "",
            "status": "open" if task.is_open else "completed" if winner_id else "cancelled",
            "deals_count": self._counts[task.id],
            "created_at": self._ago(task.age_days),
            "updated_at": self._ago(task.age_days),
        }

    def _saved(self, deed: Deed) -> Row:
        return {
            "person_id": deed.freelancer_id,
            "listing_id": deed.task_id,
            "created_at": self._ago(deed.days_ago),
        }

    def _deal(self, number: int, deed: Deed) -> Row:
        task = self._market.tasks[deed.task_id]
        is_chosen = self._market.winners.get(task.id) == deed.freelancer_id
        return {
            "id": number,
            "kind": "application",
            "listing_id": task.id,
            "buyer_id": task.owner_id,
            "seller_id": deed.freelancer_id,
            "title": task.title,
            "proposal": "I can do this.",
            "price_minor": task.price_minor,
            "price_max_minor": task.price_minor,
            "currency": "USD",
            "status": "pending" if task.is_open else "completed" if is_chosen else "rejected",
            "created_at": self._ago(deed.days_ago),
            "updated_at": self._ago(deed.days_ago),
        }

    def _reviews(self) -> Iterator[Row]:
        deals = {(deed.freelancer_id, deed.task_id): key for key, deed in enumerate(self._applications, 1)}
        for number, rating in enumerate(self._market.ratings, 1):
            winner_id = self._market.winners[rating.task_id]
            yield {
                "id": number,
                "deal_id": deals[winner_id, rating.task_id],
                "listing_id": rating.task_id,
                "reviewer_id": self._market.tasks[rating.task_id].owner_id,
                "reviewee_id": winner_id,
                "rating": rating.rating,
                "comment": "",
                "created_at": self._ago(rating.days_ago),
            }


def _profile(person: Freelancer) -> Row:
    currency = None if person.min_budget_minor is None else "USD"
    return {
        "person_id": person.id,
        "min_budget_minor": person.min_budget_minor,
        "budget_currency": currency,
    }


def _engine(url: str, name: str) -> sa.Engine:
    return sa.create_engine(_named(url, name), isolation_level="AUTOCOMMIT")


def _named(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)
