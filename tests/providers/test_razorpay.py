"""The real Razorpay client against the twin, over HTTP."""

import hashlib
import hmac
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import requests
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.settings import Settings
from marketplace.providers import razorpay as ours
from marketplace.providers.orders import Payment
from marketplace.providers.payments import NotAnEvent, OutcomeUnknown, Refused, SignatureInvalid
from marketplace.providers.razorpay import RazorpayProvider, key_secret, webhook_secret
from marketplace.providers.sandbox import payers
from marketplace.providers.sandbox.acts import Outcome
from marketplace.providers.sandbox.razorpay.house import House

RUPEES = Money(2_000_000, "INR")
SECRETS = Settings(razorpay_key_id="rzp_test_a", razorpay_key_secret="ks", razorpay_webhook_secret="ws")


ODD = {"id": "order_1", "amount": "x", "currency": "INR", "status": "created", "created_at": 1}


def signed(text, secret):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


@pytest.fixture
def provider(app):
    return RazorpayProvider(app.config["SETTINGS"])


@pytest.fixture(autouse=True)
def nobody_listens(monkeypatch):
    monkeypatch.setattr(House, "webhook_url", property(lambda _: "http://127.0.0.1:9/"))


@pytest.fixture
def order(provider):
    return provider.create_order(RUPEES, receipt="21")


class TestOrders:
    def test_a_new_order_waits_for_its_payer(self, provider, order):
        assert order.reference.startswith("order_")
        assert (order.amount, order.is_paid) == (RUPEES, False)
        assert abs(order.created_at - clock.now()) < timedelta(seconds=10)
        assert provider.get_order(order.reference) == order
        assert provider.find_payment(order.reference) is None

    def test_an_order_is_found_by_its_receipt_the_newest_first(self, provider, order):
        provider.create_order(RUPEES, receipt="2")
        clock.advance(60)
        newer = provider.create_order(RUPEES, receipt="21")
        assert provider.find_order(receipt="21") == newer
        assert provider.find_order(receipt="22") is None

    def test_a_paid_order_has_its_payment(self, provider, order):
        payers.act(order.reference, Outcome.FAILED)
        assert not provider.get_order(order.reference).is_paid
        assert provider.find_payment(order.reference) is None
        checkout = payers.act(order.reference, Outcome.SUCCEEDED).checkout
        assert provider.get_order(order.reference).is_paid
        paid_by = Payment(reference=checkout["razorpay_payment_id"], amount=RUPEES)
        assert provider.find_payment(order.reference) == paid_by

    @pytest.mark.parametrize("reference", ["order_unknown", "pay_1", "..", "order_%00", "évil"])
    def test_an_unknown_order_is_refused(self, provider, reference):
        for ask in (provider.get_order, provider.find_payment):
            with pytest.raises((Refused, OutcomeUnknown)):
                ask(reference)

    @pytest.mark.parametrize("change", [{"receipt": "r" * 41}, {"amount": Money(99, "INR")}])
    def test_what_razorpay_does_not_take_is_refused(self, provider, change):
        asked = {"amount": RUPEES, "receipt": "21"} | change
        with pytest.raises(Refused, match="makes no sense"):
            provider.create_order(asked["amount"], receipt=asked["receipt"])

    def test_another_secret_is_refused(self, app, order):
        stranger = RazorpayProvider(replace(app.config["SETTINGS"], razorpay_key_secret="guessed"))
        with pytest.raises(Refused, match="Authentication failed"):
            stranger.get_order(order.reference)

    def test_many_at_once_have_sessions_of_their_own(self, provider, order):
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(provider.get_order, [order.reference] * 16)) == {order}


