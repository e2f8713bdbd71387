"""The freelancers that MultiTask recommends to clients, and for a task to its owner."""

import pytest

from marketplace.domains.recommendations.service import recommend_freelancers as service
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from tests.api.multitask.test_recommended_tasks import (
    DAY_S,
    LEAKS,
    OFFER,
    PLUMBING,
    PYTHON,
    SCRAPER,
    TAP,
    has_skills,
    post,
    prefers,
)
from tests.query_count import counted_queries

URL = "/api/recommendations/freelancers/"
CLIENT_QUERIES = 17
TASK_QUERIES = 18
PRIVATE = {"email", "phone_number", "address", "password"}


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def karim(join):
    karim = join("karim", "freelancer")
    has_skills(karim, PYTHON)
    return karim


@pytest.fixture
def lina(join):
    lina = join("lina", "freelancer")
    has_skills(lina, LEAKS)
    return lina


def recommended(person, task_id=None, **query):
    url = URL if task_id is None else f"{URL}{task_id}/"
    answer = person.get(url, query_string={"page_size": 100, **query})
    assert answer.status_code == 200, answer.json
    return answer.json["results"]


def names(rows):
    return [row["username"] for row in rows]


def works_for(freelancer, client, rating=None):
    """A task done from its posting to its review."""
    task_id = post(client, TAP)
    application_id = freelancer.post(f"/api/tasks/{task_id}/apply/", OFFER).json["id"]
    assert client.post(f"/api/tasks/applications/{application_id}/accept/").status_code == 200
    assert client.post(f"/api/tasks/{task_id}/complete/").status_code == 200
    if rating:
        body = {"rating": rating, "comment": "So it was."}
        assert client.post(f"/api/tasks/{task_id}/review/", body).status_code == 201


def test_a_client_is_shown_freelancers_in_the_documented_envelope(omar, karim, lina):
    post(omar, SCRAPER)
    answer = omar.get(URL)
    assert set(answer.json) == {"count", "next", "previous", "results"}
    first = answer.json["results"][0]
    assert set(first) == {"user_id", "username", "match_score", "reason", "freelancer"}
    assert (first["user_id"], first["username"]) == (karim.user["id"], "karim")
    assert first["freelancer"]["id"] == karim.user["id"]
    assert first["freelancer"]["skills"][0]["name"] == "Python"
    assert not PRIVATE & set(first["freelancer"])
    assert 0 < first["match_score"] == round(first["match_score"], 2) <= 1
    assert first["reason"].startswith("Python")


def test_only_clients_discover_and_only_the_owner_asks_for_a_task(client, omar, karim, join):
    task_id = post(omar, TAP)
    assert client.get(URL).status_code == 401
    assert client.get(f"{URL}{task_id}/").status_code == 401
    assert karim.get(URL).status_code == 403
    for other in (karim, join("sara", "both")):
        refused = other.get(f"{URL}{task_id}/")
        assert refused.status_code == 403
        assert refused.json == {"detail": "You do not have permission to perform this action."}
    assert join("amal", "both").get(URL).status_code == 200


@pytest.mark.parametrize("task_id", ["999", "0", "-1", "nan", "9" * 30, "%00"])
def test_a_task_that_is_none_is_not_found(omar, task_id):
    assert omar.get(f"{URL}{task_id}/").status_code == 404


def test_a_deleted_task_is_not_found(omar):
    task_id = post(omar, TAP)
    omar.delete(f"/api/tasks/{task_id}/delete/")
    assert omar.get(f"{URL}{task_id}/").status_code == 404


def test_for_a_task_come_those_who_can_do_it_and_whoever_applied_is_marked(omar, karim, lina):
    task_id = post(omar, TAP, description="A leak to repair.")
    assert karim.post(f"/api/tasks/{task_id}/apply/", OFFER).status_code == 201
    rows = recommended(omar, task_id)
    assert set(rows[0]) == {"user_id", "username", "match_score", "reason", "has_applied", "freelancer"}
    assert names(rows) == ["lina", "karim"]
    assert [row["has_applied"] for row in rows] == [False, True]
    assert rows[0]["reason"].startswith("Leak repair")


def test_nobody_is_recommended_to_themselves_and_no_client_at_all(join, omar):
    sara = join("sara", "both")
    join("amal", "both")
    task_id = post(sara, TAP)
    assert names(recommended(sara)) == names(recommended(sara, task_id)) == ["amal"]


