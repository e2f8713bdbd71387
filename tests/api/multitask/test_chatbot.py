"""The chatbot through MultiTask."""

import re

import pytest

from marketplace.api.limits import RATES
from marketplace.extensions import limiter
from tests.query_count import counted_queries
from tests.together import together

BASE = "/api/chatbot"
MESSAGE = {"id", "role", "content", "rating", "created_at"}
SESSION = {
    "id",
    "session_id",
    "title",
    "is_active",
    "message_count",
    "created_at",
    "updated_at",
    "ended_at",
}
TASK = {"title", "description", "category", "budget", "deadline", "city", "address", "task_type"}
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
WHOLE = "I need a plumber in Cairo, 300 dollars, by 2030-01-31. The address is 12 Nile Street."


@pytest.fixture
def sara(join):
    return join("sara")


@pytest.fixture
def omar(join):
    return join("omar")


def say(who, message, **more):
    answer = who.post(f"{BASE}/chat/", {"message": message, **more})
    assert answer.status_code == 200, answer.json
    return answer.json


def extract(who, session_id):
    return who.post(f"{BASE}/sessions/{session_id}/extract-task/")


def test_an_answer_comes_with_both_messages_and_its_session(sara):
    said = say(sara, "  I need a plumber in Cairo  ")
    assert set(said) == {"session_id", "message_id", "response", "message", "user_message", "mode"}
    assert set(said["message"]) == set(said["user_message"]) == MESSAGE
    assert said["message_id"] == said["message"]["id"]
    assert (
        said["response"]
        == said["message"]["content"]
        == "Noted: plumbing, in Cairo. What is your budget, in USD?"
    )
    assert (said["message"]["role"], said["user_message"]["role"]) == ("assistant", "user")
    assert said["user_message"]["content"] == "I need a plumber in Cairo"
    assert said["mode"] == "rules"
    assert said["message"]["rating"] is None
    assert re.fullmatch(MOMENT, said["message"]["created_at"])


@pytest.mark.parametrize("more", [{}, {"session_id": None}])
def test_without_a_session_a_new_one_is_opened(sara, more):
    first, second = say(sara, "hello", **more), say(sara, "hello", **more)
    assert first["session_id"] != second["session_id"]
    third = say(sara, "hello", session_id=second["session_id"])
    assert third["session_id"] == second["session_id"]
    assert say(sara, "hello", session_id=str(second["session_id"]))["session_id"] == second["session_id"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "message"),
        ({"message": ""}, "message"),
        ({"message": " \n "}, "message"),
        ({"message": None}, "message"),
        ({"message": 7}, "message"),
        ({"message": ["hello"]}, "message"),
        ({"message": "x" * 4001}, "message"),
        ({"message": "nul\x00nul"}, "message"),
        ({"message": "hello", "session_id": "x"}, "session_id"),
        ({"message": "hello", "session_id": 0}, "session_id"),
        ({"message": "hello", "session_id": True}, "session_id"),
        ({"message": "hello", "session_id": 1.5}, "session_id"),
        ({"message": "hello", "session_id": []}, "session_id"),
    ],
)
def test_a_message_that_is_none_is_refused(sara, body, field):
    answer = sara.post(f"{BASE}/chat/", body)
    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert sara.get(f"{BASE}/sessions/").json["count"] == 0


def test_a_long_message_is_answered(sara):
    assert say(sara, "é" * 4000)["mode"] == "rules"


def test_an_ended_session_takes_no_message(sara):
    session_id = say(sara, "hello")["session_id"]
    sara.post(f"{BASE}/sessions/{session_id}/end/")
    answer = sara.post(f"{BASE}/chat/", {"message": "hello", "session_id": session_id})
    assert (answer.status_code, answer.json) == (
        400,
        {"detail": "Cannot continue this chat session: it is ended."},
    )


