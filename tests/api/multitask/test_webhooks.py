"""The provider's events at their receiver: signed on the raw body, in any order, any number of times."""

import json
from itertools import count, permutations

import pytest
import sqlalchemy as sa
import stripe

from marketplace.domains.payments import public as payments
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.providers.stripe_webhooks import webhook_secret
from tests.api.multitask.test_tasks import OFFER, TASK
from tests.together import together

WEBHOOK = "/api/payments/webhooks/stripe/"
PAYMENT = ("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled")
FLAGS = ("charges_enabled", "payouts_enabled", "details_submitted")
_numbers = count(1)


def event(kind, body, *, created=1_770_000_000, **changes):
    """The raw body of an event of an id of its own."""
    told = {"id": f"evt_{next(_numbers)}", "type": kind, "created": created, "data": {"object": body}}
    return json.dumps(told | changes).encode()


def send(client, raw, *, secret=None, age_s=0, signature=None):
    """Bring an event to the receiver as Stripe does."""
    key = secret or webhook_secret(client.flask.application.config["SETTINGS"])
    signed = stripe.WebhookSignature.generate_signature_header(
        raw.decode(), key, int(clock.real_now().timestamp()) - age_s
    )
    headers = {"Stripe-Signature": signature or signed}
    return client.post(WEBHOOK, data=raw, content_type="application/json", headers=headers)


def hear(client, *raws):
    for raw in raws:
        answer = send(client, raw)
        assert (answer.status_code, answer.json) == (200, {"received": True})


@pytest.fixture
def omar(join):
    return join("omar", "client")


@pytest.fixture
def lina(join):
    return join("lina", "freelancer")


@pytest.fixture
def opens(omar, lina):
    """A function that opens the payment of a new deal of 120.00."""

    def opens():
        task = omar.post("/api/tasks/create/", TASK).json["id"]
        deal = lina.post(f"/api/tasks/{task}/apply/", OFFER).json["id"]
        omar.post(f"/api/tasks/applications/{deal}/accept/")
        return omar.post("/api/payments/intents/create/", {"application_id": deal}).json

    return opens


def about(kind, intent):
    """An event about a payment of 120.00."""
    body = {"id": intent["intent_id"], "amount": 12_000, "amount_received": 12_000, "currency": "usd"}
    if kind.startswith("charge."):
        body = {**body, "id": "ch_1", "payment_intent": intent["intent_id"], "amount_refunded": 12_000}
    return event(kind, body)


def escrow(somebody, intent):
    return somebody.get(f"/api/payments/escrow/{intent['escrow_id']}/").json["status"]


def balance(somebody):
    wallet = somebody.get("/api/payments/wallet/").json
    return wallet["available_balance"], wallet["pending_balance"]


@pytest.fixture
def books(app):
    yield
    assert list(payments.verify(ask_provider=False)) == []


pytestmark = pytest.mark.usefixtures("books")


@pytest.mark.parametrize("kinds", [PAYMENT, (*PAYMENT, "charge.refunded")], ids=["paid", "refunded"])
def test_every_order_of_a_payments_events_leads_to_one_state(client, omar, opens, kinds):
    wanted = "refunded" if "charge.refunded" in kinds else "held"
    for order in permutations(kinds):
        intent = opens()
        told = [about(kind, intent) for kind in order]
        hear(client, *told, *reversed(told), *told)
        assert escrow(omar, intent) == wanted, order


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("payment_intent.succeeded", "held"),
        ("payment_intent.payment_failed", "failed"),
        ("payment_intent.canceled", "cancelled"),
        ("charge.refunded", "refunded"),
    ],
)
def test_each_event_of_a_payment_alone_and_eight_at_once(client, omar, opens, kind, wanted):
    intent = opens()
    same, others = about(kind, intent), [about(kind, intent) for _ in range(4)]
    answers = together(*(lambda raw=raw: send(client, raw) for raw in [same] * 4 + others))
    assert {answer.status_code for answer in answers} == {200}
    assert escrow(omar, intent) == wanted


def test_an_account_is_what_its_newest_event_says(client, lina):
    account = lina.post("/api/payments/connect/create/").json["account_id"]
    old, new = (
        event("account.updated", {"id": account} | dict.fromkeys(FLAGS, flag), created=1_770_000_000 + at)
        for at, flag in enumerate((False, True))
    )
    for order in ((new, old), (old, new), (new, new, old)):
        hear(client, *order)
        assert lina.get("/api/payments/connect/status/").json["status"] == "active"


@pytest.fixture
def withdrawal(client, omar, lina, opens):
    """Lina's 120.00 on their way to the bank; the provider's name of the payout."""
    intent = opens()
    client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
    omar.post(f"/api/payments/escrow/{intent['escrow_id']}/release/")
    account = lina.post("/api/payments/connect/create/").json["account_id"]
    client.post(f"/sandbox/payments/{account}", {"outcome": "succeeded"})
    number = lina.post("/api/payments/withdrawals/create/", {"amount": 120}).json["id"]
    relay.sweep()
    return payments.find_withdrawal(number).payout_reference


