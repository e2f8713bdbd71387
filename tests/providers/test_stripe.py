"""The real Stripe client against the twin, over HTTP."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import stripe
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.settings import Settings
from marketplace.providers import stripe as ours
from marketplace.providers.payments import NotAnEvent, OutcomeUnknown, Refused, SignatureInvalid
from marketplace.providers.sandbox.stripe import calls, people
from marketplace.providers.sandbox.stripe.calls import Fault, Operation
from marketplace.providers.sandbox.stripe.people import Outcome
from marketplace.providers.stripe import StripeProvider
from marketplace.providers.stripe_webhooks import webhook_secret

TEN = Money(1000, "USD")
TWENTY = Money(2000, "USD")


@pytest.fixture(autouse=True)
def _someone_listens(receiver):
    """Every webhook finds a receiver."""


@pytest.fixture
def payment(provider):
    return provider.create_payment(TWENTY, metadata={"task": "42"}, idempotency_key="pay:1")


@pytest.fixture
def paid(payment):
    people.act(payment.reference, Outcome.SUCCEEDED)
    return payment


@pytest.fixture
def account(provider):
    opened = provider.create_account(
        email="worker@example.com", country="US", metadata={"user": "7"}, idempotency_key="account:7"
    )
    people.act(opened.reference, Outcome.SUCCEEDED)
    return opened.reference


def transfer(provider, account, amount=TWENTY, key="transfer:1"):
    return provider.transfer(amount, account_reference=account, metadata={}, idempotency_key=key)


def pay_out(provider, account, amount=TWENTY, key="payout:1"):
    return provider.pay_out(amount, account_reference=account, metadata={"w": "3"}, idempotency_key=key)


class TestPayments:
    def test_a_new_payment_waits_for_a_card(self, provider, payment):
        assert payment.reference.startswith("pi_")
        assert payment.client_secret.startswith(f"{payment.reference}_secret_")
        assert (payment.status, payment.amount) == ("requires_payment_method", TWENTY)
        assert provider.get_payment(payment.reference) == payment

    def test_an_unpaid_payment_changes_its_amount(self, provider, payment):
        changed = provider.change_payment(payment.reference, TEN, idempotency_key="change:1")
        assert changed == replace(payment, amount=TEN)

    def test_a_canceled_payment_can_be_neither_paid_nor_canceled_again(self, provider, payment):
        assert provider.cancel_payment(payment.reference, idempotency_key="c:1").status == "canceled"
        with pytest.raises(Refused) as refusal:
            provider.cancel_payment(payment.reference, idempotency_key="c:2")
        assert refusal.value.code == "payment_intent_unexpected_state"

    def test_an_unknown_payment_is_refused(self, provider):
        for reference in ("pi_unknown", "pi_\0", "évil", "acct_1"):
            with pytest.raises(Refused) as refusal:
                provider.get_payment(reference)
            assert refusal.value.code == "resource_missing"

    def test_the_same_key_and_body_opens_one_payment(self, provider, payment):
        again = provider.create_payment(TWENTY, metadata={"task": "42"}, idempotency_key="pay:1")
        assert again == payment

    def test_eight_at_once_with_one_key_open_one_payment(self, provider):
        def ask(_):
            return provider.create_payment(TEN, metadata={}, idempotency_key="race").reference

        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(ask, range(8)))) == 1
        assert len(people.list_payments(10)) == 1

    def test_the_same_key_with_another_body_leaves_the_outcome_open(self, provider, payment):
        with pytest.raises(OutcomeUnknown, match="same parameters"):
            provider.create_payment(TEN, metadata={}, idempotency_key="pay:1")


class TestRefunds:
    def test_a_payment_is_refunded_in_parts_and_no_further(self, provider, paid):
        refund = provider.refund(paid.reference, TEN, idempotency_key="r:1")
        assert refund.reference.startswith("re_")
        assert refund.status == "succeeded"
        with pytest.raises(Refused, match="greater than unrefunded"):
            provider.refund(paid.reference, TWENTY, idempotency_key="r:2")
        provider.refund(paid.reference, TEN, idempotency_key="r:3")
        with pytest.raises(Refused) as refusal:
            provider.refund(paid.reference, TEN, idempotency_key="r:4")
        assert refusal.value.code == "charge_already_refunded"

    def test_a_refusal_stays_with_its_key(self, provider, payment):
        with pytest.raises(Refused):
            provider.refund(payment.reference, TWENTY, idempotency_key="r:early")
        people.act(payment.reference, Outcome.SUCCEEDED)
        with pytest.raises(Refused):
            provider.refund(payment.reference, TWENTY, idempotency_key="r:early")
        assert provider.refund(payment.reference, TWENTY, idempotency_key="r:late").status == "succeeded"

    def test_two_refunds_at_once_do_not_exceed_the_payment(self, provider, paid):
        def ask(number):
            try:
                return provider.refund(paid.reference, TWENTY, idempotency_key=f"r:{number}").status
            except Refused as refusal:
                return refusal.code

        with ThreadPoolExecutor(4) as pool:
            answers = sorted(pool.map(ask, range(4)))
        assert answers == ["charge_already_refunded"] * 3 + ["succeeded"]


class TestAccounts:
    def test_an_account_works_once_its_holder_completed_it(self, provider):
        opened = provider.create_account(
            email="a@example.com", country="DZ", metadata={}, idempotency_key="account:1"
        )
        assert not opened.payouts_enabled
        with pytest.raises(Refused) as refusal:
            transfer(provider, opened.reference)
        assert refusal.value.code == "insufficient_capabilities_for_transfer"
        people.act(opened.reference, Outcome.SUCCEEDED)
        completed = provider.get_account(opened.reference)
        assert completed.payouts_enabled
        assert completed.charges_enabled
        assert completed.details_submitted

    def test_a_payout_needs_the_money_on_the_account(self, provider, account):
        transfer(provider, account, TEN)
        with pytest.raises(Refused) as refusal:
            pay_out(provider, account, TWENTY)
        assert refusal.value.code == "balance_insufficient"
        payout = pay_out(provider, account, TEN, key="payout:2")
        assert (payout.reference[:3], payout.status) == ("po_", "pending")
        assert provider.get_payout(payout.reference, account_reference=account) == payout

    def test_the_same_money_is_not_paid_out_twice_at_once(self, provider, account):
        transfer(provider, account, TWENTY)

        def ask(number):
            try:
                return pay_out(provider, account, TWENTY, key=f"p:{number}").status
            except Refused as refusal:
                return refusal.code

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(ask, range(4))) == ["balance_insufficient"] * 3 + ["pending"]

    def test_a_payout_is_its_own_accounts(self, provider, account):
        transfer(provider, account)
        payout = pay_out(provider, account)
        with pytest.raises(Refused):
            provider.get_payout(payout.reference, account_reference="acct_another")

    def test_a_transfer_is_taken_back_once(self, provider, account):
        sent = transfer(provider, account)
        provider.reverse_transfer(sent.reference, idempotency_key="back:1")
        provider.reverse_transfer(sent.reference, idempotency_key="back:1")
        with pytest.raises(Refused):
            provider.reverse_transfer(sent.reference, idempotency_key="back:2")
        with pytest.raises(Refused):
            pay_out(provider, account)

    def test_money_that_was_paid_out_is_not_taken_back(self, provider, account):
        sent = transfer(provider, account)
        pay_out(provider, account)
        with pytest.raises(Refused) as refusal:
            provider.reverse_transfer(sent.reference, idempotency_key="back:1")
        assert refusal.value.code == "balance_insufficient"


class TestFaults:
    def test_a_payout_that_hung_up_before_acting_is_asked_for_again_and_acts_once(self, provider, account):
        transfer(provider, account)
        calls.set_fault(Operation.PAYOUT, Fault.TIMEOUT_BEFORE, 1)
        with pytest.raises(OutcomeUnknown):
            pay_out(provider, account)
        assert people.list_payouts(10) == []
        pay_out(provider, account)
        assert len(people.list_payouts(10)) == 1

    def test_a_payout_that_hung_up_after_acting_is_found_by_its_key(self, provider, account):
        transfer(provider, account)
        calls.set_fault(Operation.PAYOUT, Fault.TIMEOUT_AFTER, 2)
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                pay_out(provider, account)
        (made,) = people.list_payouts(10)
        assert pay_out(provider, account).reference == made.reference

    def test_a_fault_strikes_its_own_operation_alone(self, provider, paid, account):
        calls.set_fault(Operation.REFUND, Fault.REFUSE, 1)
        transfer(provider, account)
        with pytest.raises(Refused) as refusal:
            provider.refund(paid.reference, TEN, idempotency_key="r:1")
        assert refusal.value.code == "sandbox_refused"
        assert provider.refund(paid.reference, TEN, idempotency_key="r:2").status == "succeeded"

    def test_a_fault_can_be_called_off(self, provider):
        calls.set_fault(Operation.PAYMENT, Fault.TIMEOUT_BEFORE, 5)
        calls.set_fault(Operation.PAYMENT, Fault.TIMEOUT_BEFORE, 0)
        provider.create_payment(TEN, metadata={}, idempotency_key="pay:1")


class TestAnswers:
    """What the provider's errors come to, told by a server that answers as it is told."""

    @pytest.fixture
    def answering(self):
        server = make_server("127.0.0.1", 0, Response(), threaded=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()

        def answering(status, error=None, body=None):
            server.app = Response(body or json.dumps({"error": error or {}}), status=status)
            url = f"http://127.0.0.1:{server.server_port}"
            provider = StripeProvider(Settings(stripe_api_base=url))
            return lambda: provider.create_payment(TEN, metadata={}, idempotency_key="k")

        yield answering
        server.shutdown()
        thread.join()
        server.server_close()

    @pytest.mark.parametrize("status", [400, 401, 402, 403, 404])
    def test_a_definite_no_is_a_refusal(self, answering, status):
        with pytest.raises(Refused, match="No") as refusal:
            answering(status, {"type": "invalid_request_error", "message": "No.", "code": "why"})()
        assert refusal.value.code in {"why", ""}

    @pytest.mark.parametrize("status", [302, 408, 409, 429, 500, 502, 503])
    def test_everything_else_leaves_the_outcome_open(self, answering, status):
        with pytest.raises(OutcomeUnknown):
            answering(status, {"type": "api_error", "message": "Hm."})()

    @pytest.mark.parametrize("status", [200, 404, 502])
    def test_an_answer_that_is_not_stripes_leaves_the_outcome_open(self, answering, status):
        with pytest.raises(OutcomeUnknown):
            answering(status, body="<html>a proxy speaks</html>")()

    def test_nobody_there_leaves_the_outcome_open(self):
        provider = StripeProvider(Settings(stripe_api_base="http://127.0.0.1:9"))
        with pytest.raises(OutcomeUnknown):
            provider.get_payment("pi_1")


class TestWebhooks:
    BODY = json.dumps(
        {
            "id": "evt_1",
            "type": "payout.paid",
            "created": 1,
            "account": "acct_1",
            "data": {"object": {"a": 1}},
        }
    ).encode()

    @pytest.fixture
    def strict(self):
        return StripeProvider(Settings(stripe_webhook_secret="whsec_x"))

    def signature(self, body=BODY, secret="whsec_x", age_s=0):
        return stripe.WebhookSignature.generate_signature_header(
            body.decode(), secret, int(clock.real_now().timestamp()) - age_s
        )

    def test_a_signed_event_is_read(self, strict):
        event = strict.read_event(self.BODY, self.signature())
        assert (event.id, event.type, event.account, event.object) == (
            "evt_1",
            "payout.paid",
            "acct_1",
            {"a": 1},
        )
        assert event.created_at.timestamp() == 1

    def test_a_stale_signature_is_refused(self, strict):
        strict.read_event(self.BODY, self.signature(age_s=290))
        with pytest.raises(SignatureInvalid):
            strict.read_event(self.BODY, self.signature(age_s=310))

    def test_a_signature_of_the_future_is_refused(self, strict):
        strict.read_event(self.BODY, self.signature(age_s=-290))
        for ahead_s in (310, 4000):
            with pytest.raises(SignatureInvalid):
                strict.read_event(self.BODY, self.signature(age_s=-ahead_s))

    @pytest.mark.parametrize(
        "header", ["", "t=1", "v1=abc", "t=x,v1=y", "t=1,v1=é", "t=" + "9" * 5000 + ",v1=a", "garbage"]
    )
    def test_a_header_that_is_none_is_refused(self, strict, header):
        with pytest.raises(SignatureInvalid):
            strict.read_event(self.BODY, header)

    def test_another_body_or_secret_is_refused(self, strict):
        with pytest.raises(SignatureInvalid):
            strict.read_event(self.BODY + b" ", self.signature())
        with pytest.raises(SignatureInvalid):
            strict.read_event(self.BODY, self.signature(secret="whsec_y"))
        with pytest.raises(SignatureInvalid):
            strict.read_event(b"\xff\xfe", self.signature())

    @pytest.mark.parametrize(
        "body",
        [
            b"[]",
            b"{}",
            b"nonsense",
            b"null",
            b'"evt_1"',
            b'{"id":"e"}',
            b'{"type":"t"}',
            b'{"id":"","type":"t"}',
            b'{"id":1,"type":"t"}',
            b'{"id":"e","type":"t","data":"\\ud800"}',
            b'{"id":"%s","type":"t"}' % (b"e" * 256),
            b'{"id":"e","type":"t","data":%s' % (b"[" * 5000),
        ],
    )
    def test_a_signed_body_that_is_no_event_is_refused(self, strict, body):
        with pytest.raises(NotAnEvent):
            strict.read_event(body, self.signature(body))

    @pytest.mark.parametrize("thing", ["", '"x"', "[]", "7", "1e400", "{}", '{"object": "x"}'])
    def test_of_an_odd_event_is_read_what_makes_sense(self, strict, thing):
        data = f', "data": {thing}' if thing else ""
        body = f'{{"id": "evt_\\u0000", "type": "t"{data}, "created": 1, "account": [1]}}'.encode()
        event = strict.read_event(body, self.signature(body))
        assert (event.id, event.type, event.account, event.object) == ("evt_\ufffd", "t", None, {})
        assert event.created_at.timestamp() == 1

    @pytest.mark.parametrize("created", [10**18, 10**30, -1, 253_402_300_799, True, "1", None, 1.5])
    def test_an_event_of_no_moment_happened_now(self, strict, created):
        body = json.dumps({"id": "e", "type": "t", "created": created}).encode()
        event = strict.read_event(body, self.signature(body))
        assert abs((event.created_at - clock.now()).total_seconds()) < 10

    def test_what_cannot_be_stored_is_replaced_wherever_it_stands(self, strict):
        body = json.dumps({"id": "e", "type": "t", "data": {"object": {"a\0": ["b\0", {"c": 1}]}}}).encode()
        event = strict.read_event(body, self.signature(body))
        assert event.object == {"a\ufffd": ["b\ufffd", {"c": 1}]}

    def test_the_secret_of_development_comes_from_the_settings_at_hand(self):
        secrets = {webhook_secret(Settings(secret_key=key * 32)) for key in "ab"}
        assert len(secrets) == 2
        assert webhook_secret(Settings(stripe_webhook_secret="whsec_x")) == "whsec_x"
        assert webhook_secret(Settings(environment="production")) is None

    def test_production_without_a_secret_refuses_everything(self):
        bare = StripeProvider(Settings(environment="production", stripe_api_key="sk_live_x"))
        for secret in ("", " "):
            with pytest.raises(SignatureInvalid):
                bare.read_event(self.BODY, self.signature(secret=secret))


class TestConfiguration:
    def test_a_key_means_stripe_itself(self):
        real = StripeProvider(Settings(stripe_api_key="sk_test_mine"))
        assert not real.is_sandbox
        assert real._client._requestor._options.base_addresses["api"] == "https://api.stripe.com"

    def test_without_a_key_the_twin_answers(self, provider, live_server):
        assert provider.is_sandbox
        assert provider._client._requestor._options.base_addresses["api"] == f"{live_server}/sandbox/stripe"

    def test_a_test_may_bring_its_own_provider(self, provider):
        before = ours.provider()
        with ours.replaced(provider):
            assert ours.provider() is provider
        assert ours.provider() is before
