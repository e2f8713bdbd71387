"""Pictures and certificates of profiles, which come by forms."""

import json

import pytest

from marketplace.domains.files.events import FileDiscarded
from marketplace.domains.profiles import public as profiles
from tests.api.skillconnect.members import (
    CLIENT,
    CLIENT_ME,
    FREELANCER,
    FREELANCER_ME,
    FREELANCERS,
    JOHN,
    LEAST,
    LEAST_CLIENT,
    member,
)
from tests.client import sent_file
from tests.factories import documents, pictures
from tests.facts import facts_of

MIT = {"college": "MIT", "degree": "BA", "start_year": 2015}
OXFORD = {"college": "Oxford", "degree": "MA", "start_year": 2019}
WORK = {"role": "Tailor", "company": "X", "start_date": "2020-01-15"}
WRONG = "Upload a PDF, PNG, JPEG or WebP file."


@pytest.fixture
def john(client):
    return member(client, "john", "freelancer")


@pytest.fixture
def certified(john):
    """John, who has a certificate of each of his two schools, and one of his work."""
    answer = send(
        john,
        "POST",
        FREELANCER,
        **LEAST,
        educations_input=[MIT, OXFORD],
        experiences_input=[WORK],
        education_certificate_0=pdf("mit.pdf"),
        education_certificate_1=sent_file(pictures.picture("jpeg"), "oxford.jpeg"),
        experience_certificate_0=pdf("x.pdf"),
    )
    assert answer.status_code == 201, answer.text
    return john


def pdf(name="a.pdf", content=documents.PDF):
    return sent_file(content, name)


def send(person, method, path, **form):
    """A form in which what is nested is one text of JSON."""
    texts = {
        name: json.dumps(value) if isinstance(value, list | dict) else value for name, value in form.items()
    }
    return person.send_form(method, path, **texts)


def certificates(shown, kind="educations"):
    return [entry["certificate"] for entry in shown[f"{kind}_output"]]


def discarded():
    return len(facts_of(FileDiscarded))


def test_a_picture_comes_with_the_whole_profile_and_anybody_sees_it(john, client):
    picture = sent_file(pictures.picture("png"), "me.png")
    form = {name: JOHN[name] for name in JOHN if name not in {"age", "is_available"}}
    shown = send(john, "POST", FREELANCER, **form, age="28", is_available="true", profile_picture=picture)
    assert shown.status_code == 201
    path = shown.json["profile_picture"]
    assert path.startswith("/files/")
    assert client.get(path).mimetype == "image/png"
    assert client.get(FREELANCERS).json["results"][0]["profile_picture"] == path
    card = profiles.cards_of([john.user["id"]])[john.user["id"]]
    assert card.picture == path
    assert john.put(FREELANCER_ME, JOHN).json["profile_picture"] == path
    assert john.patch(FREELANCER_ME, {"profile_picture": path}).json["profile_picture"] == path
    assert discarded() == 0
    assert john.patch(FREELANCER_ME, {"profile_picture": None}).json["profile_picture"] is None
    assert discarded() == 1


def test_a_client_has_a_picture_too(client):
    jane = member(client, "jane", "client")
    picture = sent_file(pictures.picture("webp"), "me.webp")
    shown = jane.send_form("POST", CLIENT, **LEAST_CLIENT, profile_picture=picture)
    assert shown.status_code == 201
    assert client.get(shown.json["profile_picture"]).status_code == 200
    changed = jane.send_form("PATCH", CLIENT_ME, profile_picture=sent_file(pictures.picture("gif"), "a.gif"))
    assert client.get(changed.json["profile_picture"]).mimetype == "image/gif"
    assert client.get(shown.json["profile_picture"]).status_code == 404


def test_certificates_go_to_the_entries_of_their_numbers(certified, client):
    shown = certified.get(FREELANCER_ME).json
    mit, oxford = certificates(shown)
    assert client.get(mit).mimetype == "application/pdf"
    assert client.get(mit).headers["Content-Disposition"] == "attachment; filename*=UTF-8''mit.pdf"
    assert client.get(oxford).mimetype == "image/jpeg"
    assert client.get(certificates(shown, "experiences")[0]).data == documents.PDF
    assert certificates(client.get(f"{FREELANCERS}{shown['id']}/").json) == [mit, oxford]