def test_sessions_are_listed_the_latest_first(sara, omar):
    assert sara.get(f"{BASE}/sessions/").json == {"count": 0, "next": None, "previous": None, "results": []}
    ids = [say(sara, f"talk {number}")["session_id"] for number in range(3)]
    say(omar, "hello")
    say(sara, "and this", session_id=ids[0])
    page = sara.get(f"{BASE}/sessions/?page_size=2").json
    assert [shown["id"] for shown in page["results"]] == [ids[0], ids[2]]
    assert (page["count"], page["previous"]) == (3, None)
    (shown,) = sara.get(page["next"]).json["results"]
    assert set(shown) == SESSION
    assert (shown["id"], shown["session_id"], shown["title"]) == (ids[1], ids[1], "talk 1")
    assert (shown["is_active"], shown["message_count"], shown["ended_at"]) == (True, 2, None)
    assert sara.get(f"{BASE}/sessions/?page=9").status_code == 404


def test_a_session_shows_its_messages_in_their_order(sara):
    session_id = say(sara, "I need a plumber")["session_id"]
    say(sara, "in Cairo", session_id=session_id)
    shown = sara.get(f"{BASE}/sessions/{session_id}/").json
    assert set(shown) == SESSION | {"messages"}
    assert [message["role"] for message in shown["messages"]] == ["user", "assistant"] * 2
    assert [message["content"] for message in shown["messages"]][::2] == ["I need a plumber", "in Cairo"]
    assert shown["message_count"] == 4


def test_ending_twice_is_ending_once(sara):
    session_id = say(sara, "I need a plumber")["session_id"]
    first = sara.post(f"{BASE}/sessions/{session_id}/end/")
    again = sara.post(f"{BASE}/sessions/{session_id}/end/")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    assert (set(first.json), first.json["is_active"]) == (SESSION, False)
    assert re.fullmatch(MOMENT, first.json["ended_at"])
    assert len(sara.get(f"{BASE}/sessions/{session_id}/").json["messages"]) == 2


def test_a_draft_has_what_was_said_and_where(sara):
    said = say(sara, WHOLE)
    answer = extract(sara, said["session_id"])
    assert answer.status_code == 200
    body = answer.json
    assert set(body) == {"session_id", "task", "missing_fields", "sources", "mode"}
    assert body["task"] == {
        "title": "Plumber",
        "description": "I need a plumber in Cairo, 300 dollars, by 2030-01-31. The address is .",
        "category": 4,
        "budget": "300.00",
        "deadline": "2030-01-31",
        "city": "Cairo",
        "address": "12 Nile Street",
        "task_type": "physical",
    }
    assert (body["session_id"], body["missing_fields"], body["mode"]) == (said["session_id"], [], "rules")
    assert set(body["sources"]) == TASK - {"description"}
    for source in body["sources"].values():
        assert source["message_id"] == said["user_message"]["id"]
        assert WHOLE[source["start"] : source["end"]] == source["text"]
    assert sara.get("/api/tasks/my-tasks/").json["count"] == 0


@pytest.mark.parametrize("message", [WHOLE, "I need a logo for 50 dollars, no deadline"])
def test_a_whole_draft_is_posted_as_it_is(sara, message):
    draft = extract(sara, say(sara, message)["session_id"]).json
    assert draft["missing_fields"] == []
    posted = sara.post("/api/tasks/create/", draft["task"])
    assert posted.status_code == 201, posted.json
    assert (posted.json["title"], posted.json["budget"]) == (draft["task"]["title"], draft["task"]["budget"])


def test_nothing_said_of_a_task_is_a_draft_of_nulls(sara):
    body = extract(sara, say(sara, "hello")["session_id"]).json
    assert set(body["task"].values()) == {None}
    assert set(body["sources"].values()) == {None}
    assert body["missing_fields"] == ["title", "category", "task_type", "city", "budget", "deadline"]


def test_a_budget_in_another_currency_is_left_out_and_shown_where_it_was_said(sara):
    body = extract(sara, say(sara, "I need a logo for 300 euros, no deadline")["session_id"]).json
    assert (body["task"]["budget"], body["missing_fields"]) == (None, ["budget"])
    assert body["sources"]["budget"]["text"] == "300 euros"


