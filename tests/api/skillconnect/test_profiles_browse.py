"""Finding freelancers and clients."""

from urllib.parse import parse_qs, urlsplit

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Role
from tests.api.multitask.lists import World
from tests.api.skillconnect.members import (
    CLIENT,
    CLIENTS,
    FREELANCER,
    FREELANCER_ME,
    FREELANCERS,
    JANE,
    JOHN,
    LEAST,
    LEAST_CLIENT,
    member,
)
from tests.factories.people import person
from tests.query_count import counted_queries

MOMENT = "timestamptz '2026-01-01' + n * interval '1 minute'"
PEOPLE = """
    INSERT INTO users (id, public_id, email, username, first_name, last_name, phone_number, city, country,
        joined_at)
    SELECT :first + n, gen_random_uuid(), 'p' || n || '@example.com', 'p' || n, 'P', n, '', 'Pune', 'India',
        now()
    FROM generate_series(1, :rows) AS n"""
PROFILES = "INSERT INTO profiles (person_id) SELECT :first + n FROM generate_series(1, :rows) AS n"
ROLES = "INSERT INTO user_roles (user_id, role) SELECT :first + n, '{}' FROM generate_series(1, :rows) AS n"
SKILLS = """
    INSERT INTO person_skills (person_id, skill_id) SELECT :first + n, s
    FROM generate_series(1, :rows) AS n, generate_series(1, 3) AS s"""
WORKING = f"""
    INSERT INTO freelancer_profiles (person_id, created_at, updated_at)
    SELECT :first + n, {MOMENT}, now() FROM generate_series(1, :rows) AS n"""
HIRING = f"""
    INSERT INTO client_profiles (person_id, account_type, company_name, company_description, industry,
        company_size, project_types, budget_range, project_frequency, preferred_communications, working_hours,
        business_goals, current_challenges, previous_experiences, expected_timeline, quality_importance,
        payment_method, payment_timing, created_at, updated_at)
    SELECT :first + n, 'business', 'C' || n, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '',
        {MOMENT}, now()
    FROM generate_series(1, :rows) AS n"""
LISTS = {
    FREELANCERS: (PEOPLE, PROFILES, ROLES.format("freelancer"), SKILLS, WORKING),
    CLIENTS: (PEOPLE, PROFILES, ROLES.format("client"), HIRING),
}
QUERIES = {FREELANCERS: 4, CLIENTS: 2}


@pytest.fixture
def fill(client, owner):
    """A function that makes so many people who are listed there."""
    world = World(engine=owner, client=client, sara=person(), omar=person())
    return lambda path, rows: world.fill(rows, *LISTS[path])


@pytest.fixture
def found(client):
    """A function that answers who is found, by the first name."""

    def found(path, **query):
        answer = client.get(path, query_string=query)
        assert answer.status_code == 200, answer.text
        return [item["name"].partition(" ")[0] for item in answer.json["results"]]

    return found


@pytest.fixture
def freelancers(client):
    john = member(client, "john", "freelancer")
    assert john.post(FREELANCER, JOHN).status_code == 201
    lina = member(client, "lina", "freelancer")
    skills = [{"name": "Python"}, {"name": "100% wool"}, {"name": "Pythonic style"}]
    body = {"first_name": "Lina", "last_name": "O'Neil", "location": "Delhi", "is_available": False}
    assert lina.post(FREELANCER, {**body, "skills_input": skills, "about": "I sew"}).status_code == 201
    return john, lina


@pytest.fixture
def clients(client):
    jane = member(client, "jane", "client")
    assert jane.post(CLIENT, JANE).status_code == 201
    omar = member(client, "omar", "client")
    more = {"company_name": "acme", "industry": "Textiles", "country": "Nepal", "location": "Kathmandu"}
    assert omar.post(CLIENT, LEAST_CLIENT | more).status_code == 201
    return jane, omar


def test_a_freelancer_is_listed_as_the_document_has_it(freelancers, client):
    page = client.get(f"{FREELANCERS}?search=john").json
    own = freelancers[0].get(FREELANCER_ME).json
    assert page == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": own["id"],
                "user": own["user"],
                "name": "John Doe",
                "title": "Senior Developer",
                "location": "Mumbai",
                "rating": 0,
                "review_count": 0,
                "is_available": True,
                "skills": own["skills_output"],
                "profile_picture": None,
                "about": JOHN["about"],
                "created_at": own["created_at"],
                "updated_at": own["updated_at"],
            }
        ],
    }