def test_an_entry_that_stays_keeps_its_certificate(certified):
    mit, oxford = certificates(certified.get(FREELANCER_ME).json)
    body = {"educations_input": [{**OXFORD, "end_year": 2021}, {**MIT, "degree": "MSc"}, MIT, MIT]}
    assert certificates(certified.patch(FREELANCER_ME, body).json) == [oxford, None, mit, None]
    assert discarded() == 0
    kept = certified.patch(FREELANCER_ME, {"about": "x"}).json
    assert certificates(kept) == [oxford, None, mit, None]


def test_an_entry_is_known_by_its_id_too(certified):
    shown = certified.get(FREELANCER_ME).json
    mit, oxford = certificates(shown)
    ids = [entry["id"] for entry in shown["educations_output"]]
    body = {"educations_input": [{**MIT, "id": ids[1]}, {**OXFORD, "college": "Yale", "id": ids[0]}]}
    assert certificates(certified.patch(FREELANCER_ME, body).json) == [oxford, mit]


def test_nobody_takes_the_certificate_of_another(certified, client):
    ids = [entry["id"] for entry in certified.get(FREELANCER_ME).json["educations_output"]]
    other = member(client, "lina", "freelancer")
    body = {**LEAST, "educations_input": [{**MIT, "id": ids[0]}]}
    assert certificates(other.post(FREELANCER, body).json) == [None]
    assert None not in certificates(certified.get(FREELANCER_ME).json)


def test_a_certificate_that_is_replaced_or_dropped_goes(certified, client):
    mit, oxford = certificates(certified.get(FREELANCER_ME).json)
    answer = send(
        certified,
        "PATCH",
        FREELANCER_ME,
        educations_input=[MIT, OXFORD],
        education_certificate_0=pdf("new.pdf", documents.PDF + b"\n"),
    )
    new, same = certificates(answer.json)
    assert (same, new != mit) == (oxford, True)
    assert client.get(mit).status_code == 404
    body = {"educations_input": [MIT, OXFORD], "education_certificate_1": None}
    assert certificates(certified.patch(FREELANCER_ME, body).json) == [new, None]
    assert discarded() == 2
    certified.put(FREELANCER_ME, LEAST)
    assert discarded() == 4
    assert client.get(new).status_code == 404


@pytest.mark.parametrize(
    ("sent", "number"), [({"educations_input": [MIT, OXFORD]}, 2), ({}, 0), ({"educations_input": []}, 7)]
)
def test_a_certificate_without_an_entry_is_refused(certified, sent, number):
    field = f"education_certificate_{number}"
    answer = send(certified, "PATCH", FREELANCER_ME, **sent, **{field: pdf()})
    told = {field: [f"There is no entry {number} in educations_input."]}
    assert (answer.status_code, answer.json) == (400, told)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<script>alert(1)</script>", "a.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        (b"MZ\x90\0" + b"\0" * 100, "a.pdf"),
        (documents.archive(*documents.WORD), "a.docx"),
        (documents.MP3, "a.mp3"),
        (b"I was there.", "a.txt"),
        (pictures.picture("gif"), "a.gif"),
    ],
)
def test_what_is_no_certificate_is_refused_on_its_own_field(certified, content, name):
    before = certified.get(FREELANCER_ME).json
    answer = send(
        certified,
        "PATCH",
        FREELANCER_ME,
        educations_input=[MIT, OXFORD],
        about="x",
        education_certificate_1=pdf(name, content),
    )
    assert (answer.status_code, answer.json) == (400, {"education_certificate_1": [WRONG]})
    assert certified.get(FREELANCER_ME).json == before


def test_too_large_and_too_little_are_refused(certified):
    for content, told in (
        (documents.PDF + b"\0" * 5 * 1024 * 1024, "The file is larger than 5 MB."),
        (b"", "The submitted file is empty."),
    ):
        form = {"experiences_input": [WORK], "experience_certificate_0": pdf("a.pdf", content)}
        answer = send(certified, "PATCH", FREELANCER_ME, **form)
        assert (answer.status_code, answer.json) == (400, {"experience_certificate_0": [told]})


