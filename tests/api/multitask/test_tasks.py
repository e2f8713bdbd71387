"""Tasks and applications through MultiTask."""

import pytest

TASK = {
    "title": "Assemble a wardrobe",
    "description": "Two doors, all parts are here.",
    "category": 3,
    "budget": 100.00,
    "deadline": "2024-12-31",
    "city": "Cairo",
    "address": "12 Nile Street",
    "task_type": "physical",
}
OFFER = {"proposal": "I can deliver in 3 days", "bid_amount": "120.00"}


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def lina(join):
    return join("lina", "freelancer")


@pytest.fixture
def task(omar):
    return omar.post("/api/tasks/create/", TASK).json


def test_the_documented_task_is_accepted_verbatim(omar):
    answer = omar.post("/api/tasks/create/", TASK)
    assert answer.status_code == 201
    task = answer.json
    assert task["id"] == task["task_id"]
    assert task["status"] == "OPEN"
    assert task["budget"] == "100.00"
    assert task["category_name"] == "Handyman"
    assert task["is_overdue"] is True
    assert task["address"] == TASK["address"]
    assert task["my_role"] == "owner"
    assert task["client"]["username"] == "omar"
    assert task["freelancer"] is None


def test_only_clients_post_and_only_freelancers_apply(omar, lina, task):
    assert lina.post("/api/tasks/create/", TASK).status_code == 403
    refused = omar.post(f"/api/tasks/{task['id']}/apply/", OFFER)
    assert refused.status_code == 403
    assert refused.json == {"detail": "You do not have permission to perform this action."}


def test_strangers_see_the_city_but_not_the_street(client, lina, task):
    seen = client.get(f"/api/tasks/{task['id']}/").json
    assert seen["city"] == "Cairo"
    assert "address" not in seen
    assert "my_role" not in seen
    seen = lina.get(f"/api/tasks/{task['id']}/").json
    assert "address" not in seen
    assert (seen["my_role"], seen["is_saved"], seen["has_applied"]) == (None, False, False)


@pytest.mark.parametrize(
    "price",
    [{"offered_price": 120.00}, {"bid_amount": "120.00"}, {"bid_amount": "120.0", "offered_price": 120}],
)
def test_either_documents_application_is_taken(lina, task, price):
    answer = lina.post(f"/api/tasks/{task['id']}/apply/", {"proposal": "I can", **price})
    assert answer.status_code == 201
    body = answer.json
    assert body["application_id"] == body["id"]
    assert body["task_id"] == task["id"]
    assert body["status"] == "pending"
    assert body["offered_price"] == body["bid_amount"] == "120.00"
    assert body["estimated_duration"] == ""


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"proposal": "x"}, "offered_price"),
        ({"proposal": "x", "offered_price": 1, "bid_amount": 2}, "offered_price"),
        ({"proposal": " ", "offered_price": 1}, "proposal"),
        ({"proposal": "x", "offered_price": 0}, "offered_price"),
        ({"proposal": "x", "offered_price": -1}, "offered_price"),
        ({"proposal": "x", "offered_price": "1.001"}, "offered_price"),
        ({"proposal": "x", "offered_price": "NaN"}, "offered_price"),
        ({"proposal": "x", "offered_price": "1e3"}, "offered_price"),
        ({"proposal": "x", "offered_price": True}, "offered_price"),
        ({"proposal": "x", "offered_price": 1e30}, "offered_price"),
        ({"proposal": "x" * 5001, "offered_price": 1}, "proposal"),
    ],
)
def test_bad_applications_name_the_field(lina, task, body, field):
    answer = lina.post(f"/api/tasks/{task['id']}/apply/", body)
    assert answer.status_code == 400
    assert list(answer.json) == [field]


def test_a_second_application_is_refused_even_after_a_rejection(omar, lina, task):
    first = lina.post(f"/api/tasks/{task['id']}/apply/", OFFER).json
    omar.post(f"/api/tasks/applications/{first['id']}/reject/")
    again = lina.post(f"/api/tasks/{task['id']}/apply/", OFFER)
    assert (again.status_code, again.json) == (400, {"detail": "You have already applied to this task."})


def test_nobody_applies_to_their_own_task(join):
    sara = join("sara", "both")
    task = sara.post("/api/tasks/create/", TASK).json
    assert sara.post(f"/api/tasks/{task['id']}/apply/", OFFER).status_code == 403


