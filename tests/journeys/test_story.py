"""The main job from registration to payout, against the server that `make run` starts."""

import pytest
import requests

from tests.journeys.people import PASSWORD, Somebody, eventually, pay

TASK = {
    "title": "Paint a blue fence",
    "description": "Twelve metres, the paint is here.",
    "category": 6,
    "budget": 100.00,
    "deadline": "2030-01-31",
    "city": "Cairo",
    "address": "12 Nile Street",
    "task_type": "physical",
}


@pytest.fixture(params=["running_house", "threaded_house"])
def url(request):
    """A house on eventlet, then one on threads."""
    return request.getfixturevalue(request.param)


def agree(url, *, pay_for_it=True):
    """A client and a freelancer whose application was accepted; answers both, the task and the intent."""
    owner, seller = Somebody.joins(url, "client", "owner"), Somebody.joins(url, "freelancer", "seller")
    task = owner.post("/api/tasks/create/", TASK, expect=201)
    offer = {"proposal": "I can", "offered_price": 120.00, "estimated_duration": "2 days"}
    application = seller.post(f"/api/tasks/{task['id']}/apply/", offer, expect=201)
    owner.post(f"/api/tasks/applications/{application['id']}/accept/")
    intent = owner.post("/api/payments/intents/create/", {"application_id": application["id"]}, expect=201)
    if pay_for_it:
        pay(url, intent["intent_id"])
    return owner, seller, task, intent


def escrow_of(somebody, intent):
    return somebody.get(f"/api/payments/escrow/{intent['escrow_id']}/")


def test_a_task_goes_from_post_to_payout(url):
    owner = Somebody.joins(url, "client", "owner")
    seller, rival = Somebody.joins(url, "freelancer", "seller"), Somebody.joins(url, "freelancer", "rival")
    for somebody in (owner, seller):
        prove_address(url, somebody)
    task = post_and_find(url, owner)
    application = choose_one_of_two(owner, seller, rival, task)
    intent = pay_into_escrow(url, owner, seller, rival, task)
    assert intent["application_id"] == application["id"]
    talk_live(owner, seller, rival, task)
    finish_and_release(owner, seller, task, intent)
    withdraw(seller)
    review_each_other(owner, seller, task)
    hear_of_it(owner, seller, rival)


def prove_address(url, somebody):
    token = somebody.verification_token()
    verified = requests.post(f"{url}/api/auth/verify-email/", json={"token": token}, timeout=10)
    assert verified.json() == {"detail": "Email verified."}
    body = {"email": f"{somebody.username}@example.com", "password": PASSWORD}
    session = requests.post(f"{url}/api/auth/login/", json=body, timeout=10).json()
    assert session["user"]["is_verified"] is True
    somebody.access = session["access"]


def post_and_find(url, owner):
    task = owner.post("/api/tasks/create/", TASK, expect=201)
    query = {
        "search": "FENCE blue",
        "status": "OPEN",
        "city": "cairo",
        "min_budget": "100",
        "max_budget": "100",
    }
    found = requests.get(f"{url}/api/tasks/", params=query, timeout=10).json()
    assert task["id"] in [row["id"] for row in found["results"]]
    return task


def choose_one_of_two(owner, seller, rival, task):
    offer = {"proposal": "I can deliver in 3 days", "bid_amount": "120.00"}
    application = seller.post(f"/api/tasks/{task['id']}/apply/", offer, expect=201)
    other = rival.post(f"/api/tasks/{task['id']}/apply/", offer, expect=201)
    owner.post("/api/payments/intents/create/", {"application_id": application["id"]}, expect=400)
    owner.post(f"/api/tasks/applications/{application['id']}/accept/")
    listed = owner.get(f"/api/tasks/{task['id']}/applications/")["results"]
    assert {row["id"]: row["status"] for row in listed} == {
        application["id"]: "accepted",
        other["id"]: "rejected",
    }
    return application


