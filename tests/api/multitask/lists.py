"""How each list of MultiTask is filled: with as many rows as it takes, all of one moment.

A list that is not here fails `test_lists.py`. Rows are made by SQL, since a thousand commands take minutes;
triggers and foreign keys sleep meanwhile.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Engine

from marketplace.domains.accounts.public import Person
from tests.client import Client

ROWS = "generate_series(1, :rows) AS n"
# The ids of made people and tasks begin here, far from those of the two who play.
FIRST = 1000


@dataclass(frozen=True)
class World:
    """Sara, whose lists they are, and Omar, who is on the other side; `engine` may write everything."""

    engine: Engine
    client: Client
    sara: Person
    omar: Person

    def fill(self, rows: int, *statements: str) -> None:
        """Run the statements, which may use `:rows`, `:sara`, `:omar` and `:first`."""
        known = {"rows": rows, "sara": self.sara.id, "omar": self.omar.id, "first": FIRST}
        with self.engine.connect() as connection:
            connection.execute(sa.text("SET session_replication_role = replica"))
            for statement in statements:
                query = sa.text(statement)
                names = query.compile().params.keys()
                connection.execute(query, {name: known[name] for name in names})
            connection.execute(sa.text("RESET session_replication_role"))


@dataclass(frozen=True)
class Listed:
    """How a list is filled, which answers its path, how many queries a page costs, and the name of its ids.

    `is_given` is a list of the catalogue's rows; in one that `turns` the newest page is the first, and goes
    from old to new inside. What is counted late is so only where the page is full.
    """

    fill: Callable[[World, int], str]
    queries: int
    is_given: bool = False
    turns: bool = False
    is_counted_late: bool = False
    key: str = "id"


PEOPLE = f"""
    INSERT INTO users (id, public_id, email, username, first_name, last_name, phone_number, city, country,
        joined_at)
    SELECT :first + n, gen_random_uuid(), 'p' || n || '@example.com', 'p' || n, 'P', '', '', '', '', now()
    FROM {ROWS}"""
ONE_TASK = """
    INSERT INTO listings (id, kind, owner_id, assignee_id, title, description, category_id, price_minor,
        price_max_minor, currency, place, city, address, status, deals_count, created_at, updated_at)
    VALUES (:first, 'task', :sara, NULL, 'Paint a wall', 'Blue.', 6, 10000, 10000, 'USD', 'digital', 'Giza',
        '', 'open', :rows, now(), now())"""


def tasks_of(owner: str, assignee: str = "NULL", status: str = "open") -> str:
    """A statement that makes tasks."""
    return f"""
        INSERT INTO listings (id, kind, owner_id, assignee_id, title, description, category_id, price_minor,
            price_max_minor, currency, place, city, address, status, created_at, updated_at)
        SELECT :first + n, 'task', {owner}, {assignee}, 'Paint wall ' || n, 'Blue.', 1 + n % 20, 10000, 10000,
            'USD', 'digital', 'Giza', '', '{status}', date_trunc('minute', now()), now()
        FROM {ROWS}"""


def deals_of(listing: str, buyer: str, seller: str, status: str = "pending") -> str:
    """A statement that makes applications."""
    return f"""
        INSERT INTO deals (kind, listing_id, buyer_id, seller_id, title, proposal, price_minor,
            price_max_minor, currency, status, created_at, updated_at)
        SELECT 'application', {listing}, {buyer}, {seller}, 'Paint a wall', 'I can.', 9000, 9000, 'USD',
            '{status}', now(), now()
        FROM {ROWS}"""


def reviews_of(listing: str, reviewee: str) -> str:
    """A statement that makes reviews."""
    return f"""
        INSERT INTO reviews (deal_id, listing_id, reviewer_id, reviewee_id, rating, comment, created_at)
        SELECT n, {listing}, :first + n, {reviewee}, 5, 'Quick.', now() FROM {ROWS}"""


def fill_tasks(world: World, rows: int) -> str:
    """Tasks of one price by many people, to all of which Sara applied."""
    known = "INSERT INTO listing_words VALUES ('paint'), ('wall')"
    world.fill(rows, PEOPLE, tasks_of(":first + n"), deals_of(":first + n", ":first + n", ":sara"), known)
    return "/api/tasks/"


def fill_my_tasks(world: World, rows: int) -> str:
    """Tasks that Sara does for many people, each with a payment on its way."""
    held = f"""
        INSERT INTO holds (provider, reference, subject, payer_id, payee_id, amount_minor, agreed_minor,
            fee_minor, asked_minors, currency, status, created_at)
        SELECT 'stripe', 'application:' || n, 'task:' || :first + n, :first + n, :sara, 9000, 9000, 0,
            ARRAY[9000], 'USD', 'pending', now() FROM {ROWS}"""
    tasks = tasks_of(":first + n", ":sara", "in_progress")
    world.fill(rows, PEOPLE, tasks, deals_of(":first + n", ":first + n", ":sara", "accepted"), held)
    return "/api/tasks/my-tasks/"


def fill_saved(world: World, rows: int) -> str:
    """Tasks of many people that Sara saved."""
    saved = f"INSERT INTO saved_listings SELECT :sara, :first + n, date_trunc('day', now()) FROM {ROWS}"
    world.fill(rows, PEOPLE, tasks_of(":first + n"), saved)
    return "/api/tasks/saved/"


def fill_my_applications(world: World, rows: int) -> str:
    """Sara's applications to the tasks of many people."""
    world.fill(rows, PEOPLE, tasks_of(":first + n"), deals_of(":first + n", ":first + n", ":sara"))
    return "/api/tasks/my-applications/"


