"""What freelancers say of themselves."""

import json
from datetime import timedelta

import pytest

from marketplace.domains.profiles.events import SkillsReplaced
from marketplace.kernel.clock import clock
from tests.api.skillconnect.members import (
    CLIENT,
    CLIENT_ME,
    FREELANCER,
    FREELANCER_ME,
    FREELANCERS,
    JOHN,
    LEAST,
    member,
    names,
)
from tests.facts import facts_of
from tests.query_count import counted_queries

LISTS = ("educations", "experiences", "languages", "portfolios")
REQUIRED = ["This field is required."]


@pytest.fixture
def john(client):
    return member(client, "john", "freelancer")


@pytest.fixture
def jane(client):
    return member(client, "jane", "client")


@pytest.fixture
def set_up(john):
    """John, who has a profile."""
    assert john.post(FREELANCER, JOHN).status_code == 201
    return john


def without_ids(entries, **more):
    return [{key: entry[key] for key in entry if key != "id"} | more for entry in entries]


def test_a_profile_is_made_and_read_as_the_document_has_it(john, client):
    answer = john.post(FREELANCER, JOHN)
    assert answer.status_code == 201
    shown = answer.json
    assert set(shown) == {
        *("id", "user", "first_name", "last_name", "profile_picture", "about", "age", "country"),
        *("location", "is_available", "created_at", "updated_at", "skills_output", "educations_output"),
        *("experiences_output", "languages_output", "portfolios_output", "social_links_output"),
        "verification_output",
    }
    plain = ("first_name", "last_name", "about", "age", "country", "location", "is_available")
    assert {name: shown[name] for name in plain} == {name: JOHN[name] for name in plain}
    assert (shown["id"], shown["user"], shown["profile_picture"]) == (1, john.user["id"], None)
    assert names(shown["skills_output"]) == ["Python", "Django"]
    for name in ("educations", "experiences"):
        sent = [{**entry, "certificate": None} for entry in JOHN[f"{name}_input"]]
        assert without_ids(shown[f"{name}_output"]) == sent
    for name in ("languages", "portfolios"):
        assert without_ids(shown[f"{name}_output"]) == JOHN[f"{name}_input"]
    for name in ("social_links", "verification"):
        assert shown[f"{name}_output"] == JOHN[f"{name}_input"]
    assert shown["created_at"] == shown["updated_at"]
    assert shown["created_at"].endswith("Z")
    assert john.get(FREELANCER_ME).json == shown
    public = client.get(f"{FREELANCERS}{shown['id']}/").json
    assert public == {
        **shown,
        "name": "John Doe",
        "title": "Senior Developer",
        "rating": 0,
        "review_count": 0,
    }


def test_the_least_that_is_said_makes_a_profile(john):
    shown = john.post(FREELANCER, LEAST).json
    assert names(shown["skills_output"]) == ["Sewing"]
    assert (shown["about"], shown["age"], shown["country"], shown["location"]) == ("", None, "", "")
    assert shown["is_available"] is True
    assert [shown[f"{name}_output"] for name in LISTS] == [[]] * 4
    assert set(shown["social_links_output"].values()) == {None}


def test_nobody_has_two(set_up):
    again = set_up.post(FREELANCER, JOHN)
    told = {"non_field_errors": ["Profile already exists for this user"]}
    assert (again.status_code, again.json) == (400, told)


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", FREELANCER), ("get", FREELANCER_ME), ("put", FREELANCER_ME), ("patch", FREELANCER_ME)],
)
def test_a_client_has_no_profile_as_a_freelancer(jane, client, method, path):
    body = {} if method == "get" else {"body": JOHN}
    refused = getattr(jane, method)(path, **body)
    told = {"detail": "You do not have permission to perform this action."}
    assert (refused.status_code, refused.json) == (403, told)
    assert getattr(client, method)(path, **body).status_code == 401


@pytest.mark.parametrize("method", ["get", "put", "patch"])
def test_what_is_not_there_is_not_found(john, method):
    body = {} if method == "get" else {"body": JOHN}
    answer = getattr(john, method)(FREELANCER_ME, **body)
    assert (answer.status_code, answer.json) == (404, {"detail": "Profile not found."})