def test_who_is_gone_is_recommended_no_more(omar, karim, lina):
    post(omar, SCRAPER)
    assert names(recommended(omar)) == ["karim", "lina"]
    gone = karim.delete("/api/auth/delete-account/", {"password": "StrongPass123"})
    assert gone.status_code in {200, 204}, gone.json
    assert names(recommended(omar)) == ["lina"]
    assert lina.patch("/api/auth/profile/", {"user_type": "client"}).status_code == 200
    assert recommended(omar) == []


def test_who_leaves_while_people_are_weighed_is_not_shown(omar, karim, lina, monkeypatch):
    post(omar, SCRAPER)
    rank = service.rank_freelancers

    def rank_and_leave(need):
        ranked = rank(need)
        assert karim.delete("/api/auth/delete-account/", {"password": "StrongPass123"}).status_code == 204
        return ranked

    monkeypatch.setattr(service, "rank_freelancers", rank_and_leave)
    assert names(recommended(omar)) == ["lina"]


def test_a_client_without_a_task_sees_newcomers_and_who_has_a_good_name(omar, karim, lina, join):
    amal = join("amal", "client")
    works_for(lina, amal, rating=5)
    clock.advance(60 * DAY_S)
    join("noor", "freelancer")
    rows = recommended(omar)
    assert names(rows) == ["lina", "noor", "karim"]
    assert rows[0]["reason"] == "Rated 5.0 by 1"
    assert rows[1]["reason"] == "New here + active today"
    assert all(row["match_score"] <= 0.2 for row in rows)


def test_who_worked_well_before_comes_first(omar, karim, lina):
    works_for(lina, omar, rating=5)
    relay.sweep()
    task_id = post(omar, TAP)
    rows = recommended(omar, task_id)
    assert names(rows) == ["lina", "karim"]
    assert rows[0]["reason"].startswith("Went for similar Plumbing tasks")
    assert rows[0]["freelancer"]["completed_tasks"] == 1
    assert rows[0]["freelancer"]["average_rating"] == 5.0


def test_an_application_is_not_called_work_done(omar, karim):
    task_id = post(omar, TAP)
    bid = {"proposal": "I can.", "offered_price": "80.00"}
    assert karim.post(f"/api/tasks/{task_id}/apply/", bid).status_code == 201
    relay.sweep()
    (row,) = recommended(omar, task_id)
    assert (row["has_applied"], row["reason"]) == (True, "Went for similar Plumbing tasks")


def test_one_bad_review_leaves_somebody_behind_a_newcomer(omar, karim, lina, join):
    works_for(lina, join("amal", "client"), rating=1)
    assert names(recommended(omar))[-1] == "lina"


def test_who_lives_nearby_comes_first_for_work_on_site_only(omar, karim, lina):
    prefers(karim, preferred_cities=["Giza"])
    prefers(lina, preferred_cities=["Alexandria"])
    on_site = post(omar, {**TAP, "title": "Carry a piano", "description": "Two floors.", "category": 2})
    rows = recommended(omar, on_site)
    assert names(rows) == ["karim", "lina"]
    assert rows[0]["reason"].startswith("Near Cairo")
    assert "ear Cairo" not in rows[1]["reason"]


def test_who_looks_for_such_work_and_such_prices_comes_first(omar, karim, lina):
    prefers(karim, min_budget="500.00", preferred_categories=[PLUMBING])
    prefers(lina, min_budget="20.00", preferred_categories=[PLUMBING])
    rows = recommended(omar, post(omar, {**TAP, "title": "A pipe", "description": "It is blocked."}))
    assert names(rows) == ["lina", "karim"]
    assert rows[0]["reason"].startswith("Looks for Plumbing")


def test_pages_count_what_they_show_and_the_order_is_the_score(omar, join):
    for number in range(12):
        join(f"person{number:02}", "freelancer")
    task_id = post(omar, TAP)
    for url in (URL, f"{URL}{task_id}/"):
        first, second = (omar.get(url, query_string={"page": page}).json for page in (1, 2))
        assert first["count"] == second["count"] == 12
        rows = first["results"] + second["results"]
        assert len({row["user_id"] for row in rows}) == 12
        order = [(row["match_score"], row["user_id"]) for row in rows]
        assert order == sorted(order, reverse=True)
        assert omar.get(url, query_string={"page": 3}).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_people(omar, join):
    task_id = post(omar, TAP)
    counts = {}
    for number in range(2):
        for name in range(6):
            has_skills(join(f"person{number}{name}", "freelancer"), LEAKS)
        for asked in (None, task_id):
            with counted_queries() as queries:
                assert recommended(omar, asked)
            counts.setdefault(asked, []).append(len(queries))
    assert counts == {None: [CLIENT_QUERIES] * 2, task_id: [TASK_QUERIES] * 2}
