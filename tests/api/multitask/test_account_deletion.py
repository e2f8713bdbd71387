"""Deleting one's account: when it is refused, what goes, what stays."""

import pytest
import sqlalchemy as sa

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.events import AccountDeleted, SessionRevoked
from marketplace.domains.accounts.models import User
from marketplace.domains.deals import public as deals
from marketplace.domains.payments import public as payments
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.database import Base, database
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.sandbox import mailbox
from tests.client import sent_file
from tests.factories import pictures
from tests.facts import facts_of

DELETE = "/api/auth/delete-account/"
PASSWORD = "StrongPass123"
TASK = {"title": "Paint a fence", "description": "Blue.", "category": 6, "budget": "100"}
INTENTS = "/api/payments/intents/create/"


@pytest.fixture
def sara(join):
    """The one who leaves."""
    return join("sara")


@pytest.fixture
def omar(join):
    return join("omar")


@pytest.fixture(autouse=True)
def order(app):
    """The house is in order when the story is over, and the books are right."""
    yield
    relay.sweep()
    assert deals.find_contradictions() == []
    assert list(payments.verify()) == []


def leave(somebody, **body):
    return somebody.delete(DELETE, body or {"password": PASSWORD})


def post(owner, **changes):
    return owner.post("/api/tasks/create/", TASK | changes).json["id"]


def apply(seller, task_id):
    body = {"proposal": "I can", "offered_price": "90"}
    return seller.post(f"/api/tasks/{task_id}/apply/", body).json["id"]


def start(owner, seller):
    """A task in progress: its id and its application's."""
    task_id = post(owner)
    application_id = apply(seller, task_id)
    owner.post(f"/api/tasks/applications/{application_id}/accept/")
    return task_id, application_id


def complete(owner, seller):
    """A task that is done, and nobody has paid for it."""
    task_id, application_id = start(owner, seller)
    owner.post(f"/api/tasks/{task_id}/complete/")
    return task_id, application_id


def fund(owner, application_id):
    return owner.post(INTENTS, {"application_id": application_id}).json


def pay(client, intent):
    client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})


def told(somebody):
    return [row["message"] for row in somebody.get("/api/notifications/").json["results"]]


def login(client, name="sara"):
    return client.post("/api/auth/login/", {"username_or_email": name, "password": PASSWORD})


def test_an_account_is_deleted_with_the_password(client, sara):
    other = login(client).json
    answer = leave(sara)
    assert (answer.status_code, answer.data) == (204, b"")
    for dead in (sara, client.signed_in(other)):
        assert dead.get("/api/auth/profile/").json["code"] == "token_not_valid"
        assert leave(dead).status_code == 401
    assert client.post("/api/auth/token/refresh/", {"refresh": other["refresh"]}).status_code == 401
    assert {login(client).status_code, login(client, "sara@example.com").status_code} == {401}
    assert len(facts_of(SessionRevoked)) == 2
    assert facts_of(AccountDeleted) == [AccountDeleted(person_id=sara.user["id"])]


def test_the_name_and_the_address_are_free_again(client, sara, join):
    leave(sara)
    assert client.get("/api/auth/check-username/?username=sara").json["available"] is True
    assert client.get("/api/auth/check-email/?email=sara@example.com").json["available"] is True
    again = join("sara")
    assert again.user["id"] != sara.user["id"]
    assert leave(again).status_code == 204


@pytest.mark.parametrize(
    "body",
    [{}, {"password": "wrong"}, {"password": ""}, {"password": None}, {"password": 7}, {"confirm": True}],
)
def test_an_account_stays_without_the_password(client, sara, body):
    answer = sara.delete(DELETE, body)
    assert (answer.status_code, list(answer.json)) == (400, ["password"])
    assert login(client).status_code == 200


def test_an_account_stays_without_a_body_and_without_a_token(client, sara):
    assert list(sara.delete(DELETE).json) == ["password"]
    assert client.delete(DELETE, {"password": PASSWORD}).status_code == 401