def pay_into_escrow(url, owner, seller, rival, task):
    intent = owner.post("/api/payments/intents/create/", {"task_id": task["id"]}, expect=201)
    assert intent["status"] == "requires_payment_method"
    assert (intent["amount"], intent["currency"]) == ("120.00", "usd")
    assert escrow_of(owner, intent)["status"] == "pending"
    assert pay(url, intent["intent_id"])["webhook"]["status"] == 200
    assert escrow_of(seller, intent)["status"] == "held"
    assert owner.get(f"/api/tasks/{task['id']}/")["escrow"]["status"] == "held"
    rival.get(f"/api/payments/escrow/{intent['escrow_id']}/", expect=404)
    return intent


def finish_and_release(owner, seller, task, intent):
    assert owner.post(f"/api/tasks/{task['id']}/complete/")["status"] == "COMPLETED"
    assert escrow_of(owner, intent)["status"] == "held"
    assert owner.post(f"/api/payments/escrow/{intent['escrow_id']}/release/")["status"] == "released"
    wallet = seller.get("/api/payments/wallet/")
    assert (wallet["available_balance"], wallet["lifetime_earnings"]) == ("120.00", "120.00")
    assert owner.get("/api/payments/wallet/")["lifetime_spent"] == "120.00"


def withdraw(seller):
    assert seller.get("/api/payments/connect/status/")["connected"] is False
    seller.post("/api/payments/withdrawals/create/", {"amount": 50.00}, expect=400)
    account = seller.post("/api/payments/connect/create/", expect=201)
    assert account["account_id"].startswith("acct_")
    link = seller.post("/api/payments/connect/onboarding/")["url"]
    assert requests.get(link, timeout=10).status_code == 200
    assert eventually(lambda: seller.get("/api/payments/connect/status/")["payouts_enabled"])
    withdrawal = seller.post("/api/payments/withdrawals/create/", {"amount": 50.00}, expect=201)
    assert withdrawal["amount"] == "50.00"
    eventually(lambda: seller.get("/api/payments/withdrawals/")["results"][0]["status"] == "completed")
    wallet = seller.get("/api/payments/wallet/")
    assert (wallet["available_balance"], wallet["pending_balance"]) == ("70.00", "0.00")


def review_each_other(owner, seller, task):
    owner.post(f"/api/tasks/{task['id']}/review/", {"rating": 5, "comment": "Quick."}, expect=201)
    seller.post(f"/api/tasks/{task['id']}/review/", {"rating": 4, "comment": "Clear."}, expect=201)


def hear_of_it(owner, seller, rival):
    told_owner = {"new_application", "new_message", "payment_held", "review_received"}
    assert eventually(lambda: set(owner.types()) >= told_owner)
    told = {"application_accepted", "task_completed", "payment_held", "payment_released"}
    told |= {"withdrawal_completed", "review_received", "new_message"}
    assert eventually(lambda: set(seller.types()) >= told)
    assert rival.types() == ["application_rejected"]
    assert owner.types().count("new_application") == 2
    kinds = seller.types()
    assert len(kinds) == len(set(kinds))
    assert seller.mail_about("accepted")


def talk_live(owner, seller, rival, task):
    """The two talk over a plain WebSocket and Socket.IO at once; a stranger hears nothing."""
    body = {"participant_id": seller.id, "task_id": task["id"]}
    conversation = owner.post("/api/messaging/conversations/create/", body, expect=201)
    assert owner.post("/api/messaging/conversations/create/", body)["id"] == conversation["id"]
    path = f"/ws/chat/{conversation['id']}/"
    with owner.on_websocket(path) as plain, seller.on_websocket("/ws/notifications/") as bell:
        # a handshake is over before the house has let somebody in, and only then do they hear
        eventually(plain.sees_other)
        with seller.on_socketio("/ws/chat", conversation_id=conversation["id"]) as modern:
            plain.say({"type": "chat_message", "message": "Good morning"})
            assert modern.hear("chat_message")["message"]["content"] == "Good morning"
            assert plain.hear("chat_message")["message"]["sender"]["username"] == owner.username
            assert bell.hear("new_notification")["notification"]["notification_type"] == "new_message"
            modern.say({"type": "chat_message", "message": "And to you"})
            assert plain.hear("chat_message")["message"]["content"] == "And to you"
            sent = owner.post(
                f"/api/messaging/conversations/{conversation['id']}/messages/send/",
                {"content": "See you"},
                expect=201,
            )
            assert sent["sender"] == owner.username
            modern.hear("chat_message")
            assert modern.hear("chat_message")["message"]["id"] == sent["message_id"]
            plain.socket.send("{nonsense")
            assert plain.hear("error")["detail"]
    history = seller.get(f"/api/messaging/conversations/{conversation['id']}/messages/")["results"]
    assert [row["content"] for row in history] == ["Good morning", "And to you", "See you"]
    assert seller.post(f"/api/messaging/conversations/{conversation['id']}/mark-read/")["unread_count"] == 0
    rival.get(f"/api/messaging/conversations/{conversation['id']}/messages/", expect=404)