@pytest.mark.parametrize("field", ["first_name", "last_name", "skills_input"])
def test_some_fields_are_needed_to_make_and_to_replace_a_profile(john, field):
    body = {name: JOHN[name] for name in JOHN if name != field}
    answer = john.post(FREELANCER, body)
    assert (answer.status_code, answer.json) == (400, {field: REQUIRED})
    john.post(FREELANCER, JOHN)
    answer = john.put(FREELANCER_ME, body)
    assert (answer.status_code, answer.json) == (400, {field: REQUIRED})


def test_a_part_is_changed_and_the_rest_stays(set_up, monkeypatch):
    before = set_up.get(FREELANCER_ME).json
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    body = {
        "about": "Updated bio with new skills",
        "is_available": False,
        "skills_input": [{"name": "React"}, {"name": "Node.js"}],
    }
    answer = set_up.patch(FREELANCER_ME, body)
    assert answer.status_code == 200
    after = answer.json
    assert names(after["skills_output"]) == ["React", "Node.js"]
    assert (after["about"], after["is_available"]) == (body["about"], False)
    assert after["updated_at"] > before["updated_at"]
    changed = {"skills_output", "about", "is_available", "updated_at"}
    assert {name: after[name] for name in after if name not in changed} == {
        name: before[name] for name in before if name not in changed
    }
    assert set_up.get(FREELANCER_ME).json == after


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_sent_replaces_the_one_that_is_there(set_up, name):
    before = set_up.get(FREELANCER_ME).json[f"{name}_output"]
    same = JOHN[f"{name}_input"]
    after = set_up.patch(FREELANCER_ME, {f"{name}_input": [*same, *same]}).json[f"{name}_output"]
    assert without_ids(after) == without_ids([*before, *before])
    assert [entry["id"] for entry in after] == sorted({entry["id"] for entry in after})
    assert {entry["id"] for entry in after}.isdisjoint({entry["id"] for entry in before})
    assert set_up.patch(FREELANCER_ME, {f"{name}_input": []}).json[f"{name}_output"] == []


def test_what_was_read_may_be_sent_back(set_up):
    before = set_up.get(FREELANCER_ME).json
    body = {f"{name}_input": before[f"{name}_output"] for name in ("skills", *LISTS, "social_links")}
    body |= {name: before[name] for name in before if not name.endswith("_output")}
    after = set_up.put(FREELANCER_ME, body).json
    for name in ("educations", "experiences", "languages", "portfolios"):
        assert without_ids(after[f"{name}_output"]) == without_ids(before[f"{name}_output"])
    ours = {f"{name}_output" for name in LISTS} | {"updated_at"}
    assert {name: after[name] for name in after if name not in ours} == {
        name: before[name] for name in before if name not in ours
    }


def test_replacing_a_profile_takes_away_what_is_left_out(set_up):
    shown = set_up.put(FREELANCER_ME, LEAST).json
    assert (shown["first_name"], shown["about"], shown["age"], shown["location"]) == ("Sara", "", None, "")
    assert [shown[f"{name}_output"] for name in LISTS] == [[]] * 4
    assert set(shown["social_links_output"].values()) == {None}
    links = {"social_links_input": {"twitter_url": "https://twitter.com/sara"}}
    assert set_up.put(FREELANCER_ME, LEAST | links).json["social_links_output"] == {
        **dict.fromkeys(shown["social_links_output"]),
        "twitter_url": "https://twitter.com/sara",
    }


def test_links_that_are_sent_change_and_the_others_stay(set_up):
    body = {"social_links_input": {"github_url": None, "twitter_url": "https://twitter.com/john", "x": 1}}
    assert set_up.patch(FREELANCER_ME, body).json["social_links_output"] == {
        "github_url": None,
        "linkedin_url": "https://linkedin.com/in/johndoe",
        "twitter_url": "https://twitter.com/john",
        "facebook_url": None,
        "instagram_url": None,
    }
    emptied = set_up.patch(FREELANCER_ME, {"social_links_input": {"linkedin_url": ""}}).json
    assert emptied["social_links_output"]["linkedin_url"] is None


def test_nobody_verifies_themselves(john):
    claimed = dict.fromkeys(JOHN["verification_input"], True)
    shown = john.post(FREELANCER, {**LEAST, "verification_input": claimed}).json
    told = {"email_verified": True, "phone_verified": False, "id_verified": False, "video_verified": False}
    assert shown["verification_output"] == told
    wrong = {"verification_input": {"email_verified": "yes"}}
    assert john.patch(FREELANCER_ME, wrong).json == {"verification_input": ["Must be a valid boolean."]}