def test_accepting_starts_the_task_and_rejects_the_others(omar, lina, join, task):
    chosen = lina.post(f"/api/tasks/{task['id']}/apply/", OFFER).json
    other = join("nour", "freelancer").post(f"/api/tasks/{task['id']}/apply/", OFFER).json
    assert lina.post(f"/api/tasks/applications/{chosen['id']}/accept/").status_code == 403
    answer = omar.post(f"/api/tasks/applications/{chosen['id']}/accept/")
    assert answer.status_code == 200
    assert answer.json["status"] == "accepted"
    assert answer.json["task"]["status"] == "IN_PROGRESS"
    assert answer.json["task"]["freelancer"]["username"] == "lina"
    listed = omar.get(f"/api/tasks/{task['id']}/applications/").json
    assert [(row["id"], row["status"]) for row in listed["results"]] == [
        (other["id"], "rejected"),
        (chosen["id"], "accepted"),
    ]
    late = omar.post(f"/api/tasks/applications/{other['id']}/accept/")
    assert (late.status_code, list(late.json)) == (400, ["detail"])
    assert lina.get(f"/api/tasks/{task['id']}/").json["address"] == TASK["address"]


def test_only_the_owner_sees_applications(omar, lina, join, task):
    lina.post(f"/api/tasks/{task['id']}/apply/", OFFER)
    assert join("nour").get(f"/api/tasks/{task['id']}/applications/").status_code == 403
    assert omar.get(f"/api/tasks/{task['id']}/applications/").json["count"] == 1
    assert lina.get("/api/tasks/my-applications/").json["results"][0]["task"]["id"] == task["id"]


def test_a_task_is_completed_then_reviewed_once_by_each_side(omar, lina, join, task):
    application = lina.post(f"/api/tasks/{task['id']}/apply/", OFFER).json
    early = omar.post(f"/api/tasks/{task['id']}/complete/")
    assert (early.status_code, early.json) == (400, {"detail": "Cannot complete this task: it is open."})
    omar.post(f"/api/tasks/applications/{application['id']}/accept/")
    assert omar.post(f"/api/tasks/{task['id']}/review/", {"rating": 5}).status_code == 400
    assert lina.post(f"/api/tasks/{task['id']}/complete/").status_code == 403
    assert omar.post(f"/api/tasks/{task['id']}/complete/").json["status"] == "COMPLETED"
    for rating in (0, 6, 4.5, True, "5", None):
        assert omar.post(f"/api/tasks/{task['id']}/review/", {"rating": rating}).status_code == 400
    given = omar.post(f"/api/tasks/{task['id']}/review/", {"rating": 5, "comment": "Quick."})
    assert given.status_code == 201
    assert given.json["reviewee"]["username"] == "lina"
    assert omar.post(f"/api/tasks/{task['id']}/review/", {"rating": 4}).status_code == 400
    assert lina.post(f"/api/tasks/{task['id']}/review/", {"rating": 4}).status_code == 201
    assert join("nour").post(f"/api/tasks/{task['id']}/review/", {"rating": 1}).status_code == 403
    assert [row["rating"] for row in omar.get(f"/api/tasks/{task['id']}/reviews/").json["results"]] == [4, 5]
    assert omar.get("/api/tasks/users/LINA/reviews/").json["results"] == [given.json]
    assert omar.get("/api/tasks/users/nobody/reviews/").status_code == 404
    mine = lina.get("/api/tasks/my-tasks/").json["results"]
    assert [(row["id"], row["my_role"]) for row in mine] == [(task["id"], "assignee")]


def test_cancelling_rejects_what_is_pending_and_ends_the_task(omar, lina, task):
    lina.post(f"/api/tasks/{task['id']}/apply/", OFFER)
    assert omar.post(f"/api/tasks/{task['id']}/cancel/").json["status"] == "CANCELLED"
    assert lina.get("/api/tasks/my-applications/").json["results"][0]["status"] == "rejected"
    assert omar.post(f"/api/tasks/{task['id']}/cancel/").status_code == 400
    assert lina.post(f"/api/tasks/{task['id']}/apply/", OFFER).status_code == 400


def test_saving_toggles_and_deleting_always_unsaves(lina, task):
    path = f"/api/tasks/{task['id']}/save/"
    assert lina.post(path).json["is_saved"] is True
    listed = lina.get("/api/tasks/saved/").json["results"]
    assert [(row["id"], row["is_saved"]) for row in listed] == [(task["id"], True)]
    assert listed[0]["saved_at"].endswith("Z")
    assert lina.post(path).json["saved"] is False
    for wanted in (True, True):
        assert lina.post(path, {"saved": wanted}).json["saved"] is True
    assert lina.get(f"/api/tasks/{task['id']}/saved/").json["saved"] is True
    assert lina.delete(f"/api/tasks/saved/{task['id']}/").status_code == 204
    assert lina.delete(f"/api/tasks/saved/{task['id']}/").status_code == 404
    assert lina.post("/api/tasks/999/save/").status_code == 404