class TestProofs:
    @pytest.fixture
    def told(self, order):
        checkout = payers.act(order.reference, Outcome.SUCCEEDED).checkout
        return {
            "order_reference": checkout["razorpay_order_id"],
            "payment_reference": checkout["razorpay_payment_id"],
            "signature": checkout["razorpay_signature"],
        }

    def test_what_the_page_was_told_is_proven(self, provider, told):
        assert provider.is_proven(**told)

    @pytest.mark.parametrize("name", ["order_reference", "payment_reference", "signature"])
    @pytest.mark.parametrize("other", ["", "x", "é", "\ud800", "\0", "0" * 64, "|", "a" * 100_000])
    def test_anything_else_is_not(self, provider, told, name, other):
        assert not provider.is_proven(**{**told, name: other})

    def test_it_is_razorpays_documented_signature(self):
        proof = signed("order_1|pay_1", "ks")
        told = {"order_reference": "order_1", "payment_reference": "pay_1", "signature": proof}
        assert RazorpayProvider(SECRETS).is_proven(**told)
        assert not RazorpayProvider(replace(SECRETS, razorpay_key_secret="other")).is_proven(**told)

    def test_without_a_secret_nothing_is_proven(self):
        bare = RazorpayProvider(Settings(environment="production"))
        told = {"order_reference": "order_1", "payment_reference": "pay_1"}
        assert not bare.is_set_up
        assert not bare.is_proven(**told, signature=signed("order_1|pay_1", ""))


