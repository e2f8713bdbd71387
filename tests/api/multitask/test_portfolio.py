"""Portfolios through MultiTask."""

import json

import pytest

from marketplace.domains.accounts import public as accounts
from marketplace.domains.files.events import FileDiscarded
from marketplace.domains.profiles import rules
from marketplace.kernel import relay
from marketplace.providers.storage import storage
from tests.client import sent_file
from tests.factories import pictures as made
from tests.facts import facts_of
from tests.query_count import counted_queries
from tests.together import together

BASE = "/api/auth/portfolio"
ITEM = {
    "title": "A wardrobe of oak",
    "description": "Two doors.",
    "project_url": "https://example.com/wardrobe",
}


@pytest.fixture
def sara(join):
    return join("sara", "freelancer")


@pytest.fixture
def omar(join):
    return join("omar", "client")


def image(content=None, name="wardrobe.png"):
    return sent_file(made.picture() if content is None else content, name)


def add(person, **form):
    answer = person.send_form("POST", f"{BASE}/", **{**ITEM, **form})
    assert answer.status_code == 201
    return answer.json


def seen(client, url):
    return client.get(url).status_code == 200


def test_an_item_is_added_in_json(sara):
    answer = sara.post(f"{BASE}/", ITEM)
    assert answer.status_code == 201
    assert answer.json == {
        **ITEM,
        "id": 1,
        "image": None,
        "thumbnail": None,
        "created_at": answer.json["created_at"],
    }
    assert sara.get(f"{BASE}/1/").json == answer.json
    assert sara.post(f"{BASE}/", {"title": " x "}).json["title"] == "x"


@pytest.mark.parametrize("form", ["png", "jpeg", "webp", "gif"])
def test_an_item_is_added_with_its_picture(sara, client, form):
    item = add(sara, image=image(made.picture(form), "../../etc/passwd.svg"))
    assert {name: item[name] for name in ITEM} == ITEM
    shown = client.get(item["image"])
    assert (shown.status_code, shown.mimetype) == (200, f"image/{form}")
    assert made.measures(shown.data)[:2] == (made.FORMATS[form], (64, 48))
    assert seen(client, item["thumbnail"])


def test_a_form_without_a_picture_is_an_item_too(sara):
    assert add(sara)["image"] is None
    assert add(sara, image=image(b"", ""))["image"] is None
    assert add(sara, image="")["image"] is None


def test_where_a_picture_was_taken_is_nobodys_business(sara, client):
    content = client.get(add(sara, image=image(made.from_a_camera()))["image"]).data
    assert b"SecretMaker" not in content
    assert made.measures(content)[1] == (48, 64)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty."),
        (b"<html><script>alert(1)</script>", "Upload a valid picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "Upload a valid picture"),
        (made.picture()[:-20], "Upload a valid picture"),
        (made.picture() + b"<script>alert(1)</script>", "Upload a valid picture"),
        (made.gif_that_is_a_script(), "Upload a valid picture"),
        (made.png_that_says(10_000, 10_000), "The picture has too many pixels"),
        (made.png_bomb(), "The picture has too many pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (5 * 1024 * 1024), "The file is larger than 5 MB."),
    ],
    ids=[
        "nothing",
        "HTML",
        "SVG",
        "half a picture",
        "a picture and a script",
        "a picture that is a script",
        "a hundred megapixels",
        "a bomb",
        "more than 5 MB",
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_added(sara, content, said):
    answer = sara.send_form("POST", f"{BASE}/", **ITEM, image=image(content))
    assert (answer.status_code, list(answer.json)) == (400, ["image"])
    assert answer.json["image"][0].startswith(said)
    assert sara.get(f"{BASE}/").json["count"] == 0


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "a\0b.png", "x" * 3000 + ".png", "صورة\u202egnp.exe", "..\\..\\con.png"],
)
def test_a_name_is_never_a_place(sara, client, name):
    item = add(sara, image=image(name=name))
    assert name.encode() not in item["image"].encode()
    assert client.get(item["image"]).headers["Content-Disposition"].endswith(".png")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": 1}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "x", "description": "x" * 5001}, "description"),
        ({"title": "x", "project_url": "javascript:alert(1)"}, "project_url"),
        ({"title": "x", "project_url": "example.com"}, "project_url"),
        ({"title": "x", "project_url": "https://"}, "project_url"),
        ({"title": "x", "project_url": "https://a b"}, "project_url"),
        ({"title": "x", "project_url": "https://[::1"}, "project_url"),
        ({"title": "x", "project_url": "https://example.com/" + "x" * 2000}, "project_url"),
        ({"title": "x", "image": "cat.png"}, "image"),
        ({"title": "x", "image": "data:image/png;base64,AAAA"}, "image"),
        ({"title": "x", "image": {"url": "x"}}, "image"),
    ],
)
def test_an_item_that_makes_no_sense_is_refused(sara, body, field):
    answer = sara.post(f"{BASE}/", body)
    assert (answer.status_code, list(answer.json)) == (400, [field])
    if all(isinstance(value, str) for value in body.values()):
        answer = sara.send_form("POST", f"{BASE}/", **body)
        assert (answer.status_code, list(answer.json)) == (400, [field])