def test_an_address_that_is_not_proven_is_not_said_to_be(join, client):
    omar = join("omar")
    session = {"email": "omar@example.com", "password": "StrongPass123"}
    omar = client.signed_in(client.post("/api/v1/users/login/", session).json)
    assert omar.post(FREELANCER, LEAST).json["verification_output"]["email_verified"] is False


def test_skills_are_one_whoever_spells_them(john, client):
    body = {**LEAST, "skills_input": [{"name": " Quilting "}, {"name": "python"}, {"name": "QUILTING"}]}
    shown = john.post(FREELANCER, body).json["skills_output"]
    assert names(shown) == ["Quilting", "Python"]
    other = member(client, "lina", "freelancer")
    assert other.post(FREELANCER, {**LEAST, "skills_input": [{"name": "quilting"}]}).json[
        "skills_output"
    ] == [shown[0]]
    assert len(facts_of(SkillsReplaced)) == 2


@pytest.mark.parametrize(
    "skills",
    [
        "Python",
        {"name": "Python"},
        ["Python"],
        [{}],
        [{"name": ""}],
        [{"name": "  "}],
        [{"name": None}],
        [{"name": 5}],
        [{"name": "x" * 101}],
        [{"name": "a\0b"}],
        [None],
        [[]],
        None,
        7,
    ],
)
def test_what_are_no_skills_is_said_in_one_sentence(john, skills):
    answer = john.post(FREELANCER, {**LEAST, "skills_input": skills})
    assert (answer.status_code, answer.json) == (400, {"skills_input": ["Invalid skills format."]})


def test_nobody_need_have_skills_and_nobody_has_hundreds(john):
    assert john.post(FREELANCER, {**LEAST, "skills_input": []}).json["skills_output"] == []
    many = {"skills_input": [{"name": f"Skill {number}"} for number in range(101)]}
    told = {"skills_input": ["Ensure this field has no more than 100 elements."]}
    assert john.patch(FREELANCER_ME, many).json == told


