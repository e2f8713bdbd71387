"""The picture beside one's name through MultiTask."""

import pytest

from marketplace.domains.files.events import FileDiscarded
from tests.client import sent_file
from tests.factories import pictures as made
from tests.facts import facts_of
from tests.together import together

PATH = "/api/auth/profile/"


@pytest.fixture
def sara(join):
    return join("sara")


def avatar(form="png", **options):
    return sent_file(made.picture(form, **options), f"me.{form}")


def wear(person, method="PATCH", **form):
    return person.send_form(method, PATH, **{"avatar": avatar(), **form})


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_avatar_is_worn(sara, client, method):
    assert sara.get(PATH).json["avatar"] is None
    answer = wear(sara, method, avatar=avatar("jpeg", width=2000, height=1000), bio="Hello", is_client="true")
    assert answer.status_code == 200
    assert (answer.json["bio"], answer.json["is_client"]) == ("Hello", True)
    assert sara.get(PATH).json == answer.json
    shown = client.get(answer.json["avatar"])
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert made.measures(shown.data)[1] == (512, 256)


def test_an_avatar_is_seen_wherever_its_owner_is(sara, client, join):
    link = wear(sara).json["avatar"]
    task = {"title": "x", "description": "x", "category": 1, "budget": "5"}
    task_id = sara.post("/api/tasks/create/", task).json["id"]
    assert client.get(f"/api/tasks/{task_id}/").json["client"]["avatar"] == link


def test_a_profile_may_be_put_back_as_it_was_read(sara):
    profile = wear(sara).json
    assert sara.put(PATH, profile).json == profile
    assert sara.patch(PATH, {"bio": "x"}).json["avatar"] == profile["avatar"]


@pytest.mark.parametrize("way", ["json", "form"])
def test_an_avatar_is_taken_off(sara, client, way):
    link = wear(sara).json["avatar"]
    answer = sara.patch(PATH, {"avatar": None}) if way == "json" else wear(sara, avatar="")
    assert (answer.status_code, answer.json["avatar"]) == (200, None)
    assert client.get(link).status_code == 404
    assert len(facts_of(FileDiscarded)) == 1
    assert sara.patch(PATH, {"avatar": None}).status_code == 200


def test_the_avatar_before_is_gone(sara, client):
    first = wear(sara).json["avatar"]
    second = wear(sara).json["avatar"]
    assert first != second
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<svg onload='alert(1)'/>", "me.svg"), (b"<html>", "me.png"), (b"", "me.png")],
)
def test_what_is_no_picture_is_not_worn(sara, content, name):
    before = wear(sara).json
    answer = wear(sara, avatar=sent_file(content, name), bio="New")
    assert (answer.status_code, list(answer.json)) == (400, ["avatar"])
    assert sara.get(PATH).json == before


@pytest.mark.parametrize("value", ["me.png", "data:image/png;base64,AA", 7, [], {}])
def test_an_avatar_is_no_text(sara, value):
    answer = sara.patch(PATH, {"avatar": value})
    assert (answer.status_code, list(answer.json)) == (400, ["avatar"])


def test_a_change_that_is_refused_leaves_the_avatar_as_it_was(sara, client, join):
    join("omar")
    before = wear(sara).json
    answer = wear(sara, email="omar@example.com")
    assert (answer.status_code, list(answer.json)) == (400, ["email"])
    assert sara.get(PATH).json == before
    assert client.get(before["avatar"]).status_code == 200


def test_of_several_avatars_at_once_one_is_left(sara, client):
    answers = together(*[lambda: wear(sara)] * 3)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    worn = sara.get(PATH).json["avatar"]
    links = {answer.json["avatar"] for answer in answers}
    assert [link for link in links if client.get(link).status_code == 200] == [worn]
    assert len(facts_of(FileDiscarded)) == 2
