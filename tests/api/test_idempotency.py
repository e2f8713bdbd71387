"""`Idempotency-Key` over HTTP: the first answer, once, whatever happens."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from marketplace.api import blueprint
from marketplace.api.idempotency import _hash_of_request
from marketplace.domains.listings import public as listings
from marketplace.kernel import idempotency
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.idempotency import IdempotencyKey
from tests.client import Client
from tests.together import together

PATH = "/api/tasks/create/"
SAVE = "/api/tasks/1/save/"
TASK = {"title": "Assemble a wardrobe", "description": "Two doors.", "category": 3, "budget": "80.00"}
SAME = {"headers": {"Idempotency-Key": "k-1"}}


@pytest.fixture
def sara(join):
    return join("sara")


def count_tasks(client):
    return client.get("/api/tasks/").json["count"]


def test_the_first_answer_is_given_again(sara):
    first = sara.post(PATH, TASK, **SAME)
    again = sara.post(PATH, TASK, **SAME)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again.mimetype == first.mimetype
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count_tasks(sara) == 1


def test_without_a_key_each_request_is_its_own(sara):
    assert [sara.post(PATH, TASK).status_code for _ in range(2)] == [201, 201]
    assert count_tasks(sara) == 2


@pytest.mark.parametrize("path", [PATH, f"{PATH}?again=1"])
def test_a_key_comes_with_one_request_alone(sara, path):
    sara.post(PATH, TASK, **SAME)
    body = TASK if path != PATH else {**TASK, "title": "Another"}
    answer = sara.post(path, body, **SAME)
    assert answer.status_code == 422
    assert answer.json == {"detail": "This Idempotency-Key was used before with another request."}
    assert count_tasks(sara) == 1


def test_a_last_slash_does_not_make_another_request(sara):
    first = sara.post(PATH, TASK, **SAME)
    again = sara.post(PATH.rstrip("/"), TASK, **SAME)
    assert (again.status_code, again.data) == (201, first.data)
    saved = [sara.post(path, {}, headers={"Idempotency-Key": "k-2"}) for path in ("/api/tasks/1/save", SAVE)]
    assert [answer.status_code for answer in saved] == [200, 200]
    other = sara.post("/api/tasks/2/save/", {}, headers={"Idempotency-Key": "k-2"})
    assert other.status_code == 422


def test_a_refusal_is_given_again_even_when_it_would_no_longer_be_refused(sara, join, owner):
    missing = sara.post("/api/tasks/1/save/", {"saved": True}, **SAME)
    assert missing.status_code == 404
    assert sara.post(PATH, TASK).json["id"] == 1
    again = sara.post("/api/tasks/1/save/", {"saved": True}, **SAME)
    assert (again.status_code, again.data) == (404, missing.data)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_of_somebody_else_is_another_key(sara, join):
    omar = join("omar")
    mine, theirs = sara.post(PATH, TASK, **SAME), omar.post(PATH, {**TASK, "title": "Mine"}, **SAME)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json["id"] != theirs.json["id"]


@pytest.mark.parametrize("key", ["", "k" * 256, "tab\there"])
def test_a_key_has_one_to_255_printable_characters(sara, key):
    answer = sara.post(PATH, TASK, headers={"Idempotency-Key": key})
    assert answer.status_code == 400
    assert answer.json == {"detail": "An Idempotency-Key has 1 to 255 printable characters."}
    assert sara.post(PATH, TASK, headers={"Idempotency-Key": "k" * 255}).status_code == 201


def test_a_key_means_nothing_to_a_request_that_only_reads_and_to_somebody_unknown(sara, client):
    for answer in (sara.get("/api/tasks/", **SAME), sara.get("/api/tasks/", **SAME)):
        assert "Idempotent-Replayed" not in answer.headers
    body = {"email": "sara@example.com", "password": "StrongPass123"}
    tokens = [client.post("/api/auth/login/", body, **SAME).json["access"] for _ in range(2)]
    assert tokens[0] != tokens[1]


def test_a_key_is_forgotten_after_a_day(sara):
    sara.post(PATH, TASK, **SAME)
    clock.advance(timedelta(hours=23, minutes=59).total_seconds())
    assert sara.post(PATH, TASK, **SAME).headers["Idempotent-Replayed"] == "true"
    clock.advance(timedelta(minutes=2).total_seconds())
    assert sara.post(PATH, {**TASK, "title": "Another"}, **SAME).status_code == 201


def test_a_twin_in_flight_is_told_to_wait(app, sara, monkeypatch):
    is_begun, may_end = threading.Event(), threading.Event()
    save = listings.save

    def save_slowly(**options):
        is_begun.set()
        may_end.wait(timeout=30)
        return save(**options)

    task = sara.post(PATH, TASK).json["id"]
    monkeypatch.setattr(listings, "save", save_slowly)

    def first():
        return Client(app.test_client(), sara.token).post(f"/api/tasks/{task}/save/", {}, **SAME)

    def twin():
        is_begun.wait(timeout=30)
        answer = Client(app.test_client(), sara.token).post(f"/api/tasks/{task}/save/", {}, **SAME)
        may_end.set()
        return answer

    done, waiting = together(first, twin)
    assert (done.status_code, done.json["saved"]) == (200, True)
    assert waiting.status_code == 409
    assert waiting.json == {"detail": "A request with this Idempotency-Key is being carried out."}
    assert sara.post(f"/api/tasks/{task}/save/", {}, **SAME).json["saved"] is True


def test_a_twin_that_comes_between_commit_and_answer_is_told_to_wait(app, sara, monkeypatch):
    said = []
    keep = idempotency.keep

    def keep_late(*given, **kept):
        said.append(Client(app.test_client(), sara.token).post(PATH, TASK, **SAME))
        keep(*given, **kept)

    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "keep", keep_late)
        first = sara.post(PATH, TASK, **SAME)
    assert [answer.status_code for answer in said] == [409]
    assert said[0].json == {"detail": "A request with this Idempotency-Key is being carried out."}
    assert sara.post(PATH, TASK, **SAME).data == first.data
    assert count_tasks(sara) == 1


def test_of_eight_twins_one_makes_a_task(app, sara):
    def create():
        return Client(app.test_client(), sara.token).post(PATH, TASK, **SAME)

    answers = together(*[create] * 8)
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.json["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert count_tasks(sara) == 1


def test_an_answer_lost_after_the_commit_does_nothing_twice(sara, monkeypatch):
    def break_down(*_):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(blueprint, "_response", break_down)
        assert sara.post(PATH, TASK, **SAME).status_code == 500
    again = sara.post(PATH, TASK, **SAME)
    assert again.status_code == 409
    assert "its answer was lost" in again.json["detail"]
    assert count_tasks(sara) == 1


def test_a_process_killed_between_commit_and_answer_does_nothing_twice(sara, owner):
    sara.post(PATH, TASK, **SAME)
    long_ago = clock.real_now() - timedelta(hours=1)
    with owner.connect() as connection:
        connection.execute(sa.update(IdempotencyKey).values(status=None, body=None, leased_until=long_ago))
    assert sara.post(PATH, TASK, **SAME).status_code == 409
    assert count_tasks(sara) == 1


def test_a_request_that_broke_before_its_commit_may_be_repeated(sara, monkeypatch):
    def break_down(**_):
        raise MemoryError

    task = sara.post(PATH, TASK).json["id"]
    with monkeypatch.context() as patch:
        patch.setattr(listings, "save", break_down)
        assert sara.post(f"/api/tasks/{task}/save/", {}, **SAME).status_code == 500
    again = sara.post(f"/api/tasks/{task}/save/", {}, **SAME)
    assert (again.status_code, again.json["saved"]) == (200, True)
    assert "Idempotent-Replayed" not in again.headers


def test_a_process_killed_before_its_commit_holds_the_key_for_a_while(sara, owner):
    sara.post(PATH, TASK, **SAME)
    with owner.connect() as connection:
        connection.execute(sa.update(IdempotencyKey).values(status=None, body=None, committed=False))
    assert sara.post(PATH, TASK, **SAME).status_code == 409
    with owner.connect() as connection:
        connection.execute(sa.update(IdempotencyKey).values(leased_until=clock.real_now()))
    assert sara.post(PATH, TASK, **SAME).status_code == 201


def test_an_empty_answer_is_empty_and_given_again_empty(sara):
    task = sara.post(PATH, TASK).json["id"]
    sara.post(f"/api/tasks/{task}/save/", {}, **SAME)
    gone = sara.delete(f"/api/tasks/saved/{task}/")
    assert (gone.status_code, gone.data, gone.headers.get("Content-Type")) == (204, b"", None)
    with database.autocommit.connect() as connection:
        connection.execute(sa.update(IdempotencyKey).values(status=204, body=b""))
    again = sara.post(f"/api/tasks/{task}/save/", {}, **SAME)
    assert (again.status_code, again.data, again.headers.get("Content-Type")) == (204, b"", None)


def test_a_form_is_another_request_when_a_file_or_a_field_of_it_is(app):
    def hash_of(**form):
        with app.test_request_context("/upload", method="POST", data=form) as context:
            assert context.request.form or context.request.files
            first = _hash_of_request()
            assert _hash_of_request() == first
            return first

    def file(text, name="a.txt"):
        return (BytesIO(text), name)

    hashes = [
        hash_of(note="x", file=file(b"one")),
        hash_of(note="y", file=file(b"one")),
        hash_of(note="x", file=file(b"two")),
        hash_of(note="x", file=file(b"one", "b.txt")),
        hash_of(note="x"),
    ]
    assert len(set(hashes)) == len(hashes)
