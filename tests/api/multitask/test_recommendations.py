"""Skills, preferences and onboarding through MultiTask."""

import pytest

from tests.query_count import counted_queries

BASE = "/api/recommendations"
NOTHING = {
    "preferred_categories": [],
    "preferred_cities": [],
    "task_types": [],
    "min_budget": None,
    "max_budget": None,
    "service_offerings": [],
}
EVERYTHING = {
    "preferred_categories": [1, 13],
    "preferred_cities": ["Cairo", "Giza"],
    "task_types": ["physical", "digital"],
    "min_budget": "20.00",
    "max_budget": "500.00",
    "service_offerings": [2],
}


@pytest.fixture
def sara(join):
    return join("sara", "freelancer")


@pytest.fixture
def omar(join):
    return join("omar", "client")


def skill_ids(person):
    return [skill["id"] for skill in person.get(f"{BASE}/skills/my/?page_size=100").json["results"]]


@pytest.mark.parametrize("path", ["skills", "categories", "service-offerings"])
def test_anybody_reads_the_catalogue(client, path):
    first = client.get(f"{BASE}/{path}/")
    assert first.status_code == 200
    assert set(first.json) == {"count", "next", "previous", "results"}
    assert [row["id"] for row in first.json["results"]] == list(range(1, 11))
    assert first.json["next"].endswith(f"{BASE}/{path}/?page=2")
    everything = client.get(f"{BASE}/{path}/?page_size=100").json
    assert len(everything["results"]) == min(everything["count"], 100)
    assert client.get(f"{BASE}/{path}/?page=999").status_code == 404
    assert client.get(f"{BASE}/{path}").json["results"] == first.json["results"]


def test_the_catalogue_is_shown_as_documented(client):
    skill = client.get(f"{BASE}/skills/").json["results"][0]
    assert skill == {"id": 1, "name": "House cleaning", "category": 1}
    offering = client.get(f"{BASE}/service-offerings/").json["results"][0]
    assert set(offering) == {"id", "name", "description", "category"}
    assert offering["category"] == client.get("/api/tasks/categories/").json["results"][0]
    assert (
        client.get(f"{BASE}/categories/").json["results"]
        == (client.get("/api/tasks/categories/").json["results"])
    )


def test_open_tasks_are_counted_wherever_a_category_is_shown(omar):
    body = {"title": "Clean", "description": "A flat.", "category": 1, "budget": "50"}
    omar.post("/api/tasks/create/", body)
    assert omar.get(f"{BASE}/categories/").json["results"][0]["task_count"] == 1
    assert omar.get(f"{BASE}/service-offerings/").json["results"][0]["category"]["task_count"] == 1


def test_a_token_that_is_dead_is_refused_even_where_none_is_needed(client):
    headers = {"Authorization": "Bearer nonsense"}
    assert client.get(f"{BASE}/skills/", headers=headers).status_code == 401


def test_skills_are_replaced(sara):
    assert sara.get(f"{BASE}/skills/my/").json["count"] == 0
    answer = sara.post(f"{BASE}/skills/update/", {"skills": [1, 2, 3]})
    assert answer.status_code == 200
    assert set(answer.json) == {"skills"}
    assert answer.json["skills"] == sara.get(f"{BASE}/skills/my/").json["results"]
    assert sara.post(f"{BASE}/skills/update/", {"skills": ["3", 3, 9]}).status_code == 200
    assert skill_ids(sara) == [3, 9]
    assert sara.post(f"{BASE}/skills/update/", {"skills": []}).json == {"skills": []}
    assert skill_ids(sara) == []


@pytest.mark.parametrize(
    "skills",
    [[1, 999_999], [0], [-1], [True], [1.5], ["x"], [None], [[1]], "1", 1, None, {}, [2**63], [1] * 501],
)
def test_skills_that_are_none_change_nothing(sara, skills):
    sara.post(f"{BASE}/skills/update/", {"skills": [1, 2]})
    answer = sara.post(f"{BASE}/skills/update/", {"skills": skills})
    assert (answer.status_code, list(answer.json)) == (400, ["skills"])
    assert skill_ids(sara) == [1, 2]


def test_skills_must_be_said(sara):
    assert sara.post(f"{BASE}/skills/update/", {}).json == {"skills": ["This field is required."]}


def test_an_unknown_skill_is_named(sara):
    answer = sara.post(f"{BASE}/skills/update/", {"skills": [1, 999_999]})
    assert answer.json == {"skills": ['Invalid pk "999999" - object does not exist.']}