def test_a_client_is_listed_as_the_document_has_it(clients, client):
    (item,) = client.get(f"{CLIENTS}?search=techstart").json["results"]
    assert item == {
        "id": item["id"],
        "user": clients[0].user["id"],
        "name": "Jane Smith",
        "profile_picture": None,
        "created_at": item["created_at"],
        "updated_at": item["updated_at"],
        **{
            name: JANE[name]
            for name in (
                *("account_type", "company_name", "company_description", "country", "location", "industry"),
            )
        },
    }


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ({}, ["Lina", "John"]),
        ({"ordering": "created_at"}, ["John", "Lina"]),
        ({"ordering": "-created_at"}, ["Lina", "John"]),
        ({"ordering": "age; DROP TABLE users"}, ["Lina", "John"]),
        ({"location": "mumbai"}, ["John"]),
        ({"location": "mum"}, []),
        ({"location": ""}, ["Lina", "John"]),
        ({"skills__name": "PYTHON"}, ["Lina", "John"]),
        ({"skills__name": "pyth"}, []),
        ({"skills__name": "100% wool"}, ["Lina"]),
        ({"is_available": "true"}, ["John"]),
        ({"is_available": "False"}, ["Lina"]),
        ({"is_available": "maybe"}, ["Lina", "John"]),
        ({"search": "python"}, ["Lina", "John"]),
        ({"search": "python DEVELOPER"}, ["John"]),
        ({"search": "o'neil"}, ["Lina"]),
        ({"search": "senior mumbai"}, ["John"]),
        ({"search": "sew"}, ["Lina"]),
        ({"search": "%"}, ["Lina"]),
        ({"search": "_"}, []),
        ({"search": "\\"}, []),
        ({"search": "example.com"}, []),
        ({"search": "python", "is_available": "false", "location": "DELHI"}, ["Lina"]),
    ],
)
def test_freelancers_are_found(freelancers, found, query, who):
    assert found(FREELANCERS, **query) == who


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ({}, ["Omar", "Jane"]),
        ({"ordering": "created_at"}, ["Jane", "Omar"]),
        ({"ordering": "company_name"}, ["Omar", "Jane"]),
        ({"ordering": "-company_name"}, ["Omar", "Jane"]),
        ({"country": "INDIA"}, ["Jane"]),
        ({"location": "kathmandu"}, ["Omar"]),
        ({"industry": "technology"}, ["Jane"]),
        ({"industry": "tech"}, []),
        ({"search": "textiles acme"}, ["Omar"]),
        ({"search": "bangalore software"}, ["Jane"]),
        ({"search": "need faster"}, []),
        ({"search": "x" * 200}, []),
    ],
)
def test_clients_are_found(clients, found, query, who):
    assert found(CLIENTS, **query) == who


@pytest.mark.parametrize("path", [FREELANCERS, CLIENTS])
@pytest.mark.parametrize("query", [{"search": "a\0"}, {"location": "x" * 101}, {"search": "x" * 201}])
def test_what_cannot_be_asked_is_refused(client, path, query):
    answer = client.get(path, query_string=query)
    assert (answer.status_code, list(answer.json)) == (400, list(query))


@pytest.mark.parametrize("path", [FREELANCERS, CLIENTS])
@pytest.mark.parametrize("place", ["0", "1", "x", "-1", "99999999999999999999", "1.5"])
def test_who_is_not_there_is_not_found(client, path, place):
    answer = client.get(f"{path}{place}/")
    assert (answer.status_code, answer.json) == (404, {"detail": "Not found."})


def test_reviews_are_counted(freelancers, client, owner):
    john, _ = freelancers
    world = World(engine=owner, client=client, sara=person(), omar=person())
    world.fill(
        3,
        f"""INSERT INTO reviews (deal_id, listing_id, reviewer_id, reviewee_id, rating, comment, created_at)
        SELECT n, n, :sara, {john.user["id"]}, 3 + n % 2, '', now() FROM generate_series(1, :rows) AS n""",
    )
    item = client.get(f"{FREELANCERS}?search=john").json["results"][0]
    assert (item["rating"], item["review_count"]) == (3.67, 3)
    detail = client.get(f"{FREELANCERS}{item['id']}/").json
    assert (detail["rating"], detail["review_count"]) == (3.67, 3)


