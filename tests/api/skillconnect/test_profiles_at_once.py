"""Two who change one profile at the same moment."""

import json

import pytest

from marketplace.domains.files.events import FileDiscarded
from tests.api.skillconnect.members import (
    CLIENT,
    FREELANCER,
    FREELANCER_ME,
    FREELANCERS,
    LEAST,
    LEAST_CLIENT,
    member,
    names,
)
from tests.client import sent_file
from tests.factories import documents
from tests.facts import facts_of
from tests.together import together

SCHOOL = {"college": "MIT", "degree": "BA", "start_year": 2015}


@pytest.fixture
def sara(client):
    return member(client, "sara")


@pytest.mark.parametrize(("path", "body"), [(FREELANCER, LEAST), (CLIENT, LEAST_CLIENT)])
def test_of_many_who_make_a_profile_at_once_one_does(sara, path, body):
    answers = together(*[lambda: sara.post(path, body)] * 4)
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    told = {"non_field_errors": ["Profile already exists for this user"]}
    assert [answer.json for answer in answers if answer.status_code == 400] == [told] * 3


def test_of_many_who_replace_the_lists_at_once_one_is_last(sara):
    sara.post(FREELANCER, LEAST)
    sets = [["A", "B"], ["C"], ["B", "A"], []]

    def replace(chosen):
        entries = [{"name": name} for name in chosen]
        return sara.patch(FREELANCER_ME, {"skills_input": entries, "languages_input": entries})

    answers = together(*[lambda chosen=chosen: replace(chosen) for chosen in sets])
    assert [names(answer.json["skills_output"]) for answer in answers] == sets
    shown = sara.get(FREELANCER_ME).json
    assert names(shown["skills_output"]) == names(shown["languages_output"]) in sets


def test_of_many_certificates_at_once_one_stays_and_the_others_go(sara, client):
    sara.post(FREELANCER, {**LEAST, "educations_input": [SCHOOL]})

    def certify(number):
        return sara.send_form(
            "PATCH",
            FREELANCER_ME,
            educations_input=json.dumps([SCHOOL]),
            education_certificate_0=sent_file(documents.PDF + b"%d" % number, f"{number}.pdf"),
        )

    answers = together(*[lambda number=number: certify(number) for number in range(4)])
    paths = [answer.json["educations_output"][0]["certificate"] for answer in answers]
    (kept,) = [path for path in paths if client.get(path).status_code == 200]
    assert sara.get(FREELANCER_ME).json["educations_output"][0]["certificate"] == kept
    assert len(facts_of(FileDiscarded)) == 3


def test_two_who_name_the_same_new_skills_at_once_share_them(client):
    people = [member(client, name, "freelancer") for name in ("john", "lina", "omar", "mona")]
    skills = [{"name": f"New {number}"} for number in range(8)]
    bodies = [{**LEAST, "skills_input": skills}, {**LEAST, "skills_input": skills[::-1]}] * 2
    answers = together(
        *[
            lambda person=person, body=body: person.post(FREELANCER, body)
            for person, body in zip(people, bodies, strict=True)
        ]
    )
    assert [answer.status_code for answer in answers] == [201] * 4
    ids = [{skill["id"] for skill in answer.json["skills_output"]} for answer in answers]
    assert ids == [ids[0]] * 4


def test_who_leaves_while_they_change_their_profile_leaves_nothing(sara, client):
    sara.post(FREELANCER, LEAST)
    login = {"username": "sara", "password": "StrongPass123"}
    elsewhere = client.signed_in(client.post("/api/auth/login/", login).json)
    goodbye = {"password": "StrongPass123"}
    changed, left = together(
        lambda: sara.patch(FREELANCER_ME, {"about": "x", "languages_input": [{"name": "Hindi"}]}),
        lambda: elsewhere.delete("/api/auth/delete-account/", goodbye),
    )
    assert left.status_code == 204
    assert changed.status_code in {200, 401, 404}
    assert client.get(FREELANCERS).json["count"] == 0
