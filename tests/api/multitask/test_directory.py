"""People as everybody sees them, and finding them."""

import pytest
from sqlalchemy import update

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.models import User, UserRole
from marketplace.domains.accounts.public import Role
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.models import ReviewRow
from marketplace.domains.profiles import public as profiles
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.payments import person as person_without_password
from tests.factories.people import application, person, task
from tests.query_count import counted_queries, sent_statements

USERS = "/api/auth/users/"


@pytest.fixture
def people(app):
    """Six people who differ in names, roles and city."""
    named = {
        "sara": ((Role.CLIENT,), {"first_name": "Sara", "last_name": "Haddad", "city": "Cairo"}),
        "karim": ((Role.FREELANCER,), {"first_name": "Karim", "last_name": "Hassan", "city": "New Cairo"}),
        "fatima_z": ((), {"first_name": "Fatima", "last_name": "Zahra", "city": "Giza"}),
        "pro100": ((), {"first_name": "José", "last_name": "Müller", "city": "100% Town"}),
        "noor.k": ((Role.FREELANCER,), {"first_name": "نور", "last_name": "كريم", "city": "القاهرة"}),
        "desk": ((Role.MANAGER,), {"first_name": "Sara", "last_name": "Office", "city": "Cairo"}),
    }
    for name, (roles, words) in named.items():
        person(*roles, username=name, **words)


def names(client, **query):
    answer = client.get(USERS, query_string=query)
    assert answer.status_code == 200, answer.json
    found = [row["username"] for row in answer.json["results"]]
    assert answer.json["count"] == len(found)
    return found


def test_a_person_is_shown_as_documented(client, app):
    lina = person(
        username="lina",
        first_name="Lina",
        last_name="Haddad",
        city="Cairo",
        country="Egypt",
        phone_number="+20 100 000 0000",
    )
    answer = client.get(f"{USERS}lina/")
    assert answer.status_code == 200
    shown = answer.json
    joined = shown.pop("date_joined")
    assert joined.endswith("Z")
    assert shown == {
        "id": lina.id,
        "username": "lina",
        "first_name": "Lina",
        "last_name": "Haddad",
        "user_type": "both",
        "is_client": True,
        "is_freelancer": True,
        "city": "Cairo",
        "country": "Egypt",
        "bio": "",
        "avatar": None,
        "skills": [],
        "average_rating": None,
        "reviews_count": 0,
        "completed_tasks": 0,
    }
    assert client.get(USERS).json["results"] == [{**shown, "date_joined": joined}]
    for page in (client.get(f"{USERS}LINA/"), client.get(USERS)):
        assert "lina@example.com" not in page.text
        assert "100 000" not in page.text


def test_a_person_is_shown_with_what_came_of_their_work(client, join, app):
    owner, seller = person(username="owner"), person(username="seller")
    profiles.replace_skills(actor=seller, skill_ids=[2, 1])
    for rating in (5, 4, 4):
        offer = application(seller, task(owner))
        deals.accept(actor=owner, application_id=offer.id)
        deals.complete(actor=owner, task_id=offer.listing_id)
        deals.review(actor=owner, task_id=offer.listing_id, rating=rating, comment="")
    deals.review(actor=seller, task_id=offer.listing_id, rating=2, comment="")
    deals.accept(actor=owner, application_id=application(seller, task(owner)).id)
    shown = client.get(f"{USERS}seller/").json
    assert (shown["average_rating"], shown["reviews_count"], shown["completed_tasks"]) == (4.33, 3, 3)
    assert [skill["id"] for skill in shown["skills"]] == [1, 2]
    assert set(shown["skills"][0]) == {"id", "name", "category"}
    other = client.get(f"{USERS}owner/").json
    assert (other["average_rating"], other["reviews_count"], other["completed_tasks"]) == (2.0, 1, 3)
    assert [row["username"] for row in client.get(USERS).json["results"]] == ["seller", "owner"]
    assert client.get(USERS).json["results"][0] == shown


@pytest.mark.parametrize("username", ["nobody", "desk", "%", "sar_", "deleted%20user%201", "x" * 300])
def test_who_is_no_member_is_not_found(client, people, username):
    answer = client.get(f"{USERS}{username}/")
    assert (answer.status_code, answer.json) == (404, {"detail": "Not found."})


