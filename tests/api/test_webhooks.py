"""`/webhooks/`: Razorpay's events at their receiver, signed on the raw body."""

import hashlib
import hmac
import json

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.providers.razorpay import webhook_secret
from tests.factories.payments import person
from tests.factories.razorpay import ask, find

RECEIVER = "/webhooks/razorpay/"


@pytest.fixture
def send(client, app):
    """A function that brings an event to the receiver as Razorpay does."""

    def send(body, event_id="evt_1", signature=None):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        secret = webhook_secret(app.config["SETTINGS"]).encode()
        signed = hmac.new(secret, raw, hashlib.sha256).hexdigest()
        headers = {"X-Razorpay-Signature": signed if signature is None else signature}
        headers |= {"x-razorpay-event-id": event_id} if event_id else {}
        return client.flask.post(RECEIVER, data=raw, content_type="application/json", headers=headers)

    return send


@pytest.fixture
def request_id(app):
    payer, payee = person(), person()
    request = ask(payee, payer)
    payments.open_razorpay_order(actor=payer, request_id=request.id)
    return request.id


@pytest.fixture
def event(request_id):
    payment = {
        "id": "pay_1",
        "order_id": find(request_id).order_reference,
        "amount": 2_000_000,
        "currency": "INR",
    }
    return {"event": "payment.captured", "payload": {"payment": {"entity": payment}}, "created_at": 1}


def events(owner):
    with owner.connect() as connection:
        return connection.execute(sa.text("SELECT event_id, outcome FROM provider_events ORDER BY id")).all()


def test_a_signed_event_is_taken_in_once(send, request_id, event, owner):
    for _ in range(3):
        answer = send(event)
        assert (answer.status_code, answer.json) == (200, {"received": True})
    assert find(request_id).status == "paid"
    assert events(owner) == [("evt_1", "applied")]


def test_an_event_without_an_id_is_taken_in_once_all_the_same(send, request_id, event, owner):
    for _ in range(3):
        assert send(event, event_id="").status_code == 200
    assert find(request_id).status == "paid"
    assert len(events(owner)) == 1


@pytest.mark.parametrize("signature", ["", "x", "0" * 64, "\u00e9"])
def test_what_is_not_signed_is_refused_and_not_kept(send, request_id, event, owner, signature):
    answer = send(event, signature=signature)
    assert (answer.status_code, list(answer.json)) == (400, ["detail"])
    assert find(request_id).status == "pending"
    assert events(owner) == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff", b"[" * 5000, b'{"event": 7}'])
def test_a_signed_body_that_is_no_event_is_refused(send, owner, body):
    assert send(body).status_code == 400
    assert events(owner) == []


@pytest.mark.parametrize(
    "payload", [None, [], 7, {"payment": None}, {"payment": {"entity": {"order_id": "\0"}}}]
)
def test_an_odd_event_is_kept(send, owner, payload):
    assert send({"event": "payment.captured", "payload": payload}).status_code == 200
    assert events(owner) == [("evt_1", "unmatched")]


def test_nothing_is_read_there(client):
    assert client.flask.get(RECEIVER).status_code == 405
