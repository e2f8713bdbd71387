"""Money through MultiTask, with Stripe played by its sandbox twin over HTTP."""

import pytest

from marketplace.domains.payments import public as payments
from marketplace.kernel import relay
from marketplace.kernel.clock import clock

TASK = {
    "title": "Assemble a wardrobe",
    "description": "Two doors.",
    "category": 3,
    "budget": 100.00,
    "task_type": "physical",
}
INTENTS = "/api/payments/intents/create/"
NOT_FOUND = {"detail": "Not found."}


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def lina(join):
    return join("lina", "freelancer")


@pytest.fixture
def stranger(join):
    return join("maya", "both")


@pytest.fixture
def deal(omar, lina):
    """A task with an accepted application of 120.00; answers both ids."""
    task = omar.post("/api/tasks/create/", TASK).json
    application = lina.post(
        f"/api/tasks/{task['id']}/apply/", {"proposal": "I can", "bid_amount": "120.00"}
    ).json
    omar.post(f"/api/tasks/applications/{application['id']}/accept/")
    return {"task_id": task["id"], "application_id": application["id"]}


@pytest.fixture
def intent(omar, deal):
    return omar.post(INTENTS, {"application_id": deal["application_id"]}).json


@pytest.fixture
def pay(client):
    """A function that lets the payer pay; the twin sends its signed webhook to the ordinary receiver."""

    def pay(intent, outcome="succeeded"):
        answer = client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": outcome})
        assert answer.json["webhook"]["status"] == 200
        return intent

    return pay


@pytest.fixture
def escrow(intent, pay):
    """A held escrow's id."""
    return pay(intent)["escrow_id"]


@pytest.fixture
def books(app):
    """The books are right at the end of every story, by the twin's count too."""
    yield
    assert list(payments.verify()) == []


pytestmark = pytest.mark.usefixtures("books")


def wallet(somebody):
    return somebody.get("/api/payments/wallet/").json


def status(somebody, escrow):
    return somebody.get(f"/api/payments/escrow/{escrow}/").json["status"]


def test_an_intent_says_what_is_paid(omar, deal):
    answer = omar.post(INTENTS, {"application_id": deal["application_id"]})
    assert answer.status_code == 201
    body = answer.json
    assert body["intent_id"].startswith("pi_")
    assert body["client_secret"].startswith(f"{body['intent_id']}_secret_")
    assert body == {
        "intent_id": body["intent_id"],
        "client_secret": body["client_secret"],
        "status": "requires_payment_method",
        "escrow_id": 1,
        **deal,
        "amount": "120.00",
        "agreed_amount": "120.00",
        "currency": "usd",
        "provider": "simulator",
        "livemode": False,
    }


def test_the_other_documents_body_works_too(omar, deal):
    body = {"task_id": deal["task_id"], "amount": "200.00", "currency": "USD"}
    answer = omar.post(INTENTS, body)
    assert answer.status_code == 201
    assert (answer.json["amount"], answer.json["agreed_amount"]) == ("200.00", "120.00")
    again = omar.post(INTENTS, {**body, "amount": 150.5})
    assert again.status_code == 200
    assert again.json == {**answer.json, "amount": "150.50"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "application_id"),
        ({"application_id": "x"}, "application_id"),
        ({"application_id": 0}, "application_id"),
        ({"application_id": 10**19}, "application_id"),
        ({"application_id": 999}, "application_id"),
        ({"task_id": 999}, "task_id"),
        ({"amount": "119.99"}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": 120.001}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": "9" * 30}, "amount"),
        ({"currency": "eur"}, "currency"),
        ({"currency": None}, "currency"),
    ],
)
def test_a_bad_intent_names_the_field(omar, deal, body, field):
    target = {} if {"application_id", "task_id"} & body.keys() or not body else deal
    answer = omar.post(INTENTS, {**target, **body})
    assert answer.status_code == 400
    assert list(answer.json) == [field]


def test_only_the_owner_pays_and_only_for_what_is_accepted(omar, lina, deal):
    assert lina.post(INTENTS, deal).status_code == 403
    task = omar.post("/api/tasks/create/", TASK).json
    refused = omar.post(INTENTS, {"task_id": task["id"]})
    assert (refused.status_code, list(refused.json)) == (400, ["task_id"])


