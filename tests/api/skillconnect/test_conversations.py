"""The conversations of orders: one an order, closed for both, put away by each."""

import pytest

from marketplace.domains.accounts.public import Role
from marketplace.domains.messaging import public as messaging
from tests.api.multitask.test_account_deletion import leave
from tests.api.skillconnect.conftest import PROPOSAL, SERVICE
from tests.api.skillconnect.test_messages import send_file
from tests.factories.people import PASSWORD, person
from tests.query_count import counted_queries
from tests.together import together

BASE = "/api/v1/messaging/conversations/"
ORDERS = "/api/v1/gigs"
NOT_FOUND = (404, {"detail": "Not found."})
OVER = (400, {"order_id": "This order was turned down or called off."})


@pytest.fixture
def order(jane, service):
    return place(jane, service)


@pytest.fixture
def application(john, proposal):
    answer = john.post(f"{ORDERS}/proposal-orders/", {"proposal_id": proposal["id"]})
    assert answer.status_code == 201, answer.text
    return answer.json


@pytest.fixture
def conversation(jane, order):
    return open_talk(jane, order)


def place(jane, service):
    answer = jane.post(f"{ORDERS}/service-orders/", {"service_id": service["id"]})
    assert answer.status_code == 201, answer.text
    return answer.json


def decide(who, order, status, kind="service"):
    assert who.patch(f"{ORDERS}/{kind}-orders/{order['id']}/", {"status": status}).status_code == 200


def ask(who, order, order_type="serviceorder"):
    answer = who.post(BASE, {"order_type": order_type, "order_id": order["id"]})
    return answer.status_code, answer.json


def open_talk(who, order, order_type="serviceorder"):
    status, shown = ask(who, order, order_type)
    assert status == 201, shown
    return shown


def listed(who):
    answer = who.get(BASE)
    assert answer.status_code == 200
    return answer.json


def answered(answer):
    return answer.status_code, answer.json


def send(who, conversation, content="Hello"):
    answer = who.post(f"{BASE}{conversation['id']}/messages/", {"content": content})
    assert answer.status_code == 201, answer.text
    return answer.json


def test_the_conversation_of_an_order_shows_it_as_it_was_made(john, jane, service, order):
    shown = open_talk(jane, order)
    assert shown == {
        "id": shown["id"],
        "client_id": jane.user["id"],
        "client_name": "jane",
        "freelancer_id": john.user["id"],
        "freelancer_name": "john",
        "order_type": "serviceorder",
        "order_id": order["id"],
        "is_active": True,
        "created_at": shown["created_at"],
        "updated_at": shown["created_at"],
        "service_title": SERVICE["title"],
        "service_price": "$25000",
        "service_deadline": "10 days",
        "last_message": None,
        "unread_count": 0,
    }
    john.patch(f"{ORDERS}/services/{service['id']}/", {"title": "Dearer", "price": 30000.5})
    assert listed(john) == listed(jane) == [shown]
    assert jane.get(f"{BASE}{shown['id']}/").json == shown
    dearer = open_talk(jane, place(jane, service))
    assert (dearer["service_title"], dearer["service_price"]) == ("Dearer", "$30000.50")


def test_the_conversation_of_an_application_shows_the_budget(john, application):
    shown = open_talk(john, application, "proposalorder")
    assert (shown["order_type"], shown["order_id"]) == ("proposalorder", application["id"])
    assert shown["service_title"] == PROPOSAL["title"]
    assert (shown["service_price"], shown["service_deadline"]) == ("$10000-$30000", "7 days")


def test_either_side_opens_it_and_there_is_one_an_order(john, jane, order, application):
    first = open_talk(john, order)
    assert open_talk(jane, order) == first
    assert open_talk(jane, application, "proposalorder")["id"] != first["id"]
    assert len(listed(john)) == 2


def test_it_is_made_when_an_order_is_accepted(john, jane, order, application):
    decide(john, order, "accepted")
    decide(jane, application, "accepted", "proposal")
    assert [shown["order_type"] for shown in listed(jane)] == ["proposalorder", "serviceorder"]
    assert open_talk(jane, order)["id"] == listed(john)[1]["id"]