def test_whoever_has_no_password_says_that_they_mean_it(sara):
    with unit_of_work() as unit:
        unit.session.execute(sa.update(User).values(password_hash=None))
    for body in ({}, {"confirm": False}, {"password": PASSWORD}):
        answer = sara.delete(DELETE, body)
        assert (answer.status_code, list(answer.json)) == (400, ["confirm"])
    assert list(sara.delete(DELETE, {"confirm": "true"}).json) == ["confirm"]
    assert leave(sara, confirm=True).status_code == 204


@pytest.mark.parametrize("leaver", ["owner", "freelancer"])
def test_work_in_progress_keeps_both_sides(join, leaver):
    owner, seller = join("owner", "client"), join("seller", "freelancer")
    task_id, _ = start(owner, seller)
    who = owner if leaver == "owner" else seller
    answer = leave(who)
    assert (answer.status_code, list(answer.json)) == (400, ["detail"])
    assert "in progress" in answer.json["detail"]
    owner.post(f"/api/tasks/{task_id}/complete/")
    assert leave(who).status_code == 204


@pytest.mark.parametrize("leaver", ["owner", "freelancer"])
def test_money_in_escrow_keeps_both_sides(client, sara, omar, leaver):
    _, application_id = complete(owner=sara, seller=omar)
    intent = fund(sara, application_id)
    pay(client, intent)
    who = sara if leaver == "owner" else omar
    answer = leave(who)
    assert (answer.status_code, list(answer.json)) == (400, ["detail"])
    assert "escrow" in answer.json["detail"]
    omar.post(f"/api/payments/escrow/{intent['escrow_id']}/refund/")
    assert leave(who).status_code == 204


def test_money_in_the_wallet_and_on_its_way_keeps_its_owner(client, sara, omar):
    _, application_id = complete(owner=omar, seller=sara)
    intent = fund(omar, application_id)
    pay(client, intent)
    omar.post(f"/api/payments/escrow/{intent['escrow_id']}/release/")
    account = sara.post("/api/payments/connect/create/").json["account_id"]
    client.post(f"/sandbox/payments/{account}", {"outcome": "succeeded"})
    for step in (
        lambda: None,
        lambda: sara.post("/api/payments/withdrawals/create/", {"amount": "90.00"}),
    ):
        step()
        answer = leave(sara)
        assert (answer.status_code, list(answer.json)) == (400, ["detail"])
        assert "wallet" in answer.json["detail"]
    relay.sweep()
    clock.advance(3 * 86_400)
    relay.sweep()
    (withdrawal,) = sara.get("/api/payments/withdrawals/").json["results"]
    assert withdrawal["status"] == "completed"
    assert leave(sara).status_code == 204


def test_open_tasks_are_cancelled_and_undecided_applications_removed(sara, omar):
    hers, his = post(sara), post(omar)
    offer = apply(omar, hers)
    apply(sara, his)
    relay.sweep()
    assert leave(sara).status_code == 204
    seen = omar.get(f"/api/tasks/{hers}/").json
    assert (seen["status"], seen["client"]["username"]) == ("CANCELLED", f"deleted user {sara.user['id']}")
    (mine,) = omar.get("/api/tasks/my-applications/").json["results"]
    assert (mine["id"], mine["status"]) == (offer, "rejected")
    assert omar.get(f"/api/tasks/{his}/applications/").json["count"] == 0
    assert omar.get(f"/api/tasks/{his}/").json["applications_count"] == 0
    relay.sweep()
    assert told(omar)[0] == "Your application to “Paint a fence” was not accepted."
    about = [row["data"] for row in omar.get("/api/notifications/?type=new_application").json["results"]]
    assert about == [{}]


