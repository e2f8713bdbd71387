"""Conversations and messages through MultiTask."""

import re

import pytest

from marketplace.domains.messaging import public as messaging
from tests.factories.people import person, sign_in
from tests.query_count import counted_queries

BASE = "/api/messaging"
BRIEF = {"id", "username", "first_name", "last_name", "avatar"}
SENT_AS_DOCUMENTED = {"message_id", "conversation_id", "sender", "content", "created_at"}
SENT_BESIDE = {"id", "seq", "sender_id", "sender_username", "sender_details", "is_read"}


@pytest.fixture
def people(app):
    return [person(username="sara", first_name="Sara", last_name="Haddad"), person(username="omar")]


@pytest.fixture
def sara(client, people):
    return sign_in(client, people[0])


@pytest.fixture
def omar(client, people):
    return sign_in(client, people[1])


@pytest.fixture
def stranger(client, app):
    return sign_in(client, person(username="lina"))


@pytest.fixture
def conversation(people):
    opened, _ = messaging.open_direct(actor=people[0], participant_id=people[1].id, subject="task:42")
    return f"{BASE}/conversations/{opened.id}"


def send(who, conversation, content="hello"):
    answer = who.post(f"{conversation}/messages/send/", {"content": content})
    assert answer.status_code == 201
    return answer.json


def test_a_sent_message_is_answered_with_the_senders_name(sara, conversation):
    sent = send(sara, conversation, "  Draft uploaded. Please review.  ")
    assert set(sent) == SENT_AS_DOCUMENTED | SENT_BESIDE
    assert sent["sender"] == sent["sender_username"] == "sara"
    assert sent["id"] == sent["message_id"]
    assert sent["content"] == "Draft uploaded. Please review."
    assert set(sent["sender_details"]) == BRIEF
    assert sent["sender_id"] == sent["sender_details"]["id"] == sara.user["id"]
    assert (sent["seq"], sent["is_read"]) == (1, False)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sent["created_at"])


def test_a_listed_message_has_the_sender_as_an_object(sara, omar, conversation):
    sent = send(sara, conversation)
    page = omar.get(f"{conversation}/messages/").json
    assert (page["count"], page["next"], page["previous"]) == (1, None, None)
    (message,) = page["results"]
    assert message == {
        **{name: value for name, value in sent.items() if name != "sender_details"},
        "sender": sent["sender_details"],
    }


@pytest.mark.parametrize(
    ("body", "content"),
    [({"message": "by its other name"}, "by its other name"), ({"content": "a", "message": "b"}, "a")],
)
def test_the_text_goes_by_two_names(sara, conversation, body, content):
    answer = sara.post(f"{conversation}/messages/send/", {**body, "is_read": True, "seq": 9})
    assert (answer.status_code, answer.json["content"], answer.json["is_read"]) == (201, content, False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "content"),
        ({"content": ""}, "content"),
        ({"content": " \n\t "}, "content"),
        ({"content": None}, "content"),
        ({"content": 7}, "content"),
        ({"content": "x" * 5001}, "content"),
        ({"content": "nul\x00nul"}, "content"),
        ({"message": " "}, "message"),
    ],
)
def test_a_message_without_a_text_is_refused(sara, conversation, body, field):
    answer = sara.post(f"{conversation}/messages/send/", body)
    assert (answer.status_code, list(answer.json)) == (400, [field])
    assert sara.get(f"{conversation}/messages/").json["count"] == 0


def test_a_message_has_up_to_5000_characters(sara, conversation):
    assert len(send(sara, conversation, "é" * 5000)["content"]) == 5000


def test_a_repeated_key_sends_once(sara, conversation):
    for _ in range(2):
        answer = sara.post(
            f"{conversation}/messages/send/", {"content": "once"}, headers={"Idempotency-Key": "k1"}
        )
        assert answer.status_code == 201
    assert sara.get(f"{conversation}/messages/").json["count"] == 1


def test_the_first_page_is_the_newest_and_each_goes_from_old_to_new(sara, omar, conversation):
    for number in range(1, 13):
        send(sara if number % 2 else omar, conversation, str(number))
    first = sara.get(f"{conversation}/messages/?page_size=5").json
    assert [message["content"] for message in first["results"]] == ["8", "9", "10", "11", "12"]
    assert (first["count"], first["previous"]) == (12, None)
    second = sara.get(first["next"]).json
    assert [message["content"] for message in second["results"]] == ["3", "4", "5", "6", "7"]
    last = sara.get(second["next"]).json
    assert [message["content"] for message in last["results"]] == ["1", "2"]
    assert last["next"] is None
    assert "page_size=5" in last["previous"]


@pytest.mark.parametrize("page", ["2", "0", "-1", "x", "", "99999999999"])
def test_a_page_out_of_range_is_not_found(sara, conversation, page):
    for path in (f"{conversation}/messages/", f"{BASE}/conversations/"):
        answer = sara.get(f"{path}?page={page}")
        assert (answer.status_code, answer.json) == (404, {"detail": "Invalid page."})