@pytest.mark.parametrize("sent", ["<file>", 5, {}, ["a"], True])
def test_json_has_no_files(certified, sent):
    body = {"educations_input": [MIT, OXFORD], "education_certificate_1": sent}
    answer = certified.patch(FREELANCER_ME, body)
    assert answer.status_code == 400
    assert list(answer.json) == ["education_certificate_1"]


def test_a_picture_that_is_none_is_refused_before_anything_is_made(john):
    form = {**LEAST, "profile_picture": pdf()}
    answer = send(john, "POST", FREELANCER, **form)
    assert (answer.status_code, list(answer.json)) == (400, ["profile_picture"])
    assert john.get(FREELANCER_ME).status_code == 404


def test_names_in_brackets_are_lists_as_well(john):
    form = {
        "first_name": "John",
        "last_name": "Doe",
        "skills_input[0][name]": "Python",
        "skills_input[1][name]": "Django",
        "educations_input[0][college]": "MIT",
        "educations_input[0][degree]": "BA",
        "educations_input[0][start_year]": "2015",
        "experiences_input[0][role]": "Dev",
        "experiences_input[0][company]": "X",
        "experiences_input[0][start_date]": "2020-01-15",
        "experiences_input[0][ongoing]": "true",
        "social_links_input[github_url]": "https://github.com/johndoe",
        "education_certificate_0": pdf(),
    }
    answer = john.send_form("POST", FREELANCER, **form)
    assert answer.status_code == 201, answer.text
    shown = answer.json
    assert [skill["name"] for skill in shown["skills_output"]] == ["Python", "Django"]
    assert certificates(shown)[0].startswith("/files/")
    assert (shown["experiences_output"][0]["ongoing"], shown["educations_output"][0]["start_year"]) == (
        True,
        2015,
    )
    assert shown["social_links_output"]["github_url"] == "https://github.com/johndoe"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("skills_input", "[{"),
        ("skills_input", "Python"),
        ("skills_input", '[{"nam": "Python"}]'),
        ("educations_input", "{"),
        ("social_links_input", "x"),
        ("verification_input", "true"),
    ],
)
def test_what_cannot_be_read_is_refused_on_its_field(john, field, text):
    answer = john.send_form("POST", FREELANCER, **{"first_name": "J", "last_name": "D", field: text})
    assert answer.status_code == 400
    assert field in answer.json


def test_an_item_of_the_portfolio_keeps_its_picture(client):
    sara = member(client, "sara")
    login = {"username": "sara", "password": "StrongPass123"}
    elsewhere = client.signed_in(client.post("/api/auth/login/", login).json)
    item = {"title": "A wardrobe", "project_url": "https://example.com/wardrobe"}
    image = sent_file(pictures.picture("png"), "a.png")
    shown = elsewhere.send_form("POST", "/api/auth/portfolio/", **item, image=image).json["image"]
    same = {"title": "A wardrobe", "description": "Oiled.", "project_link": "https://example.com/wardrobe"}
    sara.post(FREELANCER, {**LEAST, "portfolios_input": [{"title": "A chair"}, same, same]})
    images = [each["image"] for each in elsewhere.get("/api/auth/portfolio/").json["results"]]
    assert images == [None, shown, None]
    assert discarded() == 0
    sara.patch(FREELANCER_ME, {"portfolios_input": [{**same, "project_link": None}]})
    assert [each["image"] for each in elsewhere.get("/api/auth/portfolio/").json["results"]] == [None]
    assert discarded() == 1


def test_who_leaves_takes_their_certificates_along(client):
    sara = member(client, "sara")
    form = {"educations_input": [MIT], "education_certificate_0": pdf()}
    shown = send(sara, "POST", FREELANCER, **LEAST, **form).json
    sara.post(CLIENT, LEAST_CLIENT)
    login = {"username": "sara", "password": "StrongPass123"}
    elsewhere = client.signed_in(client.post("/api/auth/login/", login).json)
    assert elsewhere.delete("/api/auth/delete-account/", {"password": "StrongPass123"}).status_code == 204
    assert client.get(certificates(shown)[0]).status_code == 404
    assert client.get(f"{FREELANCERS}{shown['id']}/").status_code == 404
    assert client.get(FREELANCERS).json["count"] == 0