def test_to_accept_and_to_open_at_once_makes_one(john, jane, service):
    for turn in range(1, 6):
        order = place(jane, service)
        results = together(
            lambda: decide(john, order, "accepted"),  # noqa: B023 - called before the next turn
            lambda: ask(jane, order)[0],  # noqa: B023 - called before the next turn
            lambda: ask(john, order)[0],  # noqa: B023 - called before the next turn
        )
        assert results == [None, 201, 201]
        assert len(listed(jane)) == turn


def test_once_an_order_is_over_none_is_made_and_one_that_is_there_stays(john, jane, service, conversation):
    over = place(jane, service)
    decide(john, over, "rejected")
    assert ask(jane, over) == OVER
    decide(jane, {"id": conversation["order_id"]}, "cancelled")
    assert open_talk(john, {"id": conversation["order_id"]})["id"] == conversation["id"]
    send(john, conversation, "A pity.")


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        *(
            (
                {"order_type": said, "order_id": 1},
                {"order_type": "Must be 'serviceorder' or 'proposalorder'."},
            )
            for said in ("service", "proposal", "", 7, None, ["serviceorder"], "x" * 100)
        ),
        ({"order_id": 1}, {"order_type": "This field is required."}),
        ({"order_type": "serviceorder"}, {"order_id": "This field is required."}),
        ({"order_type": "serviceorder", "order_id": "x"}, {"order_id": "A valid integer is required."}),
        ({"order_type": "serviceorder", "order_id": 999}, {"order_id": "Order not found."}),
        ({"order_type": "proposalorder", "order_id": 1}, {"order_id": "Order not found."}),
    ],
)
def test_what_is_no_order_is_refused_in_the_words_of_the_document(jane, order, body, refusal):
    assert answered(jane.post(BASE, body)) == (400, refusal)


def test_the_task_of_another_face_is_no_order(join):
    sara, omar = join("sara"), join("omar")
    task = {"title": "Paint a fence", "description": "Blue.", "category": 6, "budget": "100"}
    task_id = sara.post("/api/tasks/create/", task).json["id"]
    offer = {"proposal": "I can", "offered_price": "90"}
    application = omar.post(f"/api/tasks/{task_id}/apply/", offer).json
    for order_type in ("serviceorder", "proposalorder"):
        assert ask(sara, application, order_type) == (400, {"order_id": "Order not found."})


def test_nobody_opens_the_conversation_of_others(enter, order):
    stranger = enter("lina", Role.CLIENT)
    assert ask(stranger, order) == (403, {"detail": "You do not have permission to perform this action."})
    assert listed(stranger) == []


def test_the_latest_activity_comes_first_with_its_last_message(john, jane, order, application):
    first, second = open_talk(jane, order), open_talk(jane, application, "proposalorder")
    assert [shown["id"] for shown in listed(jane)] == [second["id"], first["id"]]
    for _ in range(2):
        sent = send(john, first)
    shown = listed(jane)[0]
    assert (shown["id"], shown["last_message"], shown["unread_count"]) == (first["id"], sent, 2)
    assert shown["updated_at"] == sent["created_at"]
    assert listed(john)[0]["unread_count"] == 0
    jane.get(f"{BASE}{first['id']}/messages/")
    assert listed(jane)[0]["unread_count"] == 0


def test_either_side_closes_it_for_both_and_opens_it_again(john, jane, conversation):
    path = f"{BASE}{conversation['id']}/"
    read_only = {"client_id": 9, "order_id": 9, "service_title": "Free", "unread_count": 9}
    closed = {**conversation, "is_active": False}
    assert answered(jane.patch(path, {"is_active": False, **read_only})) == (200, closed)
    assert answered(jane.patch(path, {"is_active": False})) == (200, closed)
    assert answered(jane.patch(path, read_only)) == (200, closed)
    assert listed(john) == [closed]
    refused = john.post(f"{path}messages/", {"content": "Hello?"})
    assert answered(refused) == (400, {"error": "Conversation is not active."})
    assert john.patch(path, {"is_active": True}).json == conversation
    send(jane, conversation)