def test_what_is_left_out_stays(sara, client):
    item = add(sara, image=image())
    changed = sara.put(f"{BASE}/{item['id']}/", {"title": "Oak", "id": 9, "created_at": "x", "owner": 2})
    assert (changed.status_code, changed.json) == (200, {**item, "title": "Oak"})
    changed = sara.send_form("PUT", f"{BASE}/{item['id']}/", description="")
    assert changed.json == {**item, "title": "Oak", "description": ""}
    assert sara.put(f"{BASE}/{item['id']}/", {}).json == changed.json
    assert seen(client, item["image"])


def test_an_item_may_be_put_back_as_it_was_read(sara):
    item = add(sara, image=image())
    assert sara.put(f"{BASE}/{item['id']}/", item).json == item


def test_a_picture_that_is_replaced_is_gone(sara, client):
    item = add(sara, image=image())
    changed = sara.send_form("PUT", f"{BASE}/{item['id']}/", image=image(made.picture("gif"))).json
    assert changed["image"] != item["image"]
    assert client.get(changed["image"]).mimetype == "image/gif"
    assert not seen(client, item["image"])
    (fact,) = facts_of(FileDiscarded)
    assert all(storage.find(key) for key in fact.keys)
    relay.sweep()
    assert [storage.find(key) for key in fact.keys] == [None, None]


@pytest.mark.parametrize("way", ["json", "form"])
def test_a_picture_may_be_taken_away(sara, client, way):
    item = add(sara, image=image())
    path = f"{BASE}/{item['id']}/"
    answer = sara.put(path, {"image": None}) if way == "json" else sara.send_form("PUT", path, image="")
    assert answer.json == {**item, "image": None, "thumbnail": None}
    assert not seen(client, item["image"])
    assert sara.put(path, {"image": None}).status_code == 200
    assert len(facts_of(FileDiscarded)) == 1


def test_a_change_that_is_refused_changes_nothing(sara, client):
    item = add(sara, image=image())
    path = f"{BASE}/{item['id']}/"
    assert sara.send_form("PUT", path, title="New", image=image(b"no picture")).status_code == 400
    assert sara.put(path, {"title": "New", "project_url": "x"}).status_code == 400
    assert sara.get(path).json == item
    assert seen(client, item["image"])


def test_an_item_is_deleted_with_its_picture(sara, client):
    item, other = add(sara, image=image()), add(sara, image=image())
    answer = sara.delete(f"{BASE}/{item['id']}/")
    assert (answer.status_code, answer.data) == (204, b"")
    assert sara.get(f"{BASE}/{item['id']}/").status_code == 404
    assert sara.delete(f"{BASE}/{item['id']}/").status_code == 404
    assert not seen(client, item["image"])
    assert seen(client, other["image"])


def test_everybody_may_look_and_only_its_owner_may_change_it(sara, omar, client):
    item = add(sara, image=image())
    path = f"{BASE}/{item['id']}/"
    assert omar.get(path).json == item
    for answer in (
        omar.put(path, {"title": "x"}),
        omar.delete(path),
        omar.send_form("PUT", path, image=image()),
    ):
        assert (answer.status_code, list(answer.json)) == (403, ["detail"])
    assert sara.get(path).json == item
    assert omar.get(f"{BASE}/").json["results"] == []
    assert client.get(path).status_code == 401


def test_whoever_shows_no_token_is_refused(client):
    for answer in (
        client.get(f"{BASE}/"),
        client.post(f"{BASE}/", ITEM),
        client.get(f"{BASE}/1/"),
        client.put(f"{BASE}/1/", ITEM),
        client.delete(f"{BASE}/1/"),
    ):
        assert answer.status_code == 401


@pytest.mark.parametrize("item_id", ["0", "999", "x", "9" * 30])
def test_an_item_that_is_not_there_is_not_found(sara, item_id):
    assert sara.get(f"{BASE}/{item_id}/").status_code == 404
    assert sara.put(f"{BASE}/{item_id}/", ITEM).status_code == 404
    assert sara.delete(f"{BASE}/{item_id}/").status_code == 404


def test_somebodys_portfolio_is_public(sara, client):
    items = [add(sara, title=f"Item {number}") for number in range(12)]
    first = client.get("/api/auth/users/SARA/portfolio/")
    assert (first.status_code, first.json["count"]) == (200, 12)
    assert first.json["results"] == items[:1:-1]
    assert first.json["results"] == sara.get(f"{BASE}/").json["results"]
    second = client.get(first.json["next"]).json
    assert [item["title"] for item in second["results"]] == ["Item 1", "Item 0"]
    assert client.get("/api/auth/users/sara/portfolio/?page=3").json == {"detail": "Invalid page."}


