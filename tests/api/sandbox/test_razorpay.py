"""The twin's HTTP: Razorpay's shapes, its payer, and its signed webhooks at the ordinary receiver."""

import base64
import hashlib
import hmac

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.providers.razorpay import SANDBOX_KEY, key_secret, webhook_secret
from marketplace.providers.sandbox.razorpay.house import House
from tests.factories.payments import person
from tests.factories.razorpay import ask as ask_payment
from tests.factories.razorpay import find
from tests.together import together

PATH = "/sandbox/razorpay/v1"
ORDER = {"amount": 50_000, "currency": "INR", "receipt": "21", "notes": {"a": "b"}}


def basic(key, secret):
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()}


@pytest.fixture
def secrets(app):
    settings = app.config["SETTINGS"]
    return {"key": key_secret(settings), "webhook": webhook_secret(settings)}


@pytest.fixture
def ask(client, secrets):
    def ask(method, path, body=None):
        headers = basic(SANDBOX_KEY, secrets["key"])
        return client.flask.open(f"{PATH}{path}", method=method, json=body, headers=headers)

    return ask


@pytest.fixture
def act(client):
    def act(reference, outcome="succeeded"):
        return client.post(f"/sandbox/payments/{reference}", {"outcome": outcome})

    return act


@pytest.fixture
def payer(app):
    return person()


@pytest.fixture
def payee(app):
    return person()


@pytest.fixture
def request_id(payer, payee):
    return ask_payment(payee, payer).id


@pytest.fixture
def order(payer, request_id):
    return payments.open_razorpay_order(actor=payer, request_id=request_id).order_reference


def told_to_page(answer):
    return {
        "order_reference": answer["razorpay_order_id"],
        "payment_reference": answer["razorpay_payment_id"],
        "signature": answer["razorpay_signature"],
    }


class TestOrders:
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Authorization": "Bearer x"},
            basic("rzp_test_sandbox", "guessed"),
            basic("", ""),
            basic("é", "é"),
        ],
    )
    def test_the_houses_own_key_is_asked_for(self, client, headers):
        answer = client.flask.get(f"{PATH}/orders/order_1", headers=headers)
        assert answer.status_code == 401
        assert answer.json["error"]["code"] == "BAD_REQUEST_ERROR"

    def test_an_order_has_razorpays_shape(self, ask):
        order = ask("POST", "/orders", ORDER).json
        assert order.pop("id").startswith("order_")
        assert isinstance(order.pop("created_at"), int)
        assert order == ORDER | {
            "entity": "order",
            "amount_paid": 0,
            "amount_due": 50_000,
            "status": "created",
            "attempts": 0,
            "offer_id": None,
        }

    def test_orders_and_payments_are_listed_as_a_collection(self, ask, act):
        order = ask("POST", "/orders", ORDER).json
        act(order["id"], "failed")
        paid = act(order["id"]).json
        found = ask("GET", "/orders?receipt=21").json
        assert (found["entity"], found["count"], found["items"][0]["status"]) == ("collection", 1, "paid")
        assert ask("GET", "/orders").json["count"] == 1
        assert ask("GET", "/orders?receipt=%00").json["count"] == 0
        attempts = ask("GET", f"/orders/{order['id']}/payments").json["items"]
        assert sorted(payment["status"] for payment in attempts) == ["captured", "failed"]
        (payment,) = (payment for payment in attempts if payment["captured"])
        assert ask("GET", f"/payments/{paid['razorpay_payment_id']}").json == payment
        assert (payment["order_id"], payment["amount"], payment["currency"]) == (order["id"], 50_000, "INR")

    @pytest.mark.parametrize(
        "change",
        [
            {"amount": 99},
            {"amount": "500"},
            {"amount": 10**13},
            {"amount": None},
            {"currency": "rupees"},
            {"receipt": "r" * 41},
            {"receipt": "\0"},
            {"notes": {str(number): "x" for number in range(16)}},
        ],
    )
    def test_an_order_that_makes_no_sense_is_refused(self, ask, change):
        answer = ask("POST", "/orders", ORDER | change)
        assert answer.status_code == 400
        assert answer.json["error"]["description"]

    @pytest.mark.parametrize("reference", ["order_1", "pay_1", "evt_1", "x" * 300, "%00", "order_%C3%A9"])
    def test_what_is_not_there_is_refused(self, ask, act, reference):
        for path in (f"/orders/{reference}", f"/orders/{reference}/payments", f"/payments/{reference}"):
            assert ask("GET", path).status_code == 400
        assert act(reference).status_code == 404

    def test_of_the_rest_of_razorpay_nothing_is_known(self, ask):
        assert ask("POST", "/refunds").status_code == 404


class TestPaying:
    def test_the_page_is_told_a_proof_and_the_receiver_the_payment(
        self, act, secrets, payer, request_id, order, owner
    ):
        acted = act(order)
        assert acted.status_code == 200
        told = acted.json
        assert (told["reference"], told["status"], told["webhook"]) == (order, "paid", {"status": 200})
        signed = f"{order}|{told['razorpay_payment_id']}".encode()
        proof = hmac.new(secrets["key"].encode(), signed, hashlib.sha256).hexdigest()
        assert (told["razorpay_order_id"], told["razorpay_signature"]) == (order, proof)
        assert find(request_id).status == "paid"
        assert payments.verify_razorpay_payment(
            actor=payer, request_id=request_id, **told_to_page(told)
        ) == find(request_id)
        with owner.connect() as connection:
            events = connection.execute(
                sa.text("SELECT provider, type, outcome FROM provider_events ORDER BY id")
            ).all()
        assert sorted(events) == [
            ("razorpay", "order.paid", "ignored"),
            ("razorpay", "payment.captured", "applied"),
        ]
        assert list(payments.verify()) == []

    def test_a_page_verifies_where_webhooks_do_not_arrive(self, act, payer, request_id, order, monkeypatch):
        monkeypatch.setattr(House, "webhook_url", property(lambda _: "http://127.0.0.1:9/"))
        told = act(order).json
        assert told["webhook"] == {"status": 0}
        assert find(request_id).status == "pending"
        paid = payments.verify_razorpay_payment(actor=payer, request_id=request_id, **told_to_page(told))
        assert paid.status == "paid"

    def test_a_payment_may_fail_and_be_followed_by_a_good_one(self, act, request_id, order):
        failed = act(order, "failed").json
        assert (failed["status"], failed["webhook"]) == ("attempted", {"status": 200})
        assert failed["error"]["metadata"]["order_id"] == order
        assert failed["error"]["metadata"]["payment_id"].startswith("pay_")
        assert find(request_id).status == "pending"
        assert act(order).json["status"] == "paid"
        assert find(request_id).status == "paid"

    def test_an_order_is_paid_once(self, act, order):
        act(order)
        for outcome in ("succeeded", "failed"):
            assert act(order, outcome).status_code == 400

    def test_of_many_payers_at_once_one_pays(self, app, act, request_id, order):
        def pay():
            return app.test_client().post(f"/sandbox/payments/{order}", json={"outcome": "succeeded"})

        statuses = sorted(answer.status_code for answer in together(*[pay] * 4))
        assert statuses == [200, 400, 400, 400]
        assert list(payments.verify()) == []

    def test_the_sandboxs_page_has_its_buttons(self, client, act, order):
        page = client.get("/sandbox/").text
        assert order in page
        assert "20000.00 INR" in page
        pressed = client.flask.post("/sandbox/act", data={"reference": order, "outcome": "succeeded"})
        assert pressed.status_code == 303
        assert act(order).status_code == 400