@pytest.fixture
def shelf(omar):
    """Thirteen tasks that differ in words, city and budget."""
    for number in range(12):
        city = "Giza" if number % 3 else "Alexandria"
        body = {**TASK, "title": f"Paint wall {number}", "budget": 10 + number, "city": city, "category": 6}
        omar.post("/api/tasks/create/", body)
    return omar.post("/api/tasks/create/", {**TASK, "title": "100% pure_water", "category": 1}).json


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 13),
        ("search=PAINT", 12),
        ("search=wall+paint", 12),
        ("search=paint+giraffe", 0),
        ("search=100%25", 1),
        ("search=_", 1),
        ("city=gIz", 8),
        ("category=6", 12),
        ("status=open", 13),
        ("status=COMPLETED", 0),
        ("min_budget=20&max_budget=21.00", 2),
        ("min_budget=0", 13),
        ("ordering=nonsense&unknown=1", 13),
        ("search=&city=", 13),
    ],
)
def test_anybody_finds_tasks_by_words_and_filters(client, shelf, query, count):
    answer = client.get(f"/api/tasks/?{query}")
    assert (answer.status_code, answer.json["count"]) == (200, count)


@pytest.mark.parametrize(
    "query", ["status=DONE", "category=x", "min_budget=cheap", "max_budget=NaN", "category=-1", "search=%00"]
)
def test_filters_that_make_no_sense_are_named(client, query):
    answer = client.get(f"/api/tasks/?{query}")
    assert answer.status_code == 400
    assert list(answer.json) == [query.split("=")[0]]


def test_pages_link_to_each_other_and_keep_the_filters(client, shelf):
    first = client.get("/api/tasks/?search=paint&ordering=budget&page_size=5").json
    assert first["previous"] is None
    second = client.get(first["next"]).json
    third = client.get(second["next"]).json
    assert third["next"] is None
    budgets = [row["budget"] for page in (first, second, third) for row in page["results"]]
    assert budgets == [f"{10 + number}.00" for number in range(12)]
    assert client.get(third["previous"]).json == second


@pytest.mark.parametrize(
    ("query", "status", "length"),
    [
        ("page=2", 200, 3),
        ("page=3", 404, None),
        ("page=0", 404, None),
        ("page=x", 404, None),
        ("page_size=1000", 200, 13),
        ("page_size=x", 200, 10),
        ("page_size=0", 200, 10),
        ("page_size=-3", 200, 10),
    ],
)
def test_the_edges_of_pages(client, shelf, query, status, length):
    answer = client.get(f"/api/tasks/?{query}")
    assert answer.status_code == status
    if length is None:
        assert answer.json == {"detail": "Invalid page."}
    else:
        assert len(answer.json["results"]) == length


def test_categories_count_their_open_tasks(client, shelf):
    answer = client.get("/api/tasks/categories/?page_size=100").json
    assert answer["count"] == 20
    counts = {row["id"]: row["task_count"] for row in answer["results"]}
    assert (counts[1], counts[6], counts[2]) == (1, 12, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": None}, "description"),
        ({"category": 999}, "category"),
        ({"category": "one"}, "category"),
        ({"budget": 0}, "budget"),
        ({"budget": "1.234"}, "budget"),
        ({"deadline": "31/12/2024"}, "deadline"),
        ({"deadline": "20241231"}, "deadline"),
        ({"deadline": "2024-W01-1"}, "deadline"),
        ({"deadline": "2024-13-01"}, "deadline"),
        ({"deadline": 20241231}, "deadline"),
        ({"task_type": "astral"}, "task_type"),
        ({"city": "x\x00"}, "city"),
    ],
)
def test_bad_tasks_name_the_field(omar, change, field):
    answer = omar.post("/api/tasks/create/", {**TASK, **change})
    assert answer.status_code == 400
    assert list(answer.json) == [field]


def test_ids_that_no_table_can_hold_are_not_found(client):
    for number in ("0", "99999999999999999999", str(2**63), str(10**18), "1e3", "-1", "007"):
        assert client.get(f"/api/tasks/{number}/").status_code == 404
        # two routes that differ in their method alone
        assert client.put(f"/api/tasks/{number}/update/").status_code == 404
    assert client.get(f"/api/tasks/{10**18 - 1}/").json == {"detail": "Not found."}
