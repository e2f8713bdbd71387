"""Razorpay's events: in any order, any number of times, one state."""

from itertools import permutations

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import BadSignature, NotAnEvent
from tests.factories.razorpay import ask, find, tell

KINDS = ("payment.captured", "order.paid", "payment.failed")


@pytest.fixture
def request_id(orders, payer, payee):
    return ask(payee, payer).id


@pytest.fixture
def order(orders, payer, request_id):
    return payments.open_razorpay_order(actor=payer, request_id=request_id).order_reference


@pytest.fixture
def outcomes(owner):
    """A function that answers what each stored event led to, oldest first."""

    def read():
        with owner.connect() as connection:
            query = sa.text("SELECT outcome FROM provider_events ORDER BY id")
            return list(connection.execute(query).scalars())

    return read


def things(told, **changes):
    payment = {
        "id": told["payment_reference"],
        "order_id": told["order_reference"],
        "amount": 2_000_000,
        "currency": "INR",
        **changes,
    }
    return {"payment": payment, "order": {"id": told["order_reference"]}}


def test_a_payment_that_the_webhook_tells_of_is_booked(orders, request_id, order, books_of_orders, outcomes):
    tell("payment.captured", "evt_1", **things(orders.pay(order)))
    assert find(request_id).status == "paid"
    assert outcomes() == ["applied"]
    assert books_of_orders()["available"] == 2_000_000


def test_every_order_of_a_payments_events_leads_to_paid_once(orders, payer, payee, books_of_orders):
    for kinds in permutations(KINDS):
        request = ask(payee, payer, 100)
        reference = payments.open_razorpay_order(actor=payer, request_id=request.id).order_reference
        told = things(orders.pay(reference), amount=100)
        for number, kind in enumerate((*kinds, *kinds)):
            tell(kind, f"{request.id}:{number % len(KINDS)}:{kind}", **told)
        assert find(request.id).status == "paid", kinds
    assert books_of_orders()["available"] == 100 * 6


def test_the_same_event_is_stored_once_and_the_same_payment_known(orders, request_id, order, outcomes):
    told = things(orders.pay(order))
    for event_id in ("evt_1", "evt_1", "evt_2"):
        tell("payment.captured", event_id, **told)
    tell("order.paid", "evt_3", **told)
    assert outcomes() == ["applied", "ignored", "ignored"]


def test_a_page_that_verifies_after_the_webhook_is_told_that_it_is_paid(
    orders, payer, request_id, order, books_of_orders
):
    told = orders.pay(order)
    tell("order.paid", "evt_1", **things(told))
    assert payments.verify_razorpay_payment(actor=payer, request_id=request_id, **told).status == "paid"
    books_of_orders()


def test_a_payment_that_failed_leaves_the_request_open_and_its_reason_with_the_event(
    orders, request_id, order, owner
):
    told = {"payment_reference": "pay_1", "order_reference": order}
    tell("payment.failed", "evt_1", **things(told, error_description="The bank said no."))
    assert find(request_id).status == "pending"
    with owner.connect() as connection:
        notes = connection.execute(sa.text("SELECT outcome, note FROM provider_events")).all()
    assert notes == [("ignored", "The bank said no.")]


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 1_999_999},
        {"amount": 20_000},
        {"amount": "2000000"},
        {"amount": True},
        {"amount": None},
        {"amount": 10**40},
        {"currency": "USD"},
        {"currency": 7},
        {"id": None},
        {"id": 7},
        {"id": ""},
        {"id": "p" * 256},
    ],
)
def test_what_was_not_asked_for_is_flagged_and_not_booked(orders, request_id, order, outcomes, change):
    tell("payment.captured", "evt_1", **things(orders.pay(order), **change))
    assert find(request_id).status == "pending"
    assert outcomes() == ["flagged"]
    assert "events" in {finding.check for finding in payments.verify()}


def test_a_second_payment_is_flagged(orders, request_id, order, outcomes):
    told = orders.pay(order)
    tell("payment.captured", "evt_1", **things(told))
    tell("payment.captured", "evt_2", **things({**told, "payment_reference": "pay_second"}))
    assert outcomes() == ["applied", "flagged"]


def test_a_payment_that_paid_another_request_is_flagged(orders, payer, payee, request_id, order, outcomes):
    told = orders.pay(order)
    tell("payment.captured", "evt_1", **things(told))
    other = ask(payee, payer)
    reference = payments.open_razorpay_order(actor=payer, request_id=other.id).order_reference
    tell("payment.captured", "evt_2", **things({**told, "order_reference": reference}))
    assert outcomes() == ["applied", "flagged"]
    assert find(other.id).status == "pending"


def test_money_for_a_request_that_was_called_off_is_flagged(orders, payee, request_id, order, outcomes):
    payments.leave(person_id=payee.id)
    tell("payment.captured", "evt_1", **things(orders.pay(order)))
    assert outcomes() == ["flagged"]
    (finding,) = payments.verify()
    assert finding.sentence.endswith(f"Payment request {request_id} is cancelled, and pay_2 came.")


@pytest.mark.parametrize(
    ("kind", "thing"), [("refund.processed", "refund"), ("payment.dispute.lost", "dispute")]
)
def test_money_that_goes_back_at_razorpay_is_flagged(orders, request_id, order, outcomes, kind, thing):
    told = orders.pay(order)
    tell("payment.captured", "evt_1", **things(told))
    tell(kind, "evt_2", **{thing: {"payment_id": told["payment_reference"]}})
    tell(kind, "evt_3", **{thing: {"payment_id": "pay_unknown"}})
    assert outcomes() == ["applied", "flagged", "unmatched"]


@pytest.mark.parametrize(
    "kind", [*KINDS, "refund.processed", "payment.dispute.lost", "payment.authorized", "qr_code.closed"]
)
@pytest.mark.parametrize(
    "told",
    [
        {},
        {"payment": {}, "order": {}, "refund": {}, "dispute": {}},
        {"payment": {"order_id": None}, "order": {"id": [1]}, "refund": {"payment_id": {}}},
        {"payment": {"order_id": "order_\0"}, "order": {"id": "x" * 300}},
    ],
)
def test_what_is_about_nothing_of_ours_is_kept_and_changes_nothing(
    orders, request_id, order, outcomes, kind, told
):
    tell(kind, "evt_1", **told)
    assert outcomes() == ["unknown" if kind in {"payment.authorized", "qr_code.closed"} else "unmatched"]
    assert find(request_id).status == "pending"


def test_what_is_not_signed_or_no_event_is_refused(orders, outcomes):
    with pytest.raises(BadSignature):
        payments.receive_razorpay_webhook(body=b"{}", signature="forged", event_id="evt_1")
    with pytest.raises(NotAnEvent):
        payments.receive_razorpay_webhook(body=b"{}", signature="signed", event_id="evt_1")
    assert outcomes() == []


def test_somebody_elses_webhook_of_the_same_id_is_another_event(orders, request_id, order, outcomes, owner):
    tell("payment.captured", "evt_1", **things(orders.pay(order)))
    with owner.connect() as connection:
        connection.execute(sa.text("UPDATE provider_events SET provider = 'stripe'"))
    tell("order.paid", "evt_1")
    assert outcomes() == ["applied", "unmatched"]