def test_the_money_goes_from_the_client_to_the_freelancer(omar, lina, stranger, intent, pay):
    path = f"/api/payments/escrow/{intent['escrow_id']}/"
    assert omar.get(path).json["status"] == "pending"
    pay(intent)
    held = lina.get(path).json
    assert held == {
        "id": intent["escrow_id"],
        "escrow_id": intent["escrow_id"],
        "task_id": intent["task_id"],
        "application_id": intent["application_id"],
        "client": held["client"],
        "freelancer": held["freelancer"],
        "amount": "120.00",
        "platform_fee": "0.00",
        "net_amount": "120.00",
        "currency": "usd",
        "status": "held",
        "created_at": held["created_at"],
        "funded_at": held["funded_at"],
        "released_at": None,
        "refunded_at": None,
    }
    assert (held["client"]["username"], held["freelancer"]["username"]) == ("omar", "lina")
    for verb, suffix in (("get", ""), ("post", "release/"), ("post", "refund/")):
        unseen = getattr(stranger, verb)(path + suffix)
        assert (unseen.status_code, unseen.json) == (404, NOT_FOUND)
    assert lina.post(f"{path}release/").status_code == 403
    assert omar.post(f"{path}release/").json["status"] == "released"
    again = omar.post(f"{path}release/")
    assert (again.status_code, again.json) == (400, {"detail": "Cannot release this escrow: it is released."})
    assert wallet(lina) == {
        "available_balance": "120.00",
        "escrowed_balance": "0.00",
        "pending_balance": "0.00",
        "lifetime_earnings": "120.00",
        "lifetime_spent": "0.00",
        "currency": "usd",
        "escrowed_incoming": "0.00",
        "escrowed_outgoing": "0.00",
    }
    assert wallet(omar)["lifetime_spent"] == "120.00"


def test_a_paid_application_is_not_paid_again(omar, deal, escrow):
    answer = omar.post(INTENTS, deal)
    assert answer.status_code == 400
    assert answer.json == {"detail": "This is already paid for: the escrow is held."}


def test_a_failed_payment_may_be_tried_again(omar, deal, intent, pay):
    pay(intent, "failed")
    assert status(omar, intent["escrow_id"]) == "failed"
    again = omar.post(INTENTS, deal)
    assert again.status_code == 201
    assert again.json["intent_id"] != intent["intent_id"]
    assert status(omar, pay(again.json)["escrow_id"]) == "held"


@pytest.mark.parametrize("who", ["omar", "lina"])
def test_both_sides_may_refund_while_the_work_is_not_done(omar, lina, escrow, who):
    somebody = {"omar": omar, "lina": lina}[who]
    answer = somebody.post(f"/api/payments/escrow/{escrow}/refund/")
    assert answer.status_code == 200
    assert answer.json["status"] == "refunded"
    lines = omar.get("/api/payments/wallet/transactions/").json["results"]
    assert [(line["type"], line["amount"]) for line in lines] == [
        ("escrow_refund", "120.00"),
        ("escrow_funding", "-120.00"),
    ]
    assert wallet(omar)["available_balance"] == "0.00"


def test_once_the_work_is_done_the_freelancer_alone_may_refund(omar, lina, deal, escrow):
    omar.post(f"/api/tasks/{deal['task_id']}/complete/")
    assert omar.post(f"/api/payments/escrow/{escrow}/refund/").status_code == 400
    assert lina.post(f"/api/payments/escrow/{escrow}/refund/").json["status"] == "refunded"


@pytest.mark.parametrize(
    ("fault", "code", "said", "later"),
    [
        ("refuse", 400, "stays in escrow", "held"),
        ("timeout_before", 503, "not confirmed yet", "refunded"),
        ("timeout_after", 503, "not confirmed yet", "refunded"),
    ],
)
def test_a_refund_that_is_not_confirmed_leaves_the_money_held(client, omar, escrow, fault, code, said, later):
    client.post("/sandbox/stripe/faults", {"operation": "refund", "fault": fault, "times": 1})
    answer = omar.post(f"/api/payments/escrow/{escrow}/refund/")
    assert (answer.status_code, said in answer.json["detail"]) == (code, True)
    assert status(omar, escrow) in {"held", later}
    clock.advance(300)
    relay.sweep()
    assert status(omar, escrow) == later


def test_cancelling_the_task_sends_the_money_back(omar, deal, escrow):
    assert omar.post(f"/api/tasks/{deal['task_id']}/cancel/").json["status"] == "CANCELLED"
    assert status(omar, escrow) == "refunded"