def test_the_first_page_of_nothing_is_empty(stranger):
    empty = {"count": 0, "next": None, "previous": None, "results": []}
    assert stranger.get(f"{BASE}/conversations/").json == empty


def test_a_conversation_shows_the_other_and_the_last_message(sara, omar, people, conversation):
    before = omar.get(f"{conversation}/").json
    assert before["last_message"] is None
    assert before["updated_at"] == before["created_at"]
    send(sara, conversation, "first")
    send(sara, conversation, "second")
    shown = omar.get(f"{conversation}/").json
    assert shown["id"] == shown["conversation_id"]
    assert [one["id"] for one in shown["participants"]] == [one.id for one in people]
    assert set(shown["other_participant"]) == BRIEF
    assert shown["other_participant"]["username"] == "sara"
    assert shown["task_id"] == 42
    assert (shown["last_message"]["content"], shown["last_message"]["sender"]["username"]) == (
        "second",
        "sara",
    )
    assert shown["unread_count"] == 2
    assert omar.get(f"{BASE}/conversations/").json["results"] == [shown]


def test_a_conversation_about_no_task_has_no_task_id(sara, people):
    opened, _ = messaging.open_direct(actor=people[0], participant_id=people[1].id)
    assert sara.get(f"{BASE}/conversations/{opened.id}/").json["task_id"] is None


def test_the_latest_activity_comes_first(sara, people):
    ids = [
        messaging.open_direct(actor=people[0], participant_id=people[1].id, subject=f"task:{number}")[0].id
        for number in (1, 2, 3)
    ]
    send(sara, f"{BASE}/conversations/{ids[0]}")
    page = sara.get(f"{BASE}/conversations/?page_size=2").json
    assert [shown["id"] for shown in page["results"]] == [ids[0], ids[2]]
    assert [shown["id"] for shown in sara.get(page["next"]).json["results"]] == [ids[1]]


def test_marking_as_read_is_for_what_one_received_and_may_be_repeated(sara, omar, conversation):
    for who in (sara, sara, omar, sara):
        send(who, conversation)
    assert omar.post(f"{conversation}/mark-read/").json == {"marked_read": 3, "unread_count": 0}
    assert omar.post(f"{conversation}/mark-read/").json == {"marked_read": 0, "unread_count": 0}
    messages = sara.get(f"{conversation}/messages/").json["results"]
    assert [message["is_read"] for message in messages] == [True, True, False, True]
    assert sara.get(f"{conversation}/").json["unread_count"] == 1


def test_looking_at_messages_does_not_mark_them(sara, omar, conversation):
    send(sara, conversation)
    omar.get(f"{conversation}/messages/")
    assert omar.get(f"{conversation}/").json["unread_count"] == 1


def test_a_stranger_finds_nothing(sara, stranger, conversation):
    send(sara, conversation)
    for base in (conversation, f"{BASE}/conversations/999"):
        for answer in (
            stranger.get(f"{base}/"),
            stranger.get(f"{base}/messages/"),
            stranger.post(f"{base}/messages/send/", {"content": "let me in"}),
            stranger.post(f"{base}/mark-read/"),
        ):
            assert (answer.status_code, answer.json) == (404, {"detail": "Not found."})
    assert stranger.get(f"{BASE}/conversations/").json["count"] == 0


def test_whoever_shows_no_token_is_refused(client, conversation):
    for answer in (
        client.get(f"{BASE}/conversations/"),
        client.get(f"{conversation}/"),
        client.get(f"{conversation}/messages/"),
        client.post(f"{conversation}/messages/send/", {"content": "hello"}),
        client.post(f"{conversation}/mark-read/"),
        client.get(f"{BASE}/statistics/"),
    ):
        assert answer.status_code == 401


def test_statistics_count_ones_own(sara, omar, people, stranger, conversation):
    messaging.open_direct(actor=people[0], participant_id=people[1].id)
    for who in (sara, sara, omar):
        send(who, conversation)
    assert omar.get(f"{BASE}/statistics/").json == {
        "total_conversations": 2,
        "unread_conversations": 1,
        "unread_messages": 2,
        "messages_sent": 1,
        "messages_received": 2,
    }
    assert set(stranger.get(f"{BASE}/statistics/").json.values()) == {0}


@pytest.mark.parametrize("rows", [10, 200])
def test_lists_cost_the_same_however_long_they_are(sara, people, rows):
    for number in range(rows):
        messaging.open_direct(actor=people[1], participant_id=people[0].id, subject=f"task:{number}")
    opened, _ = messaging.open_direct(actor=people[1], participant_id=people[0].id)
    for number in range(rows):
        messaging.send(actor=people[number % 2], room_id=opened.id, body="hello")
    for path in (f"{BASE}/conversations/", f"{BASE}/conversations/{opened.id}/messages/"):
        with counted_queries() as queries:
            answer = sara.get(f"{path}?page_size=100")
        assert len(answer.json["results"]) == min(rows + path.endswith("conversations/"), 100)
        assert len(queries) == 4