def state(lina):
    (only,) = lina.get("/api/payments/withdrawals/").json["results"]
    return only["status"]


def test_a_payout_that_arrived_is_booked_once(client, lina, withdrawal):
    paid = [event("payout.paid", {"id": withdrawal}) for _ in range(3)]
    hear(client, *paid, *paid)
    assert (state(lina), balance(lina)) == ("completed", ("0.00", "0.00"))


@pytest.mark.parametrize("when", ["before", "after", "both"])
def test_a_payout_that_failed_comes_back_once_whenever_it_seemed_to_arrive(client, lina, withdrawal, when):
    paid, failed = (event(f"payout.{end}", {"id": withdrawal}) for end in ("paid", "failed"))
    if when != "after":
        hear(client, paid, paid)
    client.post(f"/sandbox/payments/{withdrawal}", {"outcome": "failed"})
    hear(client, failed)
    if when != "before":
        hear(client, paid, event("payout.paid", {"id": withdrawal}))
    hear(client, failed, event("payout.failed", {"id": withdrawal}))
    relay.sweep()
    assert (state(lina), balance(lina)) == ("failed", ("120.00", "0.00"))


def test_a_payment_of_a_cancelled_task_goes_back_at_once(client, omar, opens):
    intent = opens()
    # the provider does not hear in time that the payment is unwanted
    client.post("/sandbox/stripe/faults", {"operation": "payment", "fault": "timeout_before", "times": 1})
    omar.post(f"/api/tasks/{intent['task_id']}/cancel/")
    assert escrow(omar, intent) == "cancelled"
    client.post(f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
    hear(client, about("payment_intent.succeeded", intent), about("payment_intent.canceled", intent))
    assert escrow(omar, intent) == "refunded"


@pytest.mark.parametrize(
    "forgery",
    [{"secret": "other"}, {"age_s": 301}, {"age_s": -4000}, {"signature": "t=1,v1=00"}, {"signature": "x"}],
)
def test_a_webhook_that_is_forged_or_stale_is_refused(client, omar, opens, forgery):
    intent = opens()
    answer = send(client, about("payment_intent.succeeded", intent), **forgery)
    assert answer.status_code == 400
    assert escrow(omar, intent) == "pending"
    assert client.post(WEBHOOK, {}).status_code == 400


def test_unknown_events_and_events_about_unknown_things_are_taken_in(client):
    bodies = {"customer.created": {"id": "cus_1"}}
    bodies |= {kind: {"id": "pi_0"} for kind in (*PAYMENT, "payout.paid", "payout.failed", "account.updated")}
    bodies["charge.refunded"] = {"id": "ch_0", "payment_intent": "pi_0"}
    for kind, body in bodies.items():
        told = event(kind, body)
        hear(client, told, told)


@pytest.mark.parametrize(
    "thing",
    [
        "pi_0",
        None,
        7,
        [],
        {},
        {"id": "pi_\0"},
        {"id": ["pi_0"], "payment_intent": {"id": "pi_0"}},
        {"id": "pi_" + "0" * 9000, "payment_intent": "pi_" + "0" * 9000},
    ],
)
def test_an_event_about_an_odd_thing_is_taken_in(client, thing):
    kinds = ("charge.refunded", "refund.failed", "account.updated", "payout.paid", "payout.failed")
    hear(client, *(event(kind, thing) for kind in (*PAYMENT, *kinds)))


def test_an_event_of_no_moment_and_without_content_is_taken_in(client):
    odd = ({"created": 10**18}, {"created": "x"}, {"data": None}, {"account": 7}, {"id": "evt_\0"})
    hear(client, *(event("payout.paid", {"id": "po_0"}, **changes) for changes in odd))


@pytest.mark.parametrize("change", [{"id": 7}, {"type": None}, {"id": ""}])
def test_what_is_signed_and_no_event_is_refused(client, change):
    answer = send(client, event("payout.paid", {"id": "po_0"}, **change))
    assert answer.status_code == 400
    assert answer.json == {"detail": "This is not an event: it needs an id and a type."}


@pytest.mark.parametrize(
    "change", [{"amount": 10**30}, {"amount": True}, {"currency": "\0"}, {"amount_received": [1]}]
)
def test_an_odd_event_about_a_payment_of_ours_is_flagged(client, omar, opens, change, owner):
    intent = opens()
    body = {"id": intent["intent_id"], "amount": 12_000, "currency": "usd"} | change
    hear(client, event("payment_intent.succeeded", body))
    assert escrow(omar, intent) == "pending"
    with owner.connect() as connection:
        assert connection.scalar(sa.text("SELECT outcome FROM provider_events")) == "flagged"
        connection.execute(sa.text("UPDATE provider_events SET outcome = 'ignored'"))


def test_a_reason_that_cannot_be_stored_is_kept_as_it_can(client, omar, opens):
    intent = opens()
    body = {"id": intent["intent_id"], "last_payment_error": {"message": "No\0"}}
    hear(client, event("payment_intent.payment_failed", body))
    assert escrow(omar, intent) == "failed"