def test_an_ended_session_still_has_its_draft(sara):
    session_id = say(sara, WHOLE)["session_id"]
    sara.post(f"{BASE}/sessions/{session_id}/end/")
    assert extract(sara, session_id).json["task"]["city"] == "Cairo"


def test_a_category_is_suggested_with_the_next_best(sara):
    answer = sara.post(f"{BASE}/suggest-category/", {"description": "Photos of my shop for its website"})
    assert answer.status_code == 200
    body = answer.json
    assert set(body) == {"category", "category_id", "confidence", "alternatives", "mode"}
    assert set(body["category"]) == {"id", "name", "slug", "description", "task_count"}
    assert body["category_id"] == body["category"]["id"]
    assert 0 < body["confidence"] <= 1
    assert {body["category"]["slug"], body["alternatives"][0]["slug"]} == {"photo-video", "web-development"}


def test_no_category_is_suggested_where_none_fits(sara):
    body = sara.post(f"{BASE}/suggest-category/", {"description": "something"}).json
    assert body == {
        "category": None,
        "category_id": None,
        "confidence": 0.0,
        "alternatives": [],
        "mode": "rules",
    }


@pytest.mark.parametrize("description", ["", "  ", None, 7, "x" * 5001, "nul\x00"])
def test_a_description_that_is_none_is_refused(sara, description):
    answer = sara.post(f"{BASE}/suggest-category/", {"description": description})
    assert (answer.status_code, list(answer.json)) == (400, ["description"])


@pytest.mark.parametrize(
    ("body", "rating", "feedback"),
    [
        ({"rating": 4, "feedback": "Clear."}, 4, "Clear."),
        ({"rating": 1}, 1, ""),
        ({"is_helpful": True}, 5, ""),
        ({"is_helpful": False, "feedback": ""}, 1, ""),
        ({"rating": 3, "is_helpful": True}, 3, ""),
    ],
)
def test_an_answer_is_rated(sara, body, rating, feedback):
    said = say(sara, "hello")
    answer = sara.post(f"{BASE}/messages/{said['message_id']}/rate/", body)
    assert (answer.status_code, answer.json) == (
        200,
        {"message_id": said["message_id"], "rating": rating, "feedback": feedback},
    )
    assert sara.get(f"{BASE}/sessions/{said['session_id']}/").json["messages"][1]["rating"] == rating
    again = sara.post(f"{BASE}/messages/{said['message_id']}/rate/", {"rating": 2})
    assert again.json == {"message_id": said["message_id"], "rating": 2, "feedback": ""}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "rating"),
        ({"rating": 0}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": 4.5}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": None}, "rating"),
        ({"rating": "good"}, "rating"),
        ({"is_helpful": "yes"}, "is_helpful"),
        ({"is_helpful": 1}, "is_helpful"),
        ({"rating": 5, "feedback": 7}, "feedback"),
        ({"rating": 5, "feedback": "x" * 2001}, "feedback"),
    ],
)
def test_a_rating_that_is_none_is_refused(sara, body, field):
    said = say(sara, "hello")
    answer = sara.post(f"{BASE}/messages/{said['message_id']}/rate/", body)
    assert (answer.status_code, list(answer.json)) == (400, [field])


def test_ones_own_message_is_not_rated(sara):
    said = say(sara, "hello")
    answer = sara.post(f"{BASE}/messages/{said['user_message']['id']}/rate/", {"rating": 5})
    assert (answer.status_code, answer.json) == (
        400,
        {"detail": "Only messages of the assistant can be rated."},
    )


def test_what_is_anothers_is_not_found(sara, omar):
    said = say(sara, "I need a plumber")
    for session_id, message_id in ((said["session_id"], said["message_id"]), (999, 999)):
        for answer in (
            omar.post(f"{BASE}/chat/", {"message": "hello", "session_id": session_id}),
            omar.get(f"{BASE}/sessions/{session_id}/"),
            omar.post(f"{BASE}/sessions/{session_id}/end/"),
            extract(omar, session_id),
            omar.post(f"{BASE}/messages/{message_id}/rate/", {"rating": 5}),
        ):
            assert (answer.status_code, answer.json) == (404, {"detail": "Not found."})
    assert omar.get(f"{BASE}/sessions/").json["count"] == 0
    assert sara.get(f"{BASE}/sessions/{said['session_id']}/").json["message_count"] == 2


