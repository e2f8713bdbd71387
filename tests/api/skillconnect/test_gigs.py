"""Services and projects: posting, changing, finding, taking off the market."""

import pytest

from marketplace.domains.accounts.public import Role
from tests.api.skillconnect.conftest import PROPOSAL, SERVICE
from tests.client import sent_file
from tests.factories import pictures
from tests.query_count import counted_queries

BASE = "/api/v1/gigs"
FORBIDDEN = {"detail": "You do not have permission to perform this action."}
NOT_FOUND = {"detail": "Not found."}


def found(who, path, query=""):
    answer = who.get(f"{BASE}/{path}/?{query}")
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json["results"]]


def test_a_service_is_answered_as_it_was_sent(john, service):
    assert service == {
        "id": service["id"],
        "title": "Website Design",
        "description": "Beautiful portfolio website built with React & Django.",
        "category": {"id": 2, "name": "Web Development"},
        "skills_output": [{"id": 75, "name": "React"}, {"id": 81, "name": "Django"}],
        "freelancer": {
            "id": john.user["id"],
            "profile_id": None,
            "name": "john",
            "title": "",
            "location": "",
            "profile_picture": None,
        },
        "price": 25000,
        "delivery_time": 10,
        "revisions": 3,
        "image": None,
        "is_featured": False,
        "is_active": True,
        "created_at": service["created_at"],
        "updated_at": service["created_at"],
    }
    assert john.get(f"{BASE}/services/").json == [service]


def test_a_project_is_answered_as_it_was_sent(jane, proposal):
    skills = proposal["skills_output"]
    assert [skill["name"] for skill in skills] == ["UI/UX", "React"]
    sent = {name: value for name, value in PROPOSAL.items() if name not in {"category_id", "skills_input"}}
    assert sent.items() <= proposal.items()
    assert proposal["required_skills"] == skills
    assert proposal["client"]["name"] == "jane"
    assert (proposal["applied_freelancers"], proposal["selected_freelancer"]) == ([], None)
    assert (proposal["status"], proposal["is_active"]) == ("open", True)
    assert jane.get(f"{BASE}/proposals/").json == [proposal]


def test_roles_keep_to_their_side(john, jane, client):
    for who, path, body in [(jane, "services", SERVICE), (john, "proposals", PROPOSAL)]:
        for answer in (who.post(f"{BASE}/{path}/", body), who.get(f"{BASE}/{path}/")):
            assert (answer.status_code, answer.json) == (403, FORBIDDEN)
    assert client.get(f"{BASE}/services/").status_code == 401
    assert client.get(f"{BASE}/explore-services/").status_code == 401


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"skills_input": ["Python"]}, {"skills_input": ["Invalid skills format."]}),
        ({"skills_input": "Python"}, {"skills_input": ["Invalid skills format."]}),
        ({"skills_input": [{"name": " "}]}, {"skills_input": ["Invalid skills format."]}),
        ({"skills_input": [{"name": "x" * 101}]}, {"skills_input": ["Invalid skills format."]}),
        ({"skills_input": None}, {"skills_input": ["Invalid skills format."]}),
        ({"category_id": 99}, {"category_id": ['Invalid pk "99" - object does not exist.']}),
        ({"price": 0}, {"price": ["Ensure this value is greater than 0."]}),
        ({"price": 1.005}, {"price": ["Ensure that there are no more than 2 decimal places."]}),
        ({"delivery_time": 0}, {"delivery_time": ["Ensure this value is greater than or equal to 1."]}),
        ({"revisions": -1}, {"revisions": ["Ensure this value is greater than or equal to 0."]}),
        ({"is_active": "yes"}, {"is_active": ["Must be a valid boolean."]}),
        (
            {"image": "a picture"},
            {"image": ["The submitted data was not a file. Check the encoding type on the form."]},
        ),
    ],
)
def test_a_service_that_makes_no_sense_is_refused_by_its_field(john, service, change, told):
    for answer in (
        john.post(f"{BASE}/services/", {**SERVICE, **change}),
        john.patch(f"{BASE}/services/{service['id']}/", change),
    ):
        assert (answer.status_code, answer.json) == (400, told)
    assert john.get(f"{BASE}/services/").json == [service]