@pytest.mark.parametrize("username", ["nobody", "%00", "x" * 300, "a%2fb"])
def test_the_portfolio_of_nobody_is_not_found(client, username):
    assert client.get(f"/api/auth/users/{username}/portfolio/").status_code == 404


def test_the_portfolio_of_somebody_barred_is_not_shown(sara, omar, client):
    item = add(sara)
    accounts.suspend("sara")
    assert client.get("/api/auth/users/sara/portfolio/").status_code == 404
    assert omar.get(f"{BASE}/{item['id']}/").json == {"detail": "Not found."}


def test_a_portfolio_has_room_for_so_many(sara, monkeypatch):
    monkeypatch.setattr(rules, "MAX_ITEMS", 2)
    answers = together(*[lambda: sara.post(f"{BASE}/", ITEM)] * 4)
    assert sorted(answer.status_code for answer in answers) == [201, 201, 400, 400]
    assert sara.post(f"{BASE}/", ITEM).json == {
        "detail": "A portfolio has at most 100 items: remove one first."
    }


def test_of_two_who_replace_a_picture_at_once_no_file_is_left_over(sara, client):
    item = add(sara, image=image())
    path = f"{BASE}/{item['id']}/"
    answers = together(*[lambda: sara.send_form("PUT", path, image=image())] * 3)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    links = {answer.json["image"] for answer in answers}
    kept = sara.get(path).json["image"]
    assert [link for link in links if seen(client, link)] == [kept]
    assert len(facts_of(FileDiscarded)) == 3


def test_of_a_change_and_a_deletion_at_once_nothing_is_left_over(sara, client):
    item = add(sara, image=image())
    path = f"{BASE}/{item['id']}/"
    changed, deleted = together(lambda: sara.send_form("PUT", path, image=image()), lambda: sara.delete(path))
    assert deleted.status_code == 204
    assert changed.status_code in {200, 404}
    assert sara.get(path).status_code == 404
    if changed.status_code == 200:
        assert not seen(client, changed.json["image"])


def test_a_keyed_form_is_carried_out_once(sara):
    def post(content):
        headers = {"Idempotency-Key": "k"}
        return sara.send_form("POST", f"{BASE}/", headers=headers, **ITEM, image=image(content))

    first, again, other = post(made.picture()), post(made.picture()), post(made.picture("gif"))
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert sara.get(f"{BASE}/").json["count"] == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "image/png"])
def test_other_kinds_of_bodies_are_refused(sara, kind):
    headers = {"Authorization": f"Bearer {sara.token}"}
    answer = sara.flask.post(f"{BASE}/", data=b"title=x", content_type=kind, headers=headers)
    assert (answer.status_code, list(answer.json)) == (415, ["detail"])


def test_a_body_that_is_too_long_is_refused_in_the_words_of_the_face(sara):
    answer = sara.send_form("POST", f"{BASE}/", **ITEM, image=image(b"x" * 34_000_000))
    assert (answer.status_code, answer.json) == (413, {"detail": "Request body is too large."})


def test_half_a_form_is_refused_in_the_words_of_the_face(sara):
    headers = {"Authorization": f"Bearer {sara.token}"}
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = sara.flask.post(f"{BASE}/", data=b"--x\r\nnothing", content_type=kind, headers=headers)
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])


def test_a_portfolio_costs_the_same_however_long_it_is(sara):
    costs = []
    for _ in range(2):
        for _ in range(3):
            add(sara, image=image())
        with counted_queries() as queries:
            assert sara.get(f"{BASE}/").status_code == 200
        costs.append(len(queries))
    assert costs == [4, 4]


def test_the_document_shows_both_ways(client):
    operation = client.get("/docs/multitask/openapi.json").json["paths"][f"{BASE}/"]["post"]
    content = operation["requestBody"]["content"]
    assert list(content) == ["application/json", "multipart/form-data"]
    form = content["multipart/form-data"]
    assert form["schema"]["properties"]["image"] == {"type": "string", "format": "binary"}
    assert form["schema"]["required"] == ["title"]
    assert set(form["example"]) == {*ITEM, "image"}
    assert set(content["application/json"]["example"]) == set(ITEM)
    assert json.dumps(operation).count("binary") == 1


def test_whoever_leaves_takes_their_pictures_along(sara, omar, client):
    item, other = add(sara, image=image()), add(omar, image=image())
    avatar = sara.send_form("PATCH", "/api/auth/profile/", avatar=image()).json["avatar"]
    assert sara.delete("/api/auth/delete-account/", {"password": "StrongPass123"}).status_code == 204
    assert omar.get(f"{BASE}/{item['id']}/").status_code == 404
    assert client.get("/api/auth/users/sara/portfolio/").status_code == 404
    assert [link for link in (item["image"], item["thumbnail"], avatar) if seen(client, link)] == []
    keys = [key for fact in facts_of(FileDiscarded) for key in fact.keys]
    relay.sweep()
    assert [key for key in keys if storage.find(key)] == []
    assert (len(keys), seen(client, other["image"])) == (4, True)