def fill_applications(world: World, rows: int) -> str:
    """The applications of many people to a task of Sara's."""
    world.fill(rows, PEOPLE, ONE_TASK, deals_of(":first", ":sara", ":first + n"))
    return f"/api/tasks/{FIRST}/applications/"


def fill_reviews(world: World, rows: int) -> str:
    """What many people said about a task."""
    world.fill(rows, PEOPLE, ONE_TASK, reviews_of(":first", ":first + n"))
    return f"/api/tasks/{FIRST}/reviews/"


def fill_received_reviews(world: World, rows: int) -> str:
    """What many people said of Sara."""
    world.fill(rows, PEOPLE, reviews_of(":first + n", ":sara"))
    return f"/api/tasks/users/{world.sara.username}/reviews/"


def fill_conversations(world: World, rows: int) -> str:
    """Sara's conversations with many people, in each of which somebody said something."""
    world.fill(
        rows,
        PEOPLE,
        f"""INSERT INTO rooms (id, kind, natural_key, last_seq, last_message_at, created_at)
            SELECT :first + n, 'direct', 'direct:' || n, 1, date_trunc('day', now()), now() FROM {ROWS}""",
        f"INSERT INTO memberships (room_id, person_id) SELECT :first + n, :sara FROM {ROWS}",
        f"INSERT INTO memberships (room_id, person_id) SELECT :first + n, :first + n FROM {ROWS}",
        f"""INSERT INTO messages (room_id, seq, sender_id, body, created_at)
            SELECT :first + n, 1, :first + n, 'Hello', now() FROM {ROWS}""",
    )
    return "/api/messaging/conversations/"


def fill_messages(world: World, rows: int) -> str:
    """One conversation in which both say something by turns."""
    world.fill(
        rows,
        """INSERT INTO rooms (id, kind, natural_key, last_seq, last_message_at, created_at)
            VALUES (:first, 'direct', 'direct', :rows, now(), now())""",
        "INSERT INTO memberships (room_id, person_id) VALUES (:first, :sara), (:first, :omar)",
        f"""INSERT INTO messages (room_id, seq, sender_id, body, created_at)
            SELECT :first, n, CASE n % 2 WHEN 0 THEN :sara ELSE :omar END, 'Hello', now() FROM {ROWS}""",
    )
    return f"/api/messaging/conversations/{FIRST}/messages/"