@pytest.mark.parametrize("text", ["Python, Django", "[{", '["Python"]', '"Python"', "[[]]"])
def test_skills_in_a_form_are_refused_in_the_same_words(john, service, text):
    answer = john.send_form("PATCH", f"{BASE}/services/{service['id']}/", skills_input=text)
    assert (answer.status_code, answer.json) == (400, {"skills_input": ["Invalid skills format."]})
    assert john.get(f"{BASE}/services/").json == [service]


def test_a_budget_that_ends_before_it_begins_is_refused(jane, proposal):
    told = {"budget_max": ["The upper end may not be below the lower one."]}
    assert jane.post(f"{BASE}/proposals/", {**PROPOSAL, "budget_min": 30001}).json == told
    for change in ({"budget_max": 9999}, {"budget_min": 30001}):
        answer = jane.patch(f"{BASE}/proposals/{proposal['id']}/", change)
        assert (answer.status_code, answer.json) == (400, told)
    moved = {"budget_min": 50000, "budget_max": 60000.5}
    assert moved.items() <= jane.put(f"{BASE}/proposals/{proposal['id']}/", moved).json.items()


def test_a_change_leaves_the_rest_as_it_is(john, service):
    path = f"{BASE}/services/{service['id']}/"
    change = {"title": "Updated Website Design", "skills_input": [{"name": "next.js"}, {"name": "Next.js "}]}
    changed = john.put(path, change).json
    assert [skill["name"] for skill in changed["skills_output"]] == ["next.js"]
    kept = {name: service[name] for name in service.keys() - {"title", "skills_output", "updated_at"}}
    assert kept.items() <= changed.items()
    assert john.patch(path, {"skills_input": []}).json["skills_output"] == []
    assert john.patch(path, {"price": 999.5}).json["price"] == 999.5


def test_a_picture_comes_by_form_and_goes_by_null(john, client):
    form = {
        **{name: SERVICE[name] for name in ("title", "description", "category_id", "price", "delivery_time")},
        "skills_input": '[{"name": "Python"}]',
        "image": sent_file(pictures.picture(), "design.png"),
    }
    answer = john.send_form("POST", f"{BASE}/services/", **form)
    assert answer.status_code == 201, answer.text
    path = answer.json["image"]
    assert client.get(path).status_code == 200
    service = f"{BASE}/services/{answer.json['id']}/"
    assert john.patch(service, {"title": "Another"}).json["image"] == path
    again = john.send_form("PATCH", service, image=sent_file(pictures.picture(), "other.png")).json["image"]
    assert again != path
    assert client.get(path).status_code == 404
    assert john.patch(service, {"image": None}).json["image"] is None
    assert client.get(again).status_code == 404
    hostile = john.send_form("PATCH", service, image=sent_file(b"<svg onload=alert(1)>", "x.png"))
    assert hostile.status_code == 400
    assert set(hostile.json) == {"image"}


def test_what_another_offers_is_not_there(enter, jane, service, proposal):
    other, rival = enter("other", Role.FREELANCER), enter("rival", Role.CLIENT)
    for who, path in [(other, f"services/{service['id']}"), (rival, f"proposals/{proposal['id']}")]:
        for method in (who.put, who.patch, who.delete):
            answer = method(f"{BASE}/{path}/", {"title": "Mine"})
            assert (answer.status_code, answer.json) == (404, NOT_FOUND)
        assert who.get(f"{BASE}/{path}/").status_code == 405
    # a project is no service, whoever asks
    assert jane.delete(f"{BASE}/proposals/{service['id']}/").status_code == 404
    assert jane.get(f"/api/tasks/{service['id']}/").status_code == 404


def test_what_is_deleted_is_gone(john, service, jane):
    path = f"{BASE}/services/{service['id']}/"
    answer = john.delete(path)
    assert (answer.status_code, answer.data) == (204, b"")
    assert john.delete(path).status_code == 404
    assert john.patch(path, {"title": "x"}).status_code == 404
    assert john.get(f"{BASE}/services/").json == []
    assert found(jane, "explore-services") == []
    order = jane.post(f"{BASE}/service-orders/", {"service_id": service["id"]})
    assert order.json == {"service_id": ["Service not found or not available."]}