@pytest.mark.parametrize(
    "body",
    [
        {"age": 17},
        {"age": 101},
        {"age": "old"},
        {"age": True},
        {"first_name": ""},
        {"first_name": None},
        {"last_name": "x" * 151},
        {"about": "x" * 2001},
        {"is_available": "yes"},
        {"educations_input": {}},
        {"educations_input": [{}]},
        {"educations_input": [{"college": "MIT", "degree": "BA", "start_year": 2019, "end_year": 2018}]},
        {"educations_input": [{"college": "MIT", "degree": "BA", "start_year": 10**30}]},
        {"educations_input": [{"college": "MIT", "degree": "BA", "start_year": 2000}] * 51},
        {"experiences_input": [{"role": "x", "company": "y", "start_date": "2020-13-01"}]},
        {"experiences_input": [{"role": "x", "company": "y", "start_date": 5}]},
        {
            "experiences_input": [
                {"role": "x", "company": "y", "start_date": "2020-02-01", "end_date": "2020-01-31"}
            ]
        },
        {"languages_input": [{"proficiency": "Native"}]},
        {"languages_input": [{"name": "x", "proficiency": "x" * 51}]},
        {"portfolios_input": [{"title": "x", "project_link": "javascript:alert(1)"}]},
        {"portfolios_input": [{"title": "x"}] * 101},
        {"social_links_input": {"github_url": "ftp://example.com"}},
        {"social_links_input": []},
        {"verification_input": 1},
        {"profile_picture": "<file>"},
        {"profile_picture": {}},
    ],
)
def test_nonsense_is_refused_on_its_field_and_changes_nothing(set_up, body):
    before = set_up.get(FREELANCER_ME).json
    answer = set_up.patch(FREELANCER_ME, {**body, "country": "Nepal"})
    assert answer.status_code == 400
    assert list(answer.json) == list(body)
    assert all(isinstance(message, str) for message in answer.json[next(iter(body))])
    assert set_up.get(FREELANCER_ME).json == before


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "{", "[{}]", '{"skills_input": NaN}'])
def test_what_is_no_object_is_refused(set_up, body):
    answer = set_up._send("PATCH", FREELANCER_ME, data=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


def test_what_is_ongoing_has_no_end_and_gives_the_title(set_up, client):
    work = {"company": "X", "start_date": "2010-01-01"}
    entries = [
        {**work, "role": "Then", "end_date": "2030-01-01"},
        {**work, "role": "Now", "ongoing": True, "end_date": "2009-01-01"},
        {**work, "role": "Later", "end_date": None},
    ]
    shown = set_up.patch(FREELANCER_ME, {"experiences_input": entries}).json
    assert [entry["end_date"] for entry in shown["experiences_output"]] == ["2030-01-01", None, None]
    path = f"{FREELANCERS}{shown['id']}/"
    assert client.get(path).json["title"] == "Now"
    set_up.patch(FREELANCER_ME, {"experiences_input": [entries[2], entries[0]]})
    assert client.get(path).json["title"] == "Then"
    set_up.patch(FREELANCER_ME, {"experiences_input": []})
    assert client.get(path).json["title"] == ""


def test_a_person_is_one_in_both_faces(client):
    sara = member(client, "sara")
    sara.post(FREELANCER, {**JOHN, "first_name": "Sara"})
    login = {"username": "sara", "password": "StrongPass123"}
    elsewhere = client.signed_in(client.post("/api/auth/login/", login).json)
    profile = elsewhere.get("/api/auth/profile/").json
    assert (profile["first_name"], profile["last_name"]) == ("Sara", "Doe")
    assert (profile["bio"], profile["city"], profile["country"]) == (JOHN["about"], "Mumbai", "India")
    portfolio = elsewhere.get("/api/auth/portfolio/").json["results"]
    assert [item["title"] for item in portfolio] == ["E-commerce Platform"]
    elsewhere.patch("/api/auth/profile/", {"bio": "I sew.", "city": "Delhi", "first_name": ""})
    elsewhere.post("/api/auth/portfolio/", {"title": "A wardrobe"})
    shown = sara.get(FREELANCER_ME).json
    assert (shown["about"], shown["location"], shown["first_name"]) == ("I sew.", "Delhi", "")
    assert [item["title"] for item in shown["portfolios_output"]] == ["E-commerce Platform", "A wardrobe"]
    assert shown["portfolios_output"][1]["project_link"] is None


def test_a_profile_that_is_made_late_takes_nothing_away(client):
    sara = member(client, "sara", first_name="S.", city="Delhi")
    login = {"username": "sara", "password": "StrongPass123"}
    elsewhere = client.signed_in(client.post("/api/auth/login/", login).json)
    elsewhere.post("/api/auth/portfolio/", {"title": "A wardrobe"})
    shown = sara.post(FREELANCER, LEAST).json
    assert (shown["first_name"], shown["location"]) == ("Sara", "Delhi")
    assert [item["title"] for item in shown["portfolios_output"]] == ["A wardrobe"]


def test_who_is_both_has_both_profiles(client):
    sara = member(client, "sara")
    assert sara.post(FREELANCER, LEAST).status_code == 201
    assert sara.get(CLIENT_ME).status_code == 404
    assert sara.post(CLIENT, {**LEAST, "account_type": "individual"}).status_code == 201
    assert sara.get(CLIENT_ME).json["first_name"] == sara.get(FREELANCER_ME).json["first_name"]


def test_a_profile_costs_as_much_to_read_however_much_it_holds(set_up):
    def cost():
        with counted_queries() as queries:
            assert set_up.get(FREELANCER_ME).status_code == 200
        return len(queries)

    few = cost()
    body = {f"{name}_input": JOHN[f"{name}_input"] * 20 for name in LISTS}
    assert set_up.patch(FREELANCER_ME, body).status_code == 200
    assert cost() == few == 7


def test_the_whole_document_example_may_come_as_a_form(john):
    form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in JOHN.items()}
    answer = john.send_form("POST", FREELANCER, **form)
    assert answer.status_code == 201
    by_form = answer.json
    by_json = john.put(FREELANCER_ME, JOHN).json
    for name in LISTS:
        assert without_ids(by_form[f"{name}_output"]) == without_ids(by_json[f"{name}_output"])
    for name in ("skills_output", "social_links_output", "age", "is_available", "about"):
        assert by_form[name] == by_json[name]
