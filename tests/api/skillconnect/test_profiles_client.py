"""What clients say of themselves."""

import pytest

from tests.api.skillconnect.members import (
    CLIENT,
    CLIENT_ME,
    CLIENTS,
    JANE,
    LEAST_CLIENT,
    member,
)

PRIVATE = {
    "payment_method",
    "payment_timing",
    "monthly_budget",
    "project_budget",
    "current_challenges",
    "previous_experiences",
}
NO_NAME = {"company_name": ["Company name is required for business accounts."]}


@pytest.fixture
def jane(client):
    return member(client, "jane", "client")


@pytest.fixture
def set_up(jane):
    """Jane, who has a profile."""
    assert jane.post(CLIENT, JANE).status_code == 201
    return jane


def test_a_profile_is_made_and_read_as_the_document_has_it(jane, client):
    answer = jane.post(CLIENT, JANE)
    assert answer.status_code == 201
    shown = answer.json
    moments = {"created_at": shown["created_at"], "updated_at": shown["updated_at"]}
    assert shown == {"id": 1, "user": jane.user["id"], "profile_picture": None, **JANE, **moments}
    assert moments["created_at"].endswith("Z")
    assert moments["created_at"] == moments["updated_at"]
    assert jane.get(CLIENT_ME).json == shown
    public = client.get(f"{CLIENTS}{shown['id']}/").json
    assert public == {
        "name": "Jane Smith",
        **{name: value for name, value in shown.items() if name not in PRIVATE},
    }


def test_amounts_are_numbers_whole_where_they_are(set_up):
    raw = set_up.patch(CLIENT_ME, {"monthly_budget": 75000, "project_budget": "10.50"}).text
    assert '"monthly_budget":75000,' in raw
    assert '"project_budget":10.5,' in raw
    assert set_up.patch(CLIENT_ME, {"monthly_budget": 0}).json["monthly_budget"] == 0
    emptied = set_up.patch(CLIENT_ME, {"monthly_budget": None, "project_budget": None}).json
    assert (emptied["monthly_budget"], emptied["project_budget"]) == (None, None)
    assert set_up.patch(CLIENT_ME, {"project_budget": 1}).json["project_budget"] == 1


def test_a_private_person_says_little(jane):
    shown = jane.post(CLIENT, LEAST_CLIENT).json
    assert (shown["account_type"], shown["company_name"], shown["website"]) == ("individual", "", None)
    assert {shown[name] for name in ("industry", "budget_range", "payment_method", "country")} == {""}
    assert shown["monthly_budget"] is None


def test_nobody_has_two(set_up):
    again = set_up.post(CLIENT, JANE)
    told = {"non_field_errors": ["Profile already exists for this user"]}
    assert (again.status_code, again.json) == (400, told)


@pytest.mark.parametrize("method", ["get", "put", "patch"])
def test_what_is_not_there_is_not_found(jane, method):
    body = {} if method == "get" else {"body": JANE}
    answer = getattr(jane, method)(CLIENT_ME, **body)
    assert (answer.status_code, answer.json) == (404, {"detail": "Profile not found."})


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", CLIENT), ("get", CLIENT_ME), ("put", CLIENT_ME), ("patch", CLIENT_ME)],
)
def test_a_freelancer_has_no_profile_as_a_client(client, method, path):
    body = {} if method == "get" else {"body": JANE}
    john = member(client, "john", "freelancer")
    assert getattr(john, method)(path, **body).status_code == 403
    assert getattr(client, method)(path, **body).status_code == 401


@pytest.mark.parametrize("field", ["first_name", "last_name", "account_type"])
def test_some_fields_are_needed_to_make_and_to_replace_a_profile(jane, field):
    body = {name: JANE[name] for name in JANE if name != field}
    told = {field: ["This field is required."]}
    assert (jane.post(CLIENT, body).status_code, jane.post(CLIENT, body).json) == (400, told)
    jane.post(CLIENT, JANE)
    assert jane.put(CLIENT_ME, body).json == told


@pytest.mark.parametrize("name", ["", "  ", None])
def test_a_firm_has_a_name(jane, name):
    body = {**JANE, "company_name": name}
    answer = jane.post(CLIENT, body)
    assert (answer.status_code, answer.json) == (400, NO_NAME)
    assert jane.get(CLIENT_ME).status_code == 404
    assert jane.post(CLIENT, {key: body[key] for key in body if key != "company_name"}).json == NO_NAME


def test_a_firm_keeps_a_name(set_up):
    assert set_up.patch(CLIENT_ME, {"company_name": ""}).json == NO_NAME
    body = {key: JANE[key] for key in JANE if key != "company_name"}
    assert set_up.put(CLIENT_ME, body).json == NO_NAME
    assert set_up.get(CLIENT_ME).json["company_name"] == "TechStart Inc"
    private = set_up.patch(CLIENT_ME, {"account_type": "individual", "company_name": ""})
    assert private.status_code == 200
    assert set_up.patch(CLIENT_ME, {"account_type": "business"}).json == NO_NAME
    firm = set_up.patch(CLIENT_ME, {"account_type": "Business", "company_name": "Smith & Co"}).json
    assert (firm["account_type"], firm["company_name"]) == ("business", "Smith & Co")


def test_a_part_is_changed_and_the_rest_stays(set_up):
    before = set_up.get(CLIENT_ME).json
    body = {"company_description": "Updated description", "monthly_budget": 75000}
    after = set_up.patch(CLIENT_ME, body).json
    assert after == {**before, **body, "updated_at": after["updated_at"]}
    assert set_up.get(CLIENT_ME).json == after


def test_replacing_a_profile_takes_away_what_is_left_out(set_up):
    shown = set_up.put(CLIENT_ME, LEAST_CLIENT).json
    assert (shown["first_name"], shown["country"], shown["location"]) == ("Omar", "", "")
    assert (shown["company_name"], shown["website"], shown["monthly_budget"]) == ("", None, None)
    assert set_up.put(CLIENT_ME, JANE).json["monthly_budget"] == 50000


def test_what_was_read_may_be_sent_back(set_up):
    before = set_up.get(CLIENT_ME).json
    after = set_up.put(CLIENT_ME, before).json
    assert after == {**before, "updated_at": after["updated_at"]}


@pytest.mark.parametrize(
    "body",
    [
        {"account_type": "enterprise"},
        {"account_type": None},
        {"monthly_budget": -1},
        {"monthly_budget": "much"},
        {"monthly_budget": 1.005},
        {"project_budget": 10**16},
        {"project_budget": True},
        {"website": "techstart"},
        {"company_name": "x" * 201},
        {"business_goals": "x" * 5001},
        {"industry": 5},
        {"last_name": ""},
        {"profile_picture": "<file>"},
    ],
)
def test_nonsense_is_refused_on_its_field_and_changes_nothing(set_up, body):
    before = set_up.get(CLIENT_ME).json
    answer = set_up.patch(CLIENT_ME, {**body, "country": "Nepal"})
    assert (answer.status_code, list(answer.json)) == (400, list(body))
    assert set_up.get(CLIENT_ME).json == before


def test_the_whole_document_example_may_come_as_a_form(jane):
    form = {name: str(value) for name, value in JANE.items()}
    shown = jane.send_form("POST", CLIENT, **form).json
    assert {name: shown[name] for name in JANE} == JANE