def test_everybody_has_skills_of_their_own(sara, omar):
    sara.post(f"{BASE}/skills/update/", {"skills": [1]})
    omar.post(f"{BASE}/skills/update/", {"skills": [2, 3]})
    assert (skill_ids(sara), skill_ids(omar)) == ([1], [2, 3])


def test_own_skills_come_in_pages(sara):
    sara.post(f"{BASE}/skills/update/", {"skills": list(range(1, 13))})
    second = sara.get(f"{BASE}/skills/my/?page=2").json
    assert (second["count"], [skill["id"] for skill in second["results"]]) == (12, [11, 12])
    assert sara.get(f"{BASE}/skills/my/?page=3").json == {"detail": "Invalid page."}


def test_whoever_has_said_nothing_looks_for_anything(sara):
    answer = sara.get(f"{BASE}/preferences/")
    assert (answer.status_code, answer.json) == (200, NOTHING)


def test_preferences_are_put_in_whole_and_in_part(sara):
    answer = sara.put(f"{BASE}/preferences/", EVERYTHING)
    assert (answer.status_code, answer.json) == (200, EVERYTHING)
    part = {"preferred_cities": [], "max_budget": None, "unknown": 1, "person_id": 7}
    changed = EVERYTHING | {"preferred_cities": [], "max_budget": None}
    assert sara.put(f"{BASE}/preferences/", part).json == changed
    assert sara.put(f"{BASE}/preferences/", {}).json == changed
    assert sara.get(f"{BASE}/preferences/").json == changed
    assert sara.put(f"{BASE}/preferences/", NOTHING).json == NOTHING


def test_preferences_are_kept_once_and_in_order(sara):
    body = {
        "preferred_categories": [13, "1", 13],
        "preferred_cities": [" Cairo ", "CAIRO", "Giza"],
        "task_types": ["DIGITAL", "physical", "digital"],
        "min_budget": 20,
        "max_budget": 500.0,
        "service_offerings": [2, 2],
    }
    assert sara.put(f"{BASE}/preferences/", body).json == EVERYTHING


def test_the_preferences_of_others_are_theirs(sara, omar):
    sara.put(f"{BASE}/preferences/", EVERYTHING)
    assert omar.get(f"{BASE}/preferences/").json == NOTHING


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("preferred_categories", [999_999]),
        ("preferred_categories", None),
        ("preferred_categories", 1),
        ("preferred_cities", ["x" * 101]),
        ("preferred_cities", [""]),
        ("preferred_cities", ["a\x00b"]),
        ("preferred_cities", [1]),
        ("preferred_cities", ["x"] * 21),
        ("preferred_cities", "Cairo"),
        ("task_types", ["remote"]),
        ("task_types", ["physical"] * 501),
        ("min_budget", -1),
        ("min_budget", "1.001"),
        ("min_budget", True),
        ("min_budget", "9" * 30),
        ("max_budget", []),
        ("service_offerings", [999_999]),
        ("service_offerings", [{}]),
    ],
)
def test_a_preference_that_is_none_changes_nothing(sara, field, value):
    sara.put(f"{BASE}/preferences/", EVERYTHING)
    answer = sara.put(f"{BASE}/preferences/", {"task_types": [], field: value})
    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert sara.get(f"{BASE}/preferences/").json == EVERYTHING


@pytest.mark.parametrize("body", [{"min_budget": 9, "max_budget": 8}, {"min_budget": "500.01"}])
def test_budgets_between_which_nothing_lies_are_refused(sara, body):
    sara.put(f"{BASE}/preferences/", EVERYTHING)
    answer = sara.put(f"{BASE}/preferences/", body)
    assert answer.status_code == 400
    assert answer.json == {"non_field_errors": ["The minimum budget must not be above the maximum budget."]}
    assert sara.get(f"{BASE}/preferences/").json == EVERYTHING


def test_onboarding_stores_everything_in_one_go(sara):
    before = sara.get(f"{BASE}/onboarding/status/")
    assert before.status_code == 200
    assert before.json == {
        "completed": False,
        "completed_at": None,
        "missing": ["skills", "preferred_categories"],
    }
    body = {
        "skills": [1, 2],
        "preferred_categories": [13],
        "service_offerings": [2],
        "city": "Cairo",
        "min_budget": "20",
        "max_budget": "500",
    }
    answer = sara.post(f"{BASE}/onboarding/", body)
    assert answer.status_code == 200
    assert set(answer.json) == {"completed", "completed_at", "preferences", "skills"}
    assert answer.json["completed"] is True
    assert answer.json["preferences"] == NOTHING | {
        "preferred_categories": [13],
        "preferred_cities": ["Cairo"],
        "service_offerings": [2],
        "min_budget": "20.00",
        "max_budget": "500.00",
    }
    assert [skill["id"] for skill in answer.json["skills"]] == skill_ids(sara) == [1, 2]
    assert sara.get(f"{BASE}/preferences/").json == answer.json["preferences"]
    assert sara.get(f"{BASE}/onboarding/status/").json == {
        "completed": True,
        "completed_at": answer.json["completed_at"],
        "missing": [],
    }