@pytest.mark.parametrize("value", [None, "yes", 1, "", []])
def test_it_is_active_or_it_is_not(jane, conversation, value):
    answer = jane.patch(f"{BASE}{conversation['id']}/", {"is_active": value})
    assert (answer.status_code, list(answer.json)) == (400, ["is_active"])


def test_who_puts_it_away_has_it_back_when_the_other_writes_or_they_open_it_again(
    john, jane, conversation, order
):
    path = f"{BASE}{conversation['id']}/"
    send(jane, conversation, "before")
    for bring_back in (lambda: send(jane, conversation, "after"), lambda: open_talk(john, order)):
        put_away = john.delete(path)
        assert (put_away.status_code, put_away.data) == (204, b"")
        assert listed(john) == []
        assert len(listed(jane)) == 1
        for answer in (john.get(path), john.patch(path, {"is_active": False}), john.delete(path)):
            assert answered(answer) == NOT_FOUND
        assert answered(john.get(f"{path}messages/")) == NOT_FOUND
        bring_back()
        assert [shown["id"] for shown in listed(john)] == [conversation["id"]]
    assert [message["content"] for message in john.get(f"{path}messages/").json] == ["before", "after"]


def test_a_stranger_finds_nothing_and_neither_does_who_looks_for_another_sort(enter, jane, conversation):
    other, _ = messaging.open_direct(actor=jane.person, participant_id=person().id)
    stranger = enter("lina", Role.FREELANCER)
    for who, room_id in ((stranger, conversation["id"]), (jane, 999), (jane, other.id)):
        path = f"{BASE}{room_id}/"
        for answer in (who.get(path), who.patch(path, {"is_active": False}), who.delete(path)):
            assert answered(answer) == NOT_FOUND
    assert listed(jane) == [conversation]


def test_whoever_shows_no_token_is_refused(client, conversation):
    path = f"{BASE}{conversation['id']}/"
    for answer in (
        client.get(BASE),
        client.post(BASE, {"order_type": "serviceorder", "order_id": 1}),
        client.get(path),
        client.patch(path, {"is_active": False}),
        client.delete(path),
    ):
        assert answered(answer) == (401, {"detail": "Authentication credentials were not provided."})


def test_multitask_shows_it_too(john, jane, conversation):
    sent = send(jane, conversation)
    (shown,) = john.get("/api/messaging/conversations/").json["results"]
    assert (shown["id"], shown["task_id"]) == (conversation["id"], None)
    assert shown["other_participant"]["id"] == jane.user["id"]
    assert (shown["last_message"]["id"], shown["unread_count"]) == (sent["id"], 1)
    assert john.get("/api/messaging/statistics/").json["unread_messages"] == 1


@pytest.mark.parametrize("rows", [1, 6])
def test_the_list_costs_the_same_however_long_it_is(john, jane, service, rows):
    for _ in range(rows):
        send(john, open_talk(jane, place(jane, service)))
    with counted_queries() as queries:
        assert len(listed(jane)) == rows
    assert len(queries) == 6


def test_what_was_said_stays_when_somebody_leaves(client, john, jane, order, conversation):
    path = f"{BASE}{conversation['id']}/"
    sent = send_file(john, f"{path}messages/", content="My offer").json
    john.post(f"{path}messages/{sent['id']}/react/", {"emoji": "👍"})
    assert leave(john, password=PASSWORD).status_code == 204
    (shown,) = listed(jane)
    assert shown["freelancer_name"].startswith("deleted user")
    (kept,) = jane.get(f"{path}messages/").json
    assert (kept["id"], kept["content"], kept["reactions"]) == (sent["id"], "My offer", {"👍": 1})
    assert client.get(kept["attachment"]["file"]).status_code == 200
    send(jane, conversation)