def test_whoever_shows_no_token_sees_the_status_alone(client, app):
    for answer in (
        client.post(f"{BASE}/chat/", {"message": "hello"}),
        client.get(f"{BASE}/sessions/"),
        client.get(f"{BASE}/sessions/1/"),
        client.post(f"{BASE}/sessions/1/end/"),
        extract(client, 1),
        client.post(f"{BASE}/suggest-category/", {"description": "tap"}),
        client.post(f"{BASE}/messages/1/rate/", {"rating": 5}),
        client.get(f"{BASE}/statistics/"),
    ):
        assert answer.status_code == 401
    status = client.get(f"{BASE}/status/")
    assert (status.status_code, status.json) == (
        200,
        {"available": True, "mode": "rules", "llm_configured": False},
    )


def test_the_status_works_with_a_token_too(sara):
    assert sara.get(f"{BASE}/status/").json["available"] is True


def test_statistics_are_ones_own(sara, omar):
    nothing = {
        "total_sessions": 0,
        "active_sessions": 0,
        "total_messages": 0,
        "tasks_extracted": 0,
        "average_rating": None,
    }
    assert sara.get(f"{BASE}/statistics/").json == nothing
    first, second = say(sara, WHOLE), say(sara, "hello")
    say(sara, "I need a logo", session_id=second["session_id"])
    sara.post(f"{BASE}/sessions/{first['session_id']}/end/")
    extract(sara, first["session_id"])
    sara.post(f"{BASE}/messages/{first['message_id']}/rate/", {"rating": 5})
    sara.post(f"{BASE}/messages/{second['message_id']}/rate/", {"rating": 4})
    assert sara.get(f"{BASE}/statistics/").json == {
        "total_sessions": 2,
        "active_sessions": 1,
        "total_messages": 6,
        "tasks_extracted": 1,
        "average_rating": 4.5,
    }
    assert omar.get(f"{BASE}/statistics/").json == nothing


def test_a_repeated_key_says_it_once(sara):
    answers = [
        sara.post(f"{BASE}/chat/", {"message": "hello"}, headers={"Idempotency-Key": "k1"}) for _ in range(2)
    ]
    assert answers[0].json == answers[1].json
    assert sara.get(f"{BASE}/statistics/").json["total_messages"] == 2


def test_who_speaks_too_often_is_told_to_wait(sara, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    most = int(RATES["chat"].split("/")[0])
    for _ in range(most):
        assert sara.post(f"{BASE}/suggest-category/", {"description": "tap"}).status_code == 200
    answer = sara.post(f"{BASE}/chat/", {"message": "hello"})
    assert (answer.status_code, answer.json) == (429, {"detail": "Request was throttled."})
    assert int(answer.headers["Retry-After"]) > 0


def test_two_messages_at_once_are_both_answered_in_an_order(sara):
    session_id = say(sara, "I need a plumber")["session_id"]
    answers = together(
        lambda: say(sara, "in Cairo", session_id=session_id),
        lambda: say(sara, "300 dollars", session_id=session_id),
    )
    assert {answer["session_id"] for answer in answers} == {session_id}
    shown = sara.get(f"{BASE}/sessions/{session_id}/").json
    assert shown["message_count"] == len(shown["messages"]) == 6
    assert extract(sara, session_id).json["missing_fields"] == ["deadline"]


@pytest.mark.parametrize("rows", [3, 20])
def test_lists_cost_the_same_however_long_they_are(sara, rows):
    session_id = say(sara, "hello")["session_id"]
    for _ in range(rows):
        say(sara, "hello")
        say(sara, "hello", session_id=session_id)
    for path in (f"{BASE}/sessions/?page_size=100", f"{BASE}/sessions/{session_id}/"):
        with counted_queries() as queries:
            assert sara.get(path).status_code == 200
        assert len(queries) == 3
