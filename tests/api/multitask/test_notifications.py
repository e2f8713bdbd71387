"""The inbox and its preferences through MultiTask."""

import re

import pytest

from marketplace.api.multitask.schemas.notifications import DOCUMENTED
from marketplace.domains.notifications.service import notify
from marketplace.domains.notifications.types import Type
from tests.factories.people import person, sign_in
from tests.query_count import counted_queries

BASE = "/api/notifications"
MONEY = [
    "payment_held",
    "payment_released",
    "payment_refunded",
    "withdrawal_completed",
    "withdrawal_failed",
]


@pytest.fixture
def reader(app):
    return person(username="sara")


@pytest.fixture
def sara(client, reader):
    return sign_in(client, reader)


@pytest.fixture
def omar(client, app):
    return sign_in(client, person(username="omar"))


def tell(reader, *keys, kind=Type.TASK_CANCELLED):
    for key in keys or ("1",):
        notify(
            kind,
            person_id=reader.id,
            actor_id=None,
            key=str(key),
            words={"title": f"Task {key}", "thing": "task", "amount": "$120.00"},
            data={"task_id": 42},
        )


def inbox(who, query=""):
    answer = who.get(f"{BASE}/{query}")
    assert answer.status_code == 200
    return answer.json["results"]


def test_a_notification_is_as_documented(sara, reader):
    tell(reader)
    (told,) = inbox(sara)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told.pop("created_at"))
    assert told == {
        "id": 1,
        "title": "Task cancelled",
        "message": "The task “Task 1” was cancelled.",
        "notification_type": "task_cancelled",
        "is_read": False,
        "data": {"task_id": 42},
    }


def test_the_newest_come_first_in_pages_of_ten(sara, reader):
    tell(reader, *range(1, 13))
    first = sara.get(f"{BASE}/?type=task_cancelled").json
    assert (first["count"], first["previous"], len(first["results"])) == (12, None, 10)
    assert first["results"][0]["message"] == "The task “Task 12” was cancelled."
    assert "type=task_cancelled" in first["next"]
    second = sara.get(first["next"]).json
    assert [told["message"] for told in second["results"]] == [
        "The task “Task 2” was cancelled.",
        "The task “Task 1” was cancelled.",
    ]


@pytest.mark.parametrize("page", ["2", "0", "x"])
def test_a_page_out_of_range_is_not_found(sara, page):
    answer = sara.get(f"{BASE}/?page={page}")
    assert (answer.status_code, answer.json) == (404, {"detail": "Invalid page."})


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("?is_read=true", ["task_cancelled"]),
        ("?is_read=False", ["payment_held", "task_completed"]),
        ("?type=payment_held", ["payment_held"]),
        ("?notification_type=TASK_COMPLETED", ["task_completed"]),
        ("?type=task_cancelled&is_read=false", []),
        ("?is_read=&type=", ["payment_held", "task_completed", "task_cancelled"]),
        ("?unknown=1", ["payment_held", "task_completed", "task_cancelled"]),
    ],
)
def test_filters_narrow_the_list(sara, reader, query, kinds):
    tell(reader)
    sara.post(f"{BASE}/1/read/")
    tell(reader, kind=Type.TASK_COMPLETED)
    tell(reader, kind=Type.PAYMENT_HELD)
    assert [told["notification_type"] for told in inbox(sara, query)] == kinds


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("is_read=maybe", "is_read"),
        ("type=gossip", "type"),
        ("notification_type=gossip", "notification_type"),
    ],
)
def test_a_bad_filter_is_refused_on_its_parameter(sara, query, field):
    answer = sara.get(f"{BASE}/?{query}")
    assert (answer.status_code, list(answer.json)) == (400, [field])


def test_reading_one_may_be_repeated(sara, reader):
    tell(reader, 1, 2)
    assert sara.get(f"{BASE}/unread-count/").json == {"unread_count": 2, "count": 2}
    first = sara.post(f"{BASE}/1/read/")
    assert (first.status_code, first.json["id"], first.json["is_read"]) == (200, 1, True)
    assert sara.post(f"{BASE}/1/read/").json == first.json
    assert sara.get(f"{BASE}/unread-count/").json == {"unread_count": 1, "count": 1}


def test_reading_all_counts_what_was_unread(sara, reader):
    tell(reader, 1, 2, 3)
    sara.post(f"{BASE}/1/read/")
    assert sara.post(f"{BASE}/mark-all-read/").json == {"marked_read": 2, "unread_count": 0}
    assert sara.post(f"{BASE}/mark-all-read/").json == {"marked_read": 0, "unread_count": 0}
    assert all(told["is_read"] for told in inbox(sara))


