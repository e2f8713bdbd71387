"""The tasks that MultiTask recommends to freelancers."""

from datetime import timedelta

import pytest

from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from tests.query_count import counted_queries

QUERIES = 14
URL = "/api/recommendations/tasks/"
DAY_S = 86_400
PYTHON, SQL, LEAKS = 93, 94, 26
DATA, PLUMBING, WEB = 13, 4, 2
SCRAPER = {
    "title": "Python script that reads a web shop",
    "description": "Every price once a day into a PostgreSQL table.",
    "category": DATA,
    "budget": "150.00",
    "task_type": "digital",
}
TAP = {
    "title": "Fix a leaking kitchen tap",
    "description": "It drips all night. Please bring seals.",
    "category": PLUMBING,
    "budget": "45.00",
    "city": "Cairo",
    "task_type": "physical",
}
OFFER = {"proposal": "I can", "offered_price": "90.00"}


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def lina(join):
    return join("lina", "freelancer")


def post(client, task, **changes):
    answer = client.post("/api/tasks/create/", {**task, **changes})
    assert answer.status_code == 201, answer.json
    return answer.json["id"]


def has_skills(person, *skill_ids):
    assert person.post("/api/recommendations/skills/update/", {"skills": skill_ids}).status_code == 200


def prefers(person, **preferences):
    assert person.put("/api/recommendations/preferences/", preferences).status_code == 200


def recommended(person, **query):
    answer = person.get(URL, query_string={"page_size": 100, **query})
    assert answer.status_code == 200, answer.json
    return answer.json["results"]


def found(person):
    return [row["task_id"] for row in recommended(person)]


def row_of(person, task_id):
    return next(row for row in recommended(person) if row["task_id"] == task_id)


def test_the_documented_shape_in_the_envelope_of_every_list(omar, lina):
    has_skills(lina, PYTHON, SQL)
    task_id = post(omar, SCRAPER)
    answer = lina.get(URL)
    assert answer.status_code == 200
    assert set(answer.json) == {"count", "next", "previous", "results"}
    (row,) = answer.json["results"]
    assert set(row) == {"task_id", "match_score", "reason", "task"}
    assert row["task_id"] == row["task"]["id"] == task_id
    assert isinstance(row["match_score"], float)
    assert 0 < row["match_score"] <= 1
    assert row["match_score"] == round(row["match_score"], 2)
    assert row["reason"].startswith("Python")
    seen = lina.get(f"/api/tasks/{task_id}/").json
    assert row["task"] == seen
    assert "address" not in row["task"]


def test_only_freelancers_are_shown_tasks(client, omar, join):
    assert client.get(URL).status_code == 401
    assert omar.get(URL).status_code == 403
    assert join("sara", "both").get(URL).status_code == 200


def test_what_fits_the_skills_comes_first_and_says_so(omar, lina):
    has_skills(lina, LEAKS)
    scraper, tap = post(omar, SCRAPER), post(omar, TAP, description="A leak to repair.")
    newer = post(omar, SCRAPER, title="Another scraper")
    assert found(lina) == [tap, newer, scraper]
    assert row_of(lina, tap)["reason"].startswith("Leak repair")
    has_skills(lina, PYTHON)
    assert found(lina)[0] == scraper


def test_only_open_tasks_of_others_to_which_one_has_not_applied(omar, lina, join):
    sara = join("sara", "both")
    own, applied, cancelled, deleted, started, left = (
        post(owner, TAP) for owner in (sara, omar, omar, omar, omar, omar)
    )
    assert sara.post(f"/api/tasks/{applied}/apply/", OFFER).status_code == 201
    assert omar.post(f"/api/tasks/{cancelled}/cancel/").status_code == 200
    assert omar.delete(f"/api/tasks/{deleted}/delete/").status_code in {200, 204}
    application_id = lina.post(f"/api/tasks/{started}/apply/", OFFER).json["id"]
    assert omar.post(f"/api/tasks/applications/{application_id}/accept/").status_code == 200
    assert found(sara) == [left]
    assert set(found(lina)) == {own, applied, left}


def test_a_newcomer_sees_the_newest_tasks_with_low_scores_and_an_honest_reason(omar, lina):
    older = post(omar, SCRAPER)
    clock.advance(3 * DAY_S)
    newer = post(omar, TAP)
    rows = recommended(lina)
    assert [(row["task_id"], row["reason"]) for row in rows] == [
        (newer, "Posted today"),
        (older, "Posted 3 days ago"),
    ]
    assert all(row["match_score"] <= 0.2 for row in rows)


def test_an_old_task_of_which_nothing_speaks_is_shown_all_the_same(omar, lina):
    task_id = post(omar, SCRAPER)
    clock.advance(400 * DAY_S)
    assert found(lina) == [task_id]
    assert row_of(lina, task_id)["match_score"] == 0


def test_highest_first_and_the_newest_of_equals(omar, lina):
    has_skills(lina, PYTHON)
    for number in range(8):
        post(omar, SCRAPER if number % 3 else TAP, title=f"Task {number}")
    rows = recommended(lina)
    order = [(row["match_score"], row["task"]["created_at"], row["task_id"]) for row in rows]
    assert order == sorted(order, reverse=True)
    assert recommended(lina) == rows