class TestAnswers:
    """What the provider's errors come to, told by a server that answers as it is told."""

    @pytest.fixture
    def answering(self):
        server = make_server("127.0.0.1", 0, Response(), threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()

        def answering(status, body):
            text = body if isinstance(body, str) else json.dumps(body)
            server.app = Response(text, status=status, headers={"Location": "/again"})
            url = f"http://127.0.0.1:{server.server_port}"
            provider = RazorpayProvider(replace(SECRETS, razorpay_api_base=url))
            return lambda: provider.create_order(RUPEES, receipt="1")

        yield answering
        server.shutdown()
        thread.join()
        server.server_close()

    @pytest.mark.parametrize("status", [400, 401, 404, 429])
    def test_a_definite_no_is_a_refusal(self, answering, status):
        with pytest.raises(Refused, match="No"):
            answering(status, {"error": {"code": "BAD_REQUEST_ERROR", "description": "No."}})()

    @pytest.mark.parametrize("status", [302, 400, 408, 500, 502, 503])
    @pytest.mark.parametrize("code", ["GATEWAY_ERROR", "SERVER_ERROR", "", None, 7])
    def test_everything_else_leaves_the_outcome_open(self, answering, status, code):
        with pytest.raises(OutcomeUnknown):
            answering(status, {"error": {"code": code, "description": "Hm."}})()

    @pytest.mark.parametrize("status", [200, 404, 502])
    @pytest.mark.parametrize(
        "body",
        ["<html>a proxy speaks</html>", "", [], None, 7, {}, {"error": "x"}, {"error": None}, {"id": 1}, ODD],
    )
    def test_an_answer_that_is_not_razorpays_leaves_the_outcome_open(self, answering, status, body):
        with pytest.raises(OutcomeUnknown):
            answering(status, body)()

    def test_nothing_is_printed_and_nobody_there_leaves_the_outcome_open(self, capsys):
        provider = RazorpayProvider(replace(SECRETS, razorpay_api_base="http://127.0.0.1:9"))
        with pytest.raises(OutcomeUnknown):
            provider.get_order("order_1")
        assert capsys.readouterr().out == ""

    def test_razorpay_is_asked_for_a_limited_time_and_its_certificate_checked_by_todays_list(
        self, monkeypatch
    ):
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            monkeypatch.delenv(name, raising=False)
        asked = []

        def send(_, request, **options):
            asked.append((request, options))
            raise requests.Timeout

        monkeypatch.setattr(requests.Session, "send", send)
        with pytest.raises(OutcomeUnknown):
            RazorpayProvider(SECRETS).get_order("order_1")
        ((request, options),) = asked
        assert request.url == "https://api.razorpay.com/v1/orders/order_1"
        assert (options["verify"], options["timeout"]) == (True, (3.05, 20))


class TestWebhooks:
    BODY = json.dumps(
        {
            "entity": "event",
            "account_id": "acc_1",
            "event": "payment.captured",
            "contains": ["payment"],
            "payload": {"payment": {"entity": {"id": "pay_1"}}},
            "created_at": 1,
        }
    )

    def read(self, body=BODY, event_id="evt_1", secret="ws"):
        text = body if isinstance(body, str) else body.decode(errors="replace")
        raw = body.encode() if isinstance(body, str) else body
        return RazorpayProvider(SECRETS).read_event(raw, signed(text, secret), event_id=event_id)

    def test_a_signed_event_is_read(self):
        event = self.read()
        assert (event.id, event.type, event.account) == ("evt_1", "payment.captured", "acc_1")
        assert event.object == {"payment": {"id": "pay_1"}}
        assert event.created_at.timestamp() == 1

    @pytest.mark.parametrize("event_id", ["", "e" * 256])
    def test_an_event_without_an_id_is_known_by_its_body(self, event_id):
        event = self.read(event_id=event_id)
        assert event.id == hashlib.sha256(self.BODY.encode()).hexdigest()

    @pytest.mark.parametrize("signature", ["", "x", "é", "\ud800", "0" * 64])
    def test_a_signature_that_is_none_is_refused(self, signature):
        with pytest.raises(SignatureInvalid):
            RazorpayProvider(SECRETS).read_event(self.BODY.encode(), signature, event_id="evt_1")

    def test_another_body_or_secret_is_refused(self):
        for body, secret in ((self.BODY, "other"), (b"\xff\xfe", "ws")):
            with pytest.raises(SignatureInvalid):
                self.read(body, secret=secret)
        with pytest.raises(SignatureInvalid):
            RazorpayProvider(SECRETS).read_event(
                self.BODY.encode() + b" ", signed(self.BODY, "ws"), event_id=""
            )

    @pytest.mark.parametrize(
        "body",
        [
            "[]",
            "{}",
            "nonsense",
            "null",
            '"x"',
            '{"event": 1}',
            '{"event": ""}',
            '{"event": "%s"}' % ("e" * 256),
            '{"event": "x", "payload": %s' % ("[" * 5000),
        ],
    )
    def test_a_signed_body_that_is_no_event_is_refused(self, body):
        with pytest.raises(NotAnEvent):
            self.read(body)

    @pytest.mark.parametrize(
        "payload",
        [
            '"x"',
            "[]",
            "7",
            "1e400",
            "null",
            '{"payment": 7}',
            '{"payment": {"entity": [1]}}',
            '{"payment": {}}',
        ],
    )
    def test_of_an_odd_event_is_read_what_makes_sense(self, payload):
        event = self.read(
            f'{{"event": "x\\u0000", "payload": {payload}, "created_at": -1, "account_id": []}}'
        )
        assert (event.type, event.account, event.object) == ("x\ufffd", None, {})
        assert abs((event.created_at - clock.now()).total_seconds()) < 10

    def test_production_without_a_secret_refuses_everything(self):
        bare = RazorpayProvider(
            Settings(environment="production", razorpay_key_id="a", razorpay_key_secret="b")
        )
        with pytest.raises(SignatureInvalid):
            bare.read_event(self.BODY.encode(), signed(self.BODY, ""), event_id="evt_1")


class TestConfiguration:
    def test_a_key_means_razorpay_itself(self):
        assert RazorpayProvider(SECRETS).public_key == "rzp_test_a"
        assert RazorpayProvider(SECRETS)._base == "https://api.razorpay.com"

    def test_without_a_key_the_twin_answers(self, provider, live_server):
        assert provider.is_set_up
        assert provider.public_key.startswith("rzp_test_")
        assert provider._base == f"{live_server}/sandbox/razorpay"

    def test_the_secrets_of_development_come_from_the_settings_at_hand(self):
        for secret_of in (key_secret, webhook_secret):
            assert len({secret_of(Settings(secret_key=key * 32)) for key in "ab"}) == 2
            assert secret_of(Settings(environment="production")) is None
        assert key_secret(Settings()) != webhook_secret(Settings())
        assert (key_secret(SECRETS), webhook_secret(SECRETS)) == ("ks", "ws")

    def test_the_twin_signs_with_a_secret_that_is_set(self, monkeypatch):
        house = House()
        house.configure(Settings(razorpay_key_secret="mine"))
        assert house.keys == ("rzp_test_sandbox", "mine")

    def test_a_test_may_bring_its_own_provider(self, provider):
        before = ours.provider()
        with ours.replaced(provider):
            assert ours.provider() is provider
        assert ours.provider() is before
