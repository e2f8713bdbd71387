"""A small world in which the ids 1 and 2 mean something in most paths."""

from dataclasses import dataclass

from sqlalchemy import Engine, text

from tests.client import Client

PASSWORD = "StrongPass123"
FREELANCER = {"first_name": "A", "last_name": "B", "skills_input": [{"name": "Python"}]}
COLUMNS = text(
    "SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)"
    " FROM information_schema.columns WHERE table_name = ANY(:tables) AND is_generated = 'NEVER'"
    " GROUP BY table_name ORDER BY table_name"
)
SEQUENCES = text("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")


@dataclass(frozen=True)
class World:
    """What was in the tables when it was remembered: brought back in milliseconds, told anew in a second."""

    rows: dict[str, bytes]
    ids: str

    @classmethod
    def remembered(cls, owner: Engine, tables: list[str]) -> "World":
        """Remember the rows of these tables, and where their ids have come to."""
        with owner.connect() as connection:
            rows = {}
            for table, columns in connection.execute(COLUMNS, {"tables": tables}):
                with connection.connection.cursor().copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
                    if copied := b"".join(bytes(part) for part in copy):
                        rows[f"{table} ({columns})"] = copied
            ids = [f"SELECT setval('{name}', {last})" for name, last in connection.execute(SEQUENCES)]
        return cls(rows, ";".join(ids))

    def restore(self, owner: Engine) -> None:
        """Bring it back into empty tables; only the hints to workers, which no test has, stay away."""
        with owner.connect() as connection:
            # the rows were right when they were written: nothing is checked or reacts again
            connection.exec_driver_sql("SET session_replication_role = replica")
            for table, rows in self.rows.items():
                with connection.connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
            connection.exec_driver_sql(f"{self.ids};RESET session_replication_role")


def fill(app) -> None:
    """Sara and Omar, each with a task, an offer, a talk, profiles and news."""
    client = Client(app.test_client())
    sara, omar = _join(client, "sara"), _join(client, "omar")
    for poster, applicant in ((sara, omar), (omar, sara)):
        poster.post("/api/auth/portfolio/", {"title": "A wardrobe"})
        body = {"title": "Assemble a wardrobe", "description": "x", "category": 3, "budget": "80.00"}
        task = poster.post("/api/tasks/create/", body).json["id"]
        applicant.post(f"/api/tasks/{task}/apply/", {"proposal": "I can", "offered_price": "90.00"})
        subject = {"participant_id": applicant.user["id"], "task_id": task}
        chat = poster.post("/api/messaging/conversations/create/", subject).json["id"]
        poster.post("/api/v1/profiles/freelancer/profile-setup/", FREELANCER)
        poster.post("/api/v1/profiles/client/profile-setup/", {**FREELANCER, "account_type": "individual"})
        poster.post(f"/api/messaging/conversations/{chat}/messages/send/", {"content": "Is Saturday fine?"})


def sign_in(app, username: str) -> Client:
    """One of them, who is both sides, with a token of this moment."""
    client = Client(app.test_client())
    body = {"username": username, "password": PASSWORD}
    return client.signed_in(client.post("/api/auth/login/", body).json)


def _join(client, username):
    body = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
    return client.signed_in(client.post("/api/auth/register/", body).json)