def test_pages_count_what_they_show(omar, lina):
    ids = {post(omar, TAP, title=f"Task {number}") for number in range(12)}
    first = lina.get(URL).json
    second = lina.get(URL, query_string={"page": 2}).json
    assert (first["count"], len(first["results"]), len(second["results"])) == (12, 10, 2)
    assert first["next"].endswith("page=2")
    assert second["next"] is None
    assert {row["task_id"] for row in first["results"] + second["results"]} == ids
    assert lina.get(URL, query_string={"page": 3}).status_code == 404
    assert lina.get(URL, query_string={"page": "nan"}).status_code == 404
    assert len(recommended(lina, page_size=1000)) == 12


def test_no_tasks_is_an_empty_page(lina):
    assert lina.get(URL).json == {"count": 0, "next": None, "previous": None, "results": []}


def test_what_somebody_did_speaks_for_what_is_like_it(omar, lina):
    before = post(omar, SCRAPER, title="Python report from a database", category=WEB)
    like, tap = post(omar, SCRAPER, category=WEB), post(omar, TAP)
    assert lina.post(f"/api/tasks/{before}/apply/", OFFER).status_code == 201
    relay.sweep()
    assert found(lina) == [like, tap]
    row = row_of(lina, like)
    assert row["match_score"] > row_of(lina, tap)["match_score"] + 0.2
    assert row["reason"] == "Like Web Development tasks you chose before"


def test_saving_a_task_says_something_too_and_fades(omar, lina):
    saved = post(omar, SCRAPER)
    like = post(omar, SCRAPER, title="Scrape a second shop with Python")
    assert lina.post(f"/api/tasks/{saved}/save/", {"saved": True}).status_code == 200
    relay.sweep()
    at_once = row_of(lina, like)["match_score"]
    clock.advance(200 * DAY_S)
    has_skills(lina)
    assert 0 < row_of(lina, like)["match_score"] < at_once


def test_work_elsewhere_comes_after_work_nearby_and_after_work_from_anywhere(omar, lina):
    prefers(lina, preferred_cities=["Cairo"], preferred_categories=[PLUMBING])
    far = post(omar, TAP, city="Alexandria")
    remote = post(omar, TAP, city="", task_type="digital")
    neighbour = post(omar, TAP, city="Giza")
    here = post(omar, TAP, city="cairo")
    assert found(lina) == [here, neighbour, remote, far]
    assert row_of(lina, here)["reason"] == "Plumbing, as you prefer + in cairo + posted today"


def test_a_price_below_what_is_looked_for_comes_last(omar, lina):
    prefers(lina, min_budget="100.00", preferred_categories=[PLUMBING])
    cheap, fair = post(omar, TAP, budget="20.00"), post(omar, TAP, budget="120.00")
    assert found(lina) == [fair, cheap]
    assert "within your budget" in row_of(lina, fair)["reason"]
    assert "budget" not in row_of(lina, cheap)["reason"]


def test_a_sort_of_work_that_is_not_looked_for_comes_last(omar, lina):
    prefers(lina, task_types=["digital"], preferred_categories=[PLUMBING])
    remote, on_site = post(omar, TAP, city="", task_type="digital"), post(omar, TAP)
    assert found(lina) == [remote, on_site]
    assert "remote work" in row_of(lina, remote)["reason"]


def test_a_task_whose_day_has_passed_comes_last(omar, lina):
    today = clock.now().date()
    ahead = post(omar, TAP, deadline=str(today + timedelta(days=3)))
    passed = post(omar, TAP, deadline=str(today - timedelta(days=3)))
    assert found(lina) == [ahead, passed]


def test_a_task_that_is_changed_is_found_by_what_it_says_now(omar, lina):
    has_skills(lina, PYTHON)
    task_id, other = post(omar, TAP), post(omar, TAP)
    assert found(lina) == [other, task_id]
    changed = {key: SCRAPER[key] for key in ("title", "description", "category")}
    assert omar.patch(f"/api/tasks/{task_id}/update/", changed).status_code == 200
    assert found(lina) == [task_id, other]


def test_the_rating_of_a_client_is_named_where_it_says_most(omar, lina, join):
    tap = post(omar, TAP)
    application_id = lina.post(f"/api/tasks/{tap}/apply/", OFFER).json["id"]
    omar.post(f"/api/tasks/applications/{application_id}/accept/")
    omar.post(f"/api/tasks/{tap}/complete/")
    assert lina.post(f"/api/tasks/{tap}/review/", {"rating": 5, "comment": "Fair."}).status_code == 201
    post(omar, SCRAPER)
    clock.advance(60 * DAY_S)
    (row,) = recommended(join("karim", "freelancer"))
    assert row["reason"] == "Client rated 5.0"


def test_the_number_of_queries_does_not_grow_with_the_tasks(omar, lina):
    has_skills(lina, PYTHON)
    post(omar, SCRAPER)
    post(omar, TAP)
    prefers(lina, preferred_cities=["Cairo"])
    counts = []
    for _ in range(2):
        with counted_queries() as queries:
            assert recommended(lina)
        counts.append(len(queries))
        for number in range(15):
            post(omar, SCRAPER if number % 2 else TAP, title=f"Task {number}")
    assert counts == [QUERIES, QUERIES]