def test_deleting_one_works_once(sara, reader):
    tell(reader)
    answer = sara.delete(f"{BASE}/1/delete/")
    assert (answer.status_code, answer.data) == (204, b"")
    assert sara.delete(f"{BASE}/1/delete/").status_code == 404


def test_clearing_deletes_what_is_read_alone(sara, reader):
    tell(reader, 1, 2, 3)
    for number in (1, 3):
        sara.post(f"{BASE}/{number}/read/")
    assert sara.delete(f"{BASE}/clear-all/").json == {"deleted": 2}
    assert [told["id"] for told in inbox(sara)] == [2]
    assert sara.delete(f"{BASE}/clear-all/").json == {"deleted": 0}


def test_the_inbox_of_another_is_not_there(omar, sara, reader):
    tell(reader)
    assert inbox(omar) == []
    for number in (1, 999):
        assert omar.post(f"{BASE}/{number}/read/").status_code == 404
        assert omar.delete(f"{BASE}/{number}/delete/").json == {"detail": "Not found."}
    assert omar.post(f"{BASE}/mark-all-read/").json["marked_read"] == 0
    assert omar.delete(f"{BASE}/clear-all/").json == {"deleted": 0}
    assert inbox(sara)[0]["is_read"] is False


def test_whoever_shows_no_token_is_refused(client):
    for answer in (
        client.get(f"{BASE}/"),
        client.get(f"{BASE}/unread-count/"),
        client.post(f"{BASE}/1/read/"),
        client.post(f"{BASE}/mark-all-read/"),
        client.delete(f"{BASE}/1/delete/"),
        client.delete(f"{BASE}/clear-all/"),
        client.get(f"{BASE}/preferences/"),
        client.put(f"{BASE}/preferences/", {}),
    ):
        assert answer.status_code == 401


def test_everything_is_wanted_at_first(sara):
    preferences = sara.get(f"{BASE}/preferences/").json
    assert set(preferences) == {"email_notifications", "push_notifications", *DOCUMENTED}
    assert set(preferences.values()) == {True}


def test_a_part_of_the_preferences_may_be_put(sara):
    changed = sara.put(f"{BASE}/preferences/", {"new_message": False, "email_notifications": False, "x": 1})
    assert changed.status_code == 200
    off = {name for name, wanted in changed.json.items() if not wanted}
    assert off == {"new_message", "email_notifications"}
    again = sara.put(f"{BASE}/preferences/", {"new_message": True, "push_notifications": False})
    assert {name for name, wanted in again.json.items() if not wanted} == {
        "email_notifications",
        "push_notifications",
    }
    assert sara.get(f"{BASE}/preferences/").json == again.json
    assert sara.put(f"{BASE}/preferences/", {}).json == again.json


@pytest.mark.parametrize("value", [None, 0, 1, "true", "no", [], {}])
@pytest.mark.parametrize("field", ["email_notifications", "new_message"])
def test_a_preference_is_true_or_false(sara, field, value):
    answer = sara.put(f"{BASE}/preferences/", {field: value})
    assert (answer.status_code, list(answer.json)) == (400, [field])


@pytest.mark.parametrize("field", MONEY)
def test_money_cannot_be_switched_off(sara, field):
    answer = sara.put(f"{BASE}/preferences/", {field: False, "system": False})
    assert answer.status_code == 400
    assert answer.json == {field: ["Notifications about money cannot be switched off."]}
    assert sara.get(f"{BASE}/preferences/").json["system"] is True
    assert sara.put(f"{BASE}/preferences/", {field: True}).status_code == 200


@pytest.mark.parametrize("rows", [10, 200])
def test_the_inbox_costs_the_same_however_long_it_is(sara, reader, rows):
    tell(reader, *range(rows))
    with counted_queries() as queries:
        assert len(inbox(sara, "?page_size=100")) == min(rows, 100)
    assert len(queries) == 3


@pytest.mark.parametrize("rows", [10, 200])
def test_names_cost_one_query_however_many_there_are(sara, reader, rows):
    for number in range(rows):
        notify(
            Type.NEW_MESSAGE,
            person_id=reader.id,
            actor_id=person(first_name=f"P{number}").id if number < 5 else reader.id + 1,
            key=str(number),
            words={"excerpt": "Hello"},
            data={},
        )
    with counted_queries() as queries:
        messages = [row["message"] for row in inbox(sara, "?page_size=100")]
    assert len(messages) == min(rows, 100)
    assert all(message.endswith(": Hello") and not message.startswith(":") for message in messages)
    assert len(queries) == 3


def test_what_the_documents_do_not_know_is_called_system(sara, reader):
    tell(reader, "1", kind=Type.NEW_ORDER)
    tell(reader, "2")
    told = sara.get(f"{BASE}/?type=system").json["results"]
    assert [one["notification_type"] for one in told] == ["system"]
    assert told[0]["message"].endswith("ordered “Task 1”.")