def test_onboarding_may_be_repeated_and_the_last_word_counts(sara):
    first = sara.post(f"{BASE}/onboarding/", {"skills": [1, 2], "city": "Cairo", "min_budget": "5"}).json
    second = sara.post(f"{BASE}/onboarding/", {"skills": [], "city": "Giza"}).json
    assert second["skills"] == []
    assert second["preferences"] == first["preferences"] | {"preferred_cities": ["Giza"]}
    assert second["completed_at"] >= first["completed_at"]


def test_onboarding_with_nothing_is_done_and_says_what_is_missing(sara):
    assert sara.post(f"{BASE}/onboarding/", {}).json["completed"] is True
    status = sara.get(f"{BASE}/onboarding/status/").json
    assert (status["completed"], status["missing"]) == (True, ["skills", "preferred_categories"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"skills": [999_999]}, "skills"),
        ({"preferred_categories": [999_999]}, "preferred_categories"),
        ({"service_offerings": [999_999]}, "service_offerings"),
        ({"city": ""}, "city"),
        ({"city": None}, "city"),
        ({"min_budget": "x"}, "min_budget"),
        ({"min_budget": 2, "max_budget": 1}, "non_field_errors"),
    ],
)
def test_onboarding_is_stored_whole_or_not_at_all(sara, body, field):
    answer = sara.post(f"{BASE}/onboarding/", {"skills": [1], "preferred_categories": [1], **body})
    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert sara.get(f"{BASE}/onboarding/status/").json["completed"] is False
    assert skill_ids(sara) == []
    assert sara.get(f"{BASE}/preferences/").json == NOTHING


def test_whoever_shows_no_token_is_refused(client):
    for answer in (
        client.get(f"{BASE}/skills/my/"),
        client.post(f"{BASE}/skills/update/", {"skills": []}),
        client.get(f"{BASE}/preferences/"),
        client.put(f"{BASE}/preferences/", {}),
        client.post(f"{BASE}/onboarding/", {}),
        client.get(f"{BASE}/onboarding/status/"),
    ):
        assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "most"), [("skills", 2), ("categories", 2), ("service-offerings", 4), ("skills/my", 3)]
)
@pytest.mark.parametrize("size", [1, 100])
def test_a_list_costs_the_same_however_long_it_is(sara, path, most, size):
    sara.post(f"{BASE}/skills/update/", {"skills": list(range(1, 101))})
    reader = sara if path == "skills/my" else sara.signed_in({"access": None, "user": {}})
    with counted_queries() as queries:
        assert len(reader.get(f"{BASE}/{path}/?page_size={size}").json["results"]) <= size
    assert len(queries) == most


def test_onboarding_says_what_one_is_and_where(sara):
    answer = sara.post(f"{BASE}/onboarding/", {"user_type": "both", "city": "Cairo"})
    assert answer.status_code == 200
    profile = sara.get("/api/auth/profile/").json
    assert (profile["user_type"], profile["city"]) == ("both", "Cairo")
    sara.post(f"{BASE}/onboarding/", {"is_freelancer": False})
    assert sara.get("/api/auth/profile/").json["user_type"] == "client"
    sara.post(f"{BASE}/onboarding/", {})
    assert sara.get("/api/auth/profile/").json["user_type"] == "client"


@pytest.mark.parametrize(
    "body",
    [
        {"user_type": "admin"},
        {"user_type": "freelancer", "is_freelancer": False},
        {"is_client": False, "is_freelancer": False},
    ],
)
def test_onboarding_makes_nobody_what_they_cannot_be(sara, body):
    answer = sara.post(f"{BASE}/onboarding/", {"skills": [1], **body})
    assert (answer.status_code, list(answer.json)) == (400, ["user_type"])
    assert skill_ids(sara) == []


def test_a_role_that_others_count_on_is_not_given_up_by_onboarding(omar):
    body = {"title": "Clean", "description": "A flat.", "category": 1, "budget": "50"}
    omar.post("/api/tasks/create/", body)
    answer = omar.post(f"{BASE}/onboarding/", {"user_type": "freelancer", "skills": [1]})
    assert answer.status_code == 400
    assert omar.get("/api/auth/profile/").json["user_type"] == "client"
    assert skill_ids(omar) == []
    assert omar.get(f"{BASE}/onboarding/status/").json["completed"] is False