@pytest.fixture
def market(john, jane):
    """Three services and three projects."""
    for title, price, days, skill in [
        ("Alpha", 100, 3, "React"),
        ("Beta", 200, 10, "Django"),
        ("Gamma", 300, 30, "Vue.js"),
    ]:
        name = [{"name": skill}]
        service = {**SERVICE, "title": title, "price": price, "delivery_time": days, "skills_input": name}
        assert john.post(f"{BASE}/services/", service).status_code == 201
        budget = {"budget_min": price, "budget_max": 500 - price, "timeline_days": days}
        project = {**PROPOSAL, "title": title, **budget, "skills_input": name}
        answer = jane.post(f"{BASE}/proposals/", project)
        assert (answer.status_code == 201) == (price < 300)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", "Gamma Beta Alpha"),
        ("ordering=price", "Alpha Beta Gamma"),
        ("ordering=-price", "Gamma Beta Alpha"),
        ("ordering=created_at", "Alpha Beta Gamma"),
        ("ordering=nonsense", "Gamma Beta Alpha"),
        ("min_price=200", "Gamma Beta"),
        ("max_price=200", "Beta Alpha"),
        ("min_price=150&max_price=250", "Beta"),
        ("delivery_time=10", "Beta Alpha"),
        ("skills=rea", "Alpha"),
        ("skills=VUE, djan", "Gamma Beta"),
        ("search=beta", "Beta"),
        ("search=django%20beta", "Beta"),
        ("search=web%20development", "Gamma Beta Alpha"),
        ("search=react%20alpha", "Alpha"),
        ("search=gmama", "Gamma"),
        ("category=2", "Gamma Beta Alpha"),
        ("category=&min_price=&skills=&search=&ordering=", "Gamma Beta Alpha"),
        ("category=3", ""),
    ],
)
def test_services_are_found(jane, market, query, titles):
    assert found(jane, "explore-services", query) == titles.split()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", "Beta Alpha"),
        ("ordering=budget", "Alpha Beta"),
        ("ordering=-budget", "Alpha Beta"),
        ("min_budget=350", "Alpha"),
        ("max_budget=150", "Alpha"),
        ("min_budget=250&max_budget=260", "Beta Alpha"),
        ("delivery_time=3", "Alpha"),
    ],
)
def test_projects_are_found(john, market, query, titles):
    assert found(john, "explore-proposals", query) == titles.split()


@pytest.mark.parametrize("name", ["min_price", "max_price", "delivery_time", "category"])
def test_a_filter_that_is_no_number_is_refused_by_its_name(jane, name):
    answer = jane.get(f"{BASE}/explore-services/?{name}=many")
    assert (answer.status_code, answer.json) == (400, {name: ["A valid integer is required."]})


def test_what_is_hidden_is_shown_to_its_owner_alone(john, jane, service):
    john.patch(f"{BASE}/services/{service['id']}/", {"is_active": False, "is_featured": True})
    assert found(jane, "explore-services") == []
    (own,) = john.get(f"{BASE}/services/").json
    assert (own["is_active"], own["is_featured"]) == (False, True)
    order = jane.post(f"{BASE}/service-orders/", {"service_id": service["id"]})
    assert order.json == {"service_id": ["Service not found or not available."]}


def test_pages_are_of_six_and_link_to_each_other(john, jane):
    for number in range(7):
        john.post(f"{BASE}/services/", {**SERVICE, "title": f"Service {number}"})
    page = jane.get(f"{BASE}/explore-services/?ordering=created_at").json
    assert (page["count"], len(page["results"]), page["previous"]) == (7, 6, None)
    last = jane.get(page["next"].partition("://")[2].partition("/")[2].join(["/", ""])).json
    assert [item["title"] for item in last["results"]] == ["Service 6"]
    beyond = jane.get(f"{BASE}/explore-services/?page=3")
    assert (beyond.status_code, beyond.json) == (404, {"detail": "Invalid page."})


def test_a_list_costs_the_same_however_long_it_is(john, jane):
    costs = set()
    for number in range(6):
        john.post(f"{BASE}/services/", {**SERVICE, "title": f"Service {number}"})
        with counted_queries() as queries:
            assert jane.get(f"{BASE}/explore-services/?search=website").status_code == 200
        costs.add(len(queries))
    assert len(costs) == 1
