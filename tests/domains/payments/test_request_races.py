"""Payment requests under fire: real threads on real PostgreSQL."""

from functools import partial

import pytest

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import AlreadyPaid, MoneyInWallet, RequestCancelled
from marketplace.domains.payments.events import PaymentRequestPaid
from marketplace.domains.payments.public import Checkout, PaymentRequest
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.razorpay import ask, find, tell
from tests.facts import facts_of
from tests.together import together

REPEATS = 10
CROWD = 8


@pytest.fixture
def opened(orders, payer, payee):
    """A function that makes a request with an order."""

    def opened():
        request = ask(payee, payer, 100)
        payments.open_razorpay_order(actor=payer, request_id=request.id)
        return find(request.id)

    return opened


def proving(payer, request, told):
    return partial(payments.verify_razorpay_payment, actor=payer, request_id=request.id, **told)


def telling(request, told, number):
    payment = {
        "id": told["payment_reference"],
        "order_id": request.order_reference,
        "amount": 100,
        "currency": "INR",
    }
    order = {"id": request.order_reference}
    kind = ("payment.captured", "order.paid")[number % 2]
    return partial(tell, kind, f"evt_{request.id}_{number // 2}", payment=payment, order=order)


def test_of_eight_who_verify_at_once_all_are_told_and_one_books(
    orders, payer, payee, opened, books_of_orders
):
    for number in range(1, REPEATS + 1):
        request = opened()
        results = together(*[proving(payer, request, orders.pay(request.order_reference))] * CROWD)
        assert {result.status for result in results} == {"paid"}
        assert payments.get_wallet(person_id=payee.id, currency="INR").available.minor == number * 100
    assert len(facts_of(PaymentRequestPaid)) == REPEATS
    books_of_orders()


def test_of_a_page_a_webhook_and_another_look_one_books(orders, payer, payee, opened, books_of_orders):
    for number in range(1, REPEATS + 1):
        request = opened()
        told = orders.pay(request.order_reference)
        look = partial(payments.open_razorpay_order, actor=payer, request_id=request.id)
        results = together(
            *[proving(payer, request, told)] * 3, *[telling(request, told, n) for n in range(3)], look, look
        )
        assert all(isinstance(result, PaymentRequest) for result in results[:3])
        assert results[3:6] == [None] * 3
        assert all(isinstance(result, AlreadyPaid) for result in results[6:])
        assert payments.get_wallet(person_id=payee.id, currency="INR").available.minor == number * 100
    assert len(facts_of(PaymentRequestPaid)) == REPEATS
    books_of_orders()


def test_eight_who_open_an_order_at_once_are_given_the_same(orders, payer, payee):
    for _ in range(REPEATS):
        request = ask(payee, payer)
        opening = partial(payments.open_razorpay_order, actor=payer, request_id=request.id)
        results = together(*[opening] * CROWD)
        assert all(isinstance(result, Checkout) for result in results)
        assert {result.order_reference for result in results} == {find(request.id).order_reference}


def test_of_a_payee_who_leaves_and_a_payment_one_comes_first(orders, payer, payee, opened):
    def leave():
        with unit_of_work():
            payments.leave(person_id=payee.id)

    for _ in range(REPEATS):
        request = opened()
        told = orders.pay(request.order_reference)
        left, paid = together(leave, proving(payer, request, told))
        if isinstance(left, MoneyInWallet):
            assert paid.status == "paid"
            break
        assert left is None
        assert isinstance(paid, RequestCancelled)
    assert [found for found in payments.verify() if found.check != "events"] == []