def test_everybody_signed_in_has_a_wallet_and_nobody_else(client, stranger):
    assert set(wallet(stranger).values()) == {"0.00", "usd"}
    assert stranger.get("/api/payments/wallet/transactions/").json == {
        "count": 0,
        "next": None,
        "previous": None,
        "results": [],
    }
    for path in ("wallet/", "wallet/transactions/", "withdrawals/", "connect/status/", "escrow/1/"):
        assert client.get(f"/api/payments/{path}").status_code == 401


def test_a_payout_account_is_opened_once_and_completed_at_the_provider(client, lina):
    status_path = "/api/payments/connect/status/"
    assert lina.get(status_path).json == {
        "connected": False,
        "account_id": None,
        "charges_enabled": False,
        "payouts_enabled": False,
        "details_submitted": False,
        "status": "none",
    }
    opened = lina.post("/api/payments/connect/create/")
    assert (opened.status_code, opened.json["status"]) == (201, "pending")
    again = lina.post("/api/payments/connect/create/")
    assert (again.status_code, again.json) == (200, opened.json)
    link = lina.post("/api/payments/connect/onboarding/").json
    assert link["url"] == link["onboarding_url"]
    client.get("/sandbox" + link["url"].partition("/sandbox")[2])
    relay.sweep()
    known = lina.get(status_path).json
    assert (known["status"], known["payouts_enabled"]) == ("active", True)


def test_onboarding_leads_back_to_allowed_origins_alone(lina):
    answer = lina.post("/api/payments/connect/onboarding/", {"return_url": "https://evil.example/"})
    assert answer.status_code == 400
    assert list(answer.json) == ["return_url"]


@pytest.fixture
def earned(client, omar, lina, escrow):
    """Lina has 120.00 and an account that takes payouts."""
    omar.post(f"/api/payments/escrow/{escrow}/release/")
    link = lina.post("/api/payments/connect/onboarding/").json["url"]
    client.get("/sandbox" + link.partition("/sandbox")[2])
    relay.sweep()
    return lina


def test_money_is_withdrawn_to_the_bank(earned):
    answer = earned.post("/api/payments/withdrawals/create/", {"amount": 50.0})
    assert answer.status_code == 201
    assert answer.json == {
        "id": 1,
        "amount": "50.00",
        "currency": "usd",
        "status": "pending",
        "created_at": answer.json["created_at"],
        "completed_at": None,
        "failure_reason": "",
    }
    assert (wallet(earned)["available_balance"], wallet(earned)["pending_balance"]) == ("70.00", "50.00")
    relay.sweep()
    clock.advance(3600)
    relay.sweep()
    listed = earned.get("/api/payments/withdrawals/").json
    assert (listed["count"], listed["results"][0]["status"]) == (1, "completed")
    assert wallet(earned)["pending_balance"] == "0.00"
    lines = earned.get("/api/payments/wallet/transactions/?page_size=1").json
    assert (lines["count"], lines["next"] is not None) == (2, True)
    assert lines["results"] == [
        {
            "id": lines["results"][0]["id"],
            "type": "withdrawal",
            "amount": "-50.00",
            "currency": "usd",
            "status": "completed",
            "description": "Withdrawal",
            "task_id": None,
            "escrow_id": None,
            "withdrawal_id": 1,
            "created_at": lines["results"][0]["created_at"],
        }
    ]
    beyond = earned.get("/api/payments/wallet/transactions/?page=2")
    assert (beyond.status_code, beyond.json) == (404, {"detail": "Invalid page."})


def test_a_withdrawal_that_is_too_large_names_the_amount(earned):
    answer = earned.post("/api/payments/withdrawals/create/", {"amount": "120.01"})
    assert (answer.status_code, list(answer.json)) == (400, ["amount"])
    assert earned.post("/api/payments/withdrawals/create/", {}).json == {
        "amount": ["This field is required."]
    }


def test_a_withdrawal_needs_an_account_that_takes_payouts(lina):
    answer = lina.post("/api/payments/withdrawals/create/", {"amount": 1})
    assert (answer.status_code, list(answer.json)) == (400, ["detail"])


def test_an_idempotency_key_withdraws_once(earned):
    keyed = {"headers": {"Idempotency-Key": "once"}}
    first = earned.post("/api/payments/withdrawals/create/", {"amount": 50}, **keyed)
    again = earned.post("/api/payments/withdrawals/create/", {"amount": 50}, **keyed)
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert wallet(earned)["pending_balance"] == "50.00"
    assert earned.post("/api/payments/withdrawals/create/", {"amount": 51}, **keyed).status_code == 422