def test_a_cancelled_task_gives_the_money_back(url):
    owner, seller, task, intent = agree(url)
    assert owner.post(f"/api/tasks/{task['id']}/cancel/")["status"] == "CANCELLED"
    assert eventually(lambda: escrow_of(owner, intent)["status"] == "refunded")
    owner.post(f"/api/payments/escrow/{intent['escrow_id']}/release/", expect=400)
    assert seller.get("/api/payments/wallet/")["available_balance"] == "0.00"
    assert eventually(lambda: "task_cancelled" in seller.types())
    assert eventually(lambda: "payment_refunded" in owner.types())


def test_a_refund_by_the_freelancer_and_never_by_a_stranger(url):
    owner, seller, task, intent = agree(url)
    stranger = Somebody.joins(url, "both", "stranger")
    stranger.post(f"/api/payments/escrow/{intent['escrow_id']}/refund/", expect=404)
    owner.post(f"/api/tasks/{task['id']}/complete/")
    owner.post(f"/api/payments/escrow/{intent['escrow_id']}/refund/", expect=400)
    assert seller.post(f"/api/payments/escrow/{intent['escrow_id']}/refund/")["status"] == "refunded"
    seller.post(f"/api/payments/escrow/{intent['escrow_id']}/refund/", expect=400)


def test_a_declined_card_may_try_again(url):
    owner, _, _, intent = agree(url, pay_for_it=False)
    pay(url, intent["intent_id"], "failed")
    assert escrow_of(owner, intent)["status"] == "failed"
    again = owner.post(
        "/api/payments/intents/create/", {"application_id": intent["application_id"]}, expect=201
    )
    pay(url, again["intent_id"])
    assert escrow_of(owner, again)["status"] == "held"


def test_a_failed_payout_puts_the_money_back(url):
    owner, seller, _, intent = agree(url)
    owner.post(f"/api/payments/escrow/{intent['escrow_id']}/release/")
    account = seller.post("/api/payments/connect/create/", expect=201)["account_id"]
    pay(url, account)
    pay(url, account, "failed")
    seller.post("/api/payments/withdrawals/create/", {"amount": "120.00"}, expect=201)
    assert seller.get("/api/payments/wallet/")["available_balance"] == "0.00"

    def failed():
        return seller.get("/api/payments/withdrawals/")["results"][0]["status"] == "failed"

    eventually(failed)
    wallet = seller.get("/api/payments/wallet/")
    assert (wallet["available_balance"], wallet["pending_balance"]) == ("120.00", "0.00")
    assert eventually(lambda: "withdrawal_failed" in seller.types())


def test_a_rejected_application_is_told(url):
    owner, seller = Somebody.joins(url, "client", "owner"), Somebody.joins(url, "freelancer", "seller")
    task = owner.post("/api/tasks/create/", TASK, expect=201)
    application = seller.post(
        f"/api/tasks/{task['id']}/apply/", {"proposal": "x", "bid_amount": 5}, expect=201
    )
    assert owner.post(f"/api/tasks/applications/{application['id']}/reject/")["status"] == "rejected"
    assert eventually(lambda: seller.types() == ["application_rejected"])


def test_a_logout_ends_tokens_and_sockets(url):
    somebody = Somebody.joins(url, "both", "leaver")
    with somebody.on_websocket("/ws/notifications/") as bell:
        somebody.post("/api/auth/logout/")
        assert bell.socket.recv_data()[0] == 8
    somebody.get("/api/auth/profile/", expect=401)