def test_what_was_done_together_stays_under_no_name(client, sara, omar, join):
    lina = join("lina")
    done, application_id = complete(owner=omar, seller=sara)
    sara.post(f"/api/tasks/{done}/review/", {"rating": 5, "comment": "Pays at once."})
    omar.post(f"/api/tasks/{done}/review/", {"rating": 4, "comment": "Came late."})
    chat = sara.post("/api/messaging/conversations/create/", {"participant_id": omar.user["id"]}).json["id"]
    sara.post(f"/api/messaging/conversations/{chat}/messages/send/", {"content": "Good morning"})
    apply(lina, post(sara))
    nobody = f"deleted user {sara.user['id']}"
    assert leave(sara).status_code == 204
    reviews = client.get(f"/api/tasks/{done}/reviews/").json["results"]
    assert {review["reviewer"]["username"] for review in reviews} == {nobody, "omar"}
    assert client.get("/api/tasks/users/omar/reviews/").json["results"][0]["reviewer"] == {
        "id": sara.user["id"],
        "username": nobody,
        "first_name": "",
        "last_name": "",
        "avatar": None,
    }
    (message,) = omar.get(f"/api/messaging/conversations/{chat}/messages/").json["results"]
    assert (message["content"], message["sender"]["username"]) == ("Good morning", nobody)
    (mine,) = omar.get(f"/api/tasks/{done}/applications/").json["results"]
    assert (mine["id"], mine["freelancer"]["username"]) == (application_id, nobody)
    for path in ("sara", nobody):
        assert client.get(f"/api/tasks/users/{path}/reviews/").status_code == 404


def test_nothing_that_says_who_she_was_is_left_anywhere(client, sara, omar):
    traces = {
        "first_name": "Zarathustra",
        "last_name": "Wolkenstein",
        "phone_number": "+20 123 456 7890",
        "city": "Siwa-Oasis",
        "country": "Land of Nod-and-Wink",
        "bio": "Born in a lighthouse.",
    }
    sara.patch("/api/auth/profile/", traces)
    open_task, done = post(sara, address="Lighthouse Lane 7"), complete(owner=sara, seller=omar)[0]
    apply(sara, post(omar))
    sara.post(f"/api/tasks/{done}/review/", {"rating": 5})
    sara.post(f"/api/tasks/{open_task}/save/")
    sara.post("/api/payments/connect/create/", headers={"Idempotency-Key": "once"})
    sara.put("/api/recommendations/preferences/", {"preferred_cities": ["Siwa-Oasis"]})
    picture = {"image": sent_file(pictures.picture(), "Wolkenstein-at-work.png")}
    shown = sara.send_form("POST", "/api/auth/portfolio/", title="Wolkenstein's oak", **picture).json
    chat = sara.post("/api/messaging/conversations/create/", {"participant_id": omar.user["id"]}).json["id"]
    sara.post(f"/api/messaging/conversations/{chat}/messages/send/", {"content": "Good morning"})
    sara.post("/api/chatbot/chat/", {"message": "I need a plumber at 12 Lighthouse Lane in Siwa-Oasis"})
    client.post("/api/auth/password-reset/", {"email": "sara@example.com"})
    relay.sweep()
    assert any(message.startswith("Zarathustra Wolkenstein applied") for message in told(omar))
    assert where_is("Zarathustra") == {"users"}
    assert leave(sara).status_code == 204
    relay.sweep()
    assert client.get(shown["image"]).status_code == 404
    for trace in (*traces.values(), "Lighthouse", "sara@example.com"):
        assert where_is(trace) == set(), trace
    assert f"deleted user {sara.user['id']} applied to your task “Paint a fence”." in told(omar)
    assert inboxes() == {omar.user["id"]}
    with database.autocommit.connect() as connection:
        for table in ("saved_listings", "idempotency_keys"):
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) == 0


def test_somebody_who_has_left_hears_nothing_more(sara, omar):
    chat = sara.post("/api/messaging/conversations/create/", {"participant_id": omar.user["id"]}).json["id"]
    relay.sweep()
    before = len(mailbox.list_mails())
    leave(sara)
    answer = omar.post(f"/api/messaging/conversations/{chat}/messages/send/", {"content": "Are you there?"})
    assert answer.status_code == 201
    relay.sweep()
    assert inboxes() == set()
    assert len(mailbox.list_mails()) == before
    assert relay.backlog()["waiting"] == 0