def test_who_is_barred_or_gone_is_nowhere(client, join):
    sara, _ = join("sara"), join("karim")
    accounts.suspend("karim")
    sara.delete("/api/auth/delete-account/", {"password": "StrongPass123"})
    assert names(client) == []
    assert names(client, search="deleted") == names(client, search="karim") == []
    for name in ("sara", "karim"):
        assert client.get(f"{USERS}{name}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["noor.k", "pro100", "fatima_z", "karim", "sara"]),
        ({"user_type": "client"}, ["pro100", "fatima_z", "sara"]),
        ({"user_type": "FREELANCER"}, ["noor.k", "pro100", "fatima_z", "karim"]),
        ({"user_type": "both"}, ["pro100", "fatima_z"]),
        ({"user_type": ""}, ["noor.k", "pro100", "fatima_z", "karim", "sara"]),
        ({"city": "cairo"}, ["karim", "sara"]),
        ({"city": "0%"}, ["pro100"]),
        ({"city": "القاهرة"}, ["noor.k"]),
        ({"city": "Cairo", "user_type": "freelancer"}, ["karim"]),
        ({"search": "SARA"}, ["sara"]),
        ({"search": "ha"}, ["karim", "sara"]),
        ({"search": "haddad sara"}, ["sara"]),
        ({"search": "sara hassan"}, []),
        ({"search": "jose"}, ["pro100"]),
        ({"search": "MULLER"}, ["pro100"]),
        ({"search": "josé müller"}, ["pro100"]),
        ({"search": "كريم"}, ["noor.k"]),
        ({"search": "a_z"}, ["fatima_z"]),
        ({"search": "_"}, ["fatima_z"]),
        ({"search": "."}, ["noor.k"]),
        ({"search": "%"}, []),
        ({"search": "\uff05"}, []),
        ({"search": "\\"}, []),
        ({"search": "sar_"}, []),
        ({"search": "pro1"}, ["pro100"]),
        ({"search": "example.com"}, []),
        ({"search": "sara", "city": "giza"}, []),
        ({"search": "   "}, ["noor.k", "pro100", "fatima_z", "karim", "sara"]),
        ({"unknown": "x", "search": "karim"}, ["karim"]),
    ],
)
def test_people_are_found_by_what_is_asked(client, people, query, found):
    assert names(client, **query) == found


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("karmi", ["karim"]),
        ("Karimm", ["karim"]),
        ("karem", ["karim"]),
        ("kareem", []),
        ("fatma", ["fatima_z"]),
        ("hadad", ["sara"]),
        ("hássam", ["karim"]),
        ("fatma zahra", ["fatima_z"]),
        ("fatma hassan", []),
        ("zebra", []),
        ("giraffe", []),
        # numbers and signs mean what they say
        ("pro101", []),
        ("pro200", []),
        ("fatima-z", []),
        # shorter names have too many neighbours
        ("zara", []),
        ("x" * 60, []),
    ],
)
def test_a_misspelt_name_is_forgiven_where_nobody_has_it(client, people, search, found):
    assert names(client, search=search) == found


def test_what_occurs_is_never_mixed_with_guesses(client, app):
    person(username="fatima")
    person(username="fatma")
    assert names(client, search="fatma") == ["fatma"]
    assert names(client, search="fatim") == ["fatima"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("user_type=admin", "user_type"), (f"search={'x' * 201}", "search"), ("city=a%00", "city")],
)
def test_a_filter_that_makes_no_sense_is_refused(client, query, field):
    answer = client.get(f"{USERS}?{query}")
    assert (answer.status_code, list(answer.json)) == (400, [field])


def test_a_dead_token_is_refused_so_that_its_holder_refreshes(client, people):
    dead = {"Authorization": "Bearer nonsense"}
    for path in (USERS, f"{USERS}sara/"):
        assert client.get(path, headers=dead).json["code"] == "token_not_valid"


def test_pages_keep_the_filters_and_end(client, people, live_server):
    first = client.get(f"{USERS}?user_type=freelancer&page_size=3").json
    assert (first["count"], len(first["results"]), first["previous"]) == (4, 3, None)
    assert "user_type=freelancer" in first["next"]
    second = client.get(first["next"].removeprefix(live_server)).json
    assert ([row["username"] for row in second["results"]], second["next"]) == (["karim"], None)
    assert client.get(f"{USERS}?page=9").status_code == 404


@pytest.mark.parametrize("crowd", [10, 1000])
@pytest.mark.parametrize(
    ("query", "most", "queries"),
    [
        ("?page_size=100", 100, 5),
        ("?page_size=100&user_type=both&city=o&search=crowd", 100, 5),
        # once for what occurs, once for what may be meant
        ("?page_size=100&search=hadad", 100, 8),
        ("?page_size=100&search=giraffe", 0, 5),
    ],
)
def test_a_page_costs_the_same_however_many_people_there_are(client, app, crowd, query, most, queries):
    fill(crowd)
    with counted_queries() as statements:
        answer = client.get(f"{USERS}{query}").json
    assert len(answer["results"]) == min(most, crowd)
    assert len(statements) == queries
    assert all(row["reviews_count"] == 1 and row["completed_tasks"] == 0 for row in answer["results"])


def test_one_person_costs_four_queries(client, people):
    with counted_queries() as statements:
        client.get(f"{USERS}sara/")
    assert len(statements) == 4


def test_a_search_can_do_without_reading_all_people(client, app, owner):
    fill(1000)
    person(username="fatima")
    with sent_statements() as sent:
        assert client.get(f"{USERS}?search=fatma").json["count"] == 1
    searches = [one for one in sent if "search_text" in one[0] and "count(*)" in one[0]]
    assert len(searches) == 2
    with owner.connect() as connection:
        connection.exec_driver_sql("ANALYZE users, user_roles")
        # with a thousand people PostgreSQL would rather read them all, or all who hold the roles
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("DROP INDEX ix_user_roles_role")
        for way in ("seqscan", "indexscan"):
            connection.exec_driver_sql(f"SET enable_{way} = off")
        for statement, parameters in searches:
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
            assert any("ix_users_search" in line for line in plan), plan
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("RESET ALL")


def fill(crowd):
    """A crowd, of whom each has one review."""
    with unit_of_work() as unit:
        users = [
            User(
                username=f"crowd{number}",
                email=f"crowd{number}@example.com",
                first_name="Some",
                last_name="Haddad",
                phone_number="",
                city="Cairo",
                country="",
                joined_at=clock.now(),
            )
            for number in range(crowd)
        ]
        unit.session.add_all(users)
        unit.session.flush()
        unit.session.add_all(
            UserRole(user_id=user.id, role=role) for user in users for role in (Role.CLIENT, Role.FREELANCER)
        )
    offer = application(person_without_password(), task(person_without_password()))
    with unit_of_work() as unit:
        unit.session.add_all(
            ReviewRow(
                deal_id=offer.id,
                listing_id=offer.listing_id,
                reviewer_id=user.id,
                reviewee_id=user.id,
                rating=4,
                comment="",
                created_at=clock.now(),
            )
            for user in users
        )
        # the two who stand for a deal are not of the crowd
        unit.session.execute(update(User).where(User.username.like("payer%")).values(status="suspended"))