def test_who_is_barred_is_not_shown(freelancers, clients, client, found):
    mine = freelancers[0].get(FREELANCER_ME).json["id"]
    accounts.suspend("john")
    accounts.suspend("jane")
    assert found(FREELANCERS) == ["Lina"]
    assert client.get(f"{FREELANCERS}{mine}/").status_code == 404
    assert found(CLIENTS) == ["Omar"]
    accounts.activate("john")
    assert found(FREELANCERS) == ["Lina", "John"]


def test_who_works_no_more_is_not_shown(client, found):
    sara = member(client, "sara")
    shown = sara.post(FREELANCER, LEAST).json
    login = {"username": "sara", "password": "StrongPass123"}
    elsewhere = client.signed_in(client.post("/api/auth/login/", login).json)
    assert elsewhere.patch("/api/auth/profile/", {"is_freelancer": False}).status_code == 200
    assert found(FREELANCERS) == []
    assert client.get(f"{FREELANCERS}{shown['id']}/").status_code == 404
    assert sara.get(FREELANCER_ME).status_code == 403


def test_a_token_makes_no_difference(freelancers, client):
    for token in ("nonsense", freelancers[0].token):
        header = {"Authorization": f"Bearer {token}"}
        assert client.get(FREELANCERS, headers=header).json == client.get(FREELANCERS).json


@pytest.mark.parametrize("path", list(LISTS))
def test_pages_are_of_six_and_lead_to_each_other(fill, client, path):
    fill(path, 14)
    first = client.get(f"{path}?location=pune").json
    assert (first["count"], len(first["results"]), first["previous"]) == (14, 6, None)
    link = urlsplit(first["next"])
    assert (link.path, parse_qs(link.query)) == (path, {"location": ["pune"], "page": ["2"]})
    pages = [first]
    while pages[-1]["next"]:
        pages.append(client.get(pages[-1]["next"]).json)
    assert [len(page["results"]) for page in pages] == [6, 6, 2]
    names = [item["name"] for page in pages for item in page["results"]]
    assert names == [f"P {number}" for number in range(14, 0, -1)]
    assert client.get(pages[-1]["previous"]).json == pages[1]


@pytest.mark.parametrize("path", list(LISTS))
def test_the_edges_of_a_list(fill, client, path):
    fill(path, 110)
    for size, length in (("1000", 100), ("7", 7), ("0", 6), ("x", 6), ("", 6)):
        assert len(client.get(f"{path}?page_size={size}").json["results"]) == length
    for page in ("0", "x", "20", "99999999999"):
        answer = client.get(f"{path}?page={page}")
        assert (answer.status_code, answer.json) == (404, {"detail": "Invalid page."})


@pytest.mark.parametrize("path", list(LISTS))
@pytest.mark.parametrize("rows", [10, 1000])
def test_a_list_costs_the_same_however_long_it_is(fill, client, path, rows):
    fill(path, rows)
    with counted_queries() as queries:
        page = client.get(f"{path}?page_size=100&search=p&ordering=created_at").json
    assert (page["count"], len(page["results"])) == (rows, min(rows, 100))
    assert len(queries) == QUERIES[path]


def test_a_profile_costs_the_same_whoever_it_is_of(freelancers, client):
    costs = []
    for name in ("john", "lina"):
        profile = client.get(f"{FREELANCERS}?search={name}").json["results"][0]["id"]
        with counted_queries() as queries:
            client.get(f"{FREELANCERS}{profile}/")
        costs.append(len(queries))
    assert costs == [7, 7]


def test_addresses_are_nobodys_business(freelancers, clients, client):
    for path in (FREELANCERS, CLIENTS, f"{FREELANCERS}1/", f"{CLIENTS}1/"):
        assert "example.com" not in client.get(path).text


def test_nobody_is_found_who_has_no_profile(client, found):
    member(client, "sara")
    assert (found(FREELANCERS), found(CLIENTS)) == ([], [])
    assert accounts.active_ids(role=Role.FREELANCER)