def fill_talks(world: World, rows: int) -> str:
    """Sara's talks with the chatbot, all at one moment."""
    talks = f"""
        INSERT INTO chat_sessions (id, person_id, title, created_at, updated_at)
        SELECT :first + n, :sara, 'Talk ' || n, now(), date_trunc('day', now()) FROM {ROWS}"""
    world.fill(rows, talks)
    return "/api/chatbot/sessions/"


WITHDRAWALS = f"""
    INSERT INTO withdrawals (id, provider, person_id, amount_minor, currency, status, account_reference,
        created_at, status_since)
    SELECT :first + n, 'stripe', :sara, 100, 'USD', 'completed', 'acct_1', date_trunc('day', now()), now()
    FROM {ROWS}"""


def fill_withdrawals(world: World, rows: int) -> str:
    """Sara's withdrawals."""
    world.fill(rows, WITHDRAWALS)
    return "/api/payments/withdrawals/"


def fill_transactions(world: World, rows: int) -> str:
    """The movements of Sara's money: withdrawals."""
    world.fill(
        rows,
        WITHDRAWALS,
        """INSERT INTO ledger_accounts (id, provider, owner_id, purpose, currency)
            VALUES (:first, 'stripe', :sara, 'available', 'USD')""",
        f"""INSERT INTO ledger_transactions (id, natural_key, kind, withdrawal_id, description, created_at,
                xact_id)
            SELECT :first + n, 'withdraw:' || :first + n, 'withdraw', :first + n, 'Withdrawal', now(), 1
            FROM {ROWS}""",
        f"""INSERT INTO ledger_entries (transaction_id, account_id, amount_minor, currency)
            SELECT :first + n, :first, -100, 'USD' FROM {ROWS}""",
    )
    return "/api/payments/wallet/transactions/"


def fill_payment_methods(world: World, rows: int) -> str:
    """Sara's cards."""
    world.fill(
        rows,
        f"""INSERT INTO payment_methods (person_id, asked_reference, provider_reference, brand, last4,
                is_default, created_at)
            SELECT :sara, 'pm_' || n, 'pm_' || n, 'visa', '4242', n = 1, now() FROM {ROWS}""",
    )
    return "/api/payments/payment-methods/"


def fill_notifications(world: World, rows: int) -> str:
    """What Sara was told of many people."""
    world.fill(
        rows,
        PEOPLE,
        f"""INSERT INTO notifications (person_id, actor_id, type, title, message, data, dedupe_key,
                created_at)
            SELECT :sara, :first + n, 'new_message', 'New message', 'said hello', '{{}}', n::text,
                date_trunc('day', now()) FROM {ROWS}""",
    )
    return "/api/notifications/"


PORTFOLIO = (
    "INSERT INTO profiles (person_id) VALUES (:sara) ON CONFLICT DO NOTHING",
    f"""INSERT INTO files (id, public_id, owner_id, purpose, visibility, name, media_type, size, sha256,
            width, height, key, thumbnail_key, created_at)
        SELECT :first + n, gen_random_uuid(), :sara, 'portfolio', 'public', 'a.png', 'image/png', 1, '', 1, 1,
            'k' || n, 't' || n, now() FROM {ROWS}""",
    f"""INSERT INTO portfolio_items (owner_id, title, description, project_url, file_id, created_at)
        SELECT :sara, 'A wall', '', '', :first + n, now() FROM {ROWS}""",
)


def fill_portfolio(world: World, rows: int) -> str:
    """Sara's own work, each with a picture."""
    world.fill(rows, *PORTFOLIO)
    return "/api/auth/portfolio/"


def fill_shown_portfolio(world: World, rows: int) -> str:
    """The same as everybody sees it."""
    world.fill(rows, *PORTFOLIO)
    return f"/api/auth/users/{world.sara.username}/portfolio/"