def test_mails_that_were_under_way_reach_nobody_and_are_not_tried_again(client, join):
    sara = join("sara")
    client.post("/api/auth/password-reset/", {"email": "sara@example.com"})
    leave(sara)
    relay.sweep()
    assert mailbox.list_mails() == []
    assert relay.backlog() == {"waiting": 0, "late": 0, "failing": 0}


def test_nobody_begins_anything_with_somebody_who_has_left(sara, omar):
    _, application_id = complete(owner=omar, seller=sara)
    leave(sara)
    talk = omar.post("/api/messaging/conversations/create/", {"participant_id": sara.user["id"]})
    assert (talk.status_code, list(talk.json)) == (400, ["participant_id"])
    paid = omar.post(INTENTS, {"application_id": application_id})
    assert (paid.status_code, paid.json) == (400, {"detail": "The other side has deleted their account."})


def test_a_payment_that_was_only_begun_is_called_off(client, sara, omar):
    _, application_id = complete(owner=omar, seller=sara)
    intent = fund(omar, application_id)
    assert leave(sara).status_code == 204
    relay.sweep()
    assert omar.get(f"/api/payments/escrow/{intent['escrow_id']}/").json["status"] == "cancelled"
    refused = client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
    assert refused.status_code >= 400


def test_the_cards_of_somebody_who_leaves_are_let_go(sara):
    sara.post("/api/payments/payment-methods/create/", {"payment_method_id": "pm_card_visa"})
    assert sara.get("/api/payments/payment-methods/").json["count"] == 1
    assert leave(sara).status_code == 204
    with database.autocommit.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM payment_methods")) == 0
        assert connection.scalar(sa.text("SELECT email FROM payment_customers")) == ""


def test_the_operator_sees_that_somebody_left_and_cannot_bring_them_back(app, sara):
    leave(sara)
    run = app.test_cli_runner().invoke
    assert "deleted" in run(args=["users", "list", "--status", "deleted"]).output
    for who in (f"deleted user {sara.user['id']}", "sara"):
        assert run(args=["users", "activate", who]).exit_code == 1
    assert run(args=["doctor", "--offline"]).exit_code == 0
    assert run(args=["ledger", "verify"]).exit_code == 0
    assert accounts.get_account(person_id=sara.user["id"]).status == "deleted"


@pytest.mark.parametrize(
    ("harm", "told_of"),
    [
        ("UPDATE listings SET status = 'open'", "is deleted, their task 1 is open"),
        (
            """INSERT INTO ledger_accounts (provider, owner_id, purpose, currency, balance_minor)
            VALUES ('stripe', 1, 'available', 'USD', 500)""",
            "is deleted, there is money of theirs: 500 USD",
        ),
    ],
)
def test_what_somebody_left_undone_is_found(app, owner, sara, harm, told_of):
    post(sara)
    leave(sara)
    with owner.connect() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))
        connection.execute(sa.text(harm))
        (found,) = deals.find_contradictions()
        connection.execute(sa.text("UPDATE listings SET status = 'cancelled'"))
        connection.execute(sa.text("DELETE FROM ledger_accounts"))
        connection.execute(sa.text("RESET session_replication_role"))
    assert found.endswith(told_of)


def where_is(trace):
    """The tables with a row that holds a text; what the sandbox plays lies outside the house."""
    found = set()
    with database.autocommit.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if not table.name.startswith("sandbox_"):
                query = sa.text(f"SELECT count(*) FROM {table.name} t WHERE t::text ILIKE :trace")
                if connection.scalar(query, {"trace": f"%{trace}%"}):
                    found.add(table.name)
    return found


def inboxes():
    """Who has something in their inbox."""
    with database.autocommit.connect() as connection:
        return set(connection.scalars(sa.text("SELECT person_id FROM notifications")))