def fill_my_skills(world: World, rows: int) -> str:
    """What Sara is good at."""
    world.fill(
        rows,
        "INSERT INTO profiles (person_id) VALUES (:sara) ON CONFLICT DO NOTHING",
        "INSERT INTO person_skills SELECT :sara, id FROM skills ORDER BY id LIMIT :rows",
    )
    return "/api/recommendations/skills/my/"


def fill_recommended_tasks(world: World, rows: int) -> str:
    """Open tasks of many people, of which nothing speaks but that they are new."""
    world.fill(rows, PEOPLE, tasks_of(":first + n"))
    return "/api/recommendations/tasks/"


FREELANCERS = (
    PEOPLE,
    "DELETE FROM user_roles WHERE user_id = :omar",
    f"INSERT INTO user_roles SELECT :first + n, 'freelancer' FROM {ROWS}",
)


def fill_freelancers(world: World, rows: int) -> str:
    """Freelancers for Sara, who has posted nothing yet."""
    world.fill(rows, *FREELANCERS)
    return "/api/recommendations/freelancers/"


def fill_freelancers_for_task(world: World, rows: int) -> str:
    """Freelancers for a task of Sara's."""
    world.fill(rows, *FREELANCERS, ONE_TASK)
    return f"/api/recommendations/freelancers/{FIRST}/"


def fill_people(world: World, rows: int) -> str:
    """The people whom everybody may find; who has no role is not among them."""
    world.fill(rows, *FREELANCERS, "DELETE FROM user_roles WHERE user_id IN (:sara, :omar)")
    return "/api/auth/users/"


def given(path: str) -> Callable[[World, int], str]:
    """A list whose rows are the catalogue's."""
    return lambda _world, _rows: path


LISTS: Mapping[str, Listed] = {
    "/api/auth/portfolio/": Listed(fill_portfolio, queries=4),
    "/api/auth/users/": Listed(fill_people, queries=6),
    "/api/auth/users/{username}/portfolio/": Listed(fill_shown_portfolio, queries=5),
    "/api/chatbot/sessions/": Listed(fill_talks, queries=3),
    "/api/messaging/conversations/": Listed(fill_conversations, queries=4),
    "/api/messaging/conversations/{conversation_id}/messages/": Listed(fill_messages, queries=4, turns=True),
    "/api/notifications/": Listed(fill_notifications, queries=3),
    "/api/payments/payment-methods/": Listed(fill_payment_methods, queries=3),
    "/api/payments/wallet/transactions/": Listed(fill_transactions, queries=3),
    "/api/payments/withdrawals/": Listed(fill_withdrawals, queries=3),
    "/api/recommendations/categories/": Listed(
        given("/api/recommendations/categories/"), queries=2, is_given=True
    ),
    "/api/recommendations/freelancers/": Listed(fill_freelancers, queries=17, key="user_id"),
    "/api/recommendations/freelancers/{task_id}/": Listed(
        fill_freelancers_for_task, queries=19, key="user_id"
    ),
    "/api/recommendations/service-offerings/": Listed(
        given("/api/recommendations/service-offerings/"), queries=4, is_given=True
    ),
    "/api/recommendations/skills/": Listed(given("/api/recommendations/skills/"), queries=3, is_given=True),
    "/api/recommendations/skills/my/": Listed(fill_my_skills, queries=3),
    "/api/recommendations/tasks/": Listed(fill_recommended_tasks, queries=14, key="task_id"),
    "/api/tasks/": Listed(fill_tasks, queries=5, is_counted_late=True),
    "/api/tasks/categories/": Listed(given("/api/tasks/categories/"), queries=2, is_given=True),
    "/api/tasks/my-applications/": Listed(fill_my_applications, queries=6),
    "/api/tasks/my-tasks/": Listed(fill_my_tasks, queries=7, is_counted_late=True),
    "/api/tasks/saved/": Listed(fill_saved, queries=6),
    "/api/tasks/users/{username}/reviews/": Listed(fill_received_reviews, queries=5),
    "/api/tasks/{task_id}/applications/": Listed(fill_applications, queries=9),
    "/api/tasks/{task_id}/reviews/": Listed(fill_reviews, queries=5),
}
