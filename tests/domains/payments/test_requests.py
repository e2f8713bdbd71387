"""Payment requests: asked by one, paid by the other through Razorpay, booked once."""

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import (
    AlreadyPaid,
    AmountTooLarge,
    AmountTooSmall,
    InsufficientFunds,
    PaymentNotProven,
    PaymentRequestNotFound,
    PayoutsNotEnabled,
    ProviderNotSetUp,
    ProviderUnavailable,
    RequestCancelled,
)
from marketplace.domains.payments.events import (
    PaymentHeld,
    PaymentReleased,
    PaymentRequested,
    PaymentRequestPaid,
)
from marketplace.domains.payments.service import operate
from marketplace.domains.payments.service.terms import terms
from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.process import NotYours
from marketplace.kernel.settings import Settings
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers import razorpay
from marketplace.providers.razorpay import RazorpayProvider
from tests.factories.payments import enable, held, person
from tests.factories.razorpay import ask, find, sign
from tests.facts import facts_of

RUPEES = Money(2_000_000, "INR")


@pytest.fixture
def request_id(orders, payer, payee):
    return ask(payee, payer).id


@pytest.fixture
def order(orders, payer, request_id):
    return payments.open_razorpay_order(actor=payer, request_id=request_id).order_reference


def verify(payer, request_id, told, **changes):
    return payments.verify_razorpay_payment(actor=payer, request_id=request_id, **{**told, **changes})


class TestAsking:
    def test_what_is_asked_waits_for_the_payer(self, orders, payer, payee):
        request = ask(payee, payer)
        assert (request.payer_id, request.payee_id) == (payer.id, payee.id)
        assert (request.amount, request.status, request.hold_id) == (RUPEES, "pending", None)
        assert (request.reference, request.about) == ("gig_order:27", "contract:9")
        assert request.description == "Final payment due"
        (fact,) = facts_of(PaymentRequested)
        assert (fact.request_id, fact.payer_id, fact.amount_minor) == (request.id, payer.id, 2_000_000)

    @pytest.mark.parametrize(
        ("minor", "refusal"),
        [(0, AmountTooSmall), (-5, AmountTooSmall), (99, AmountTooSmall), (100_000_000, AmountTooLarge)],
    )
    def test_what_cannot_be_paid_cannot_be_asked(self, orders, payer, payee, minor, refusal):
        with pytest.raises(refusal):
            ask(payee, payer, minor)
        assert payments.list_payment_requests(person_id=payee.id) == []

    def test_nobody_asks_themselves(self, orders, payer):
        with pytest.raises(sa.exc.IntegrityError, match="two_people"):
            ask(payer, payer)

    def test_both_see_it_the_newest_first_and_nobody_else_does(self, orders, payer, payee):
        asked = [ask(payee, payer), ask(payee, payer, 500), ask(payer, payee)]
        ask(payee, person())
        for somebody in (payer, payee):
            found = payments.list_payment_requests(person_id=somebody.id)
            assert [
                request for request in found if payer.id in {request.payer_id, request.payee_id}
            ] == asked[::-1]
        assert payments.list_payment_requests(person_id=person().id) == []
        names = [asked[0].name, "payment_request:99", "contract:9"]
        assert payments.find_payment_requests(names) == {asked[0].name: asked[0]}
        assert payments.find_payment_requests([]) == {}


class TestOpening:
    def test_the_payers_page_is_told_what_it_needs(self, orders, payer, request_id):
        checkout = payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert (checkout.order_reference, checkout.key) == ("order_1", "rzp_test_fake")
        assert (checkout.amount, checkout.description) == (RUPEES, "Final payment due")
        assert orders.orders["order_1"][0] == str(request_id)

    def test_while_it_is_unpaid_the_order_is_the_same(self, orders, payer, request_id, order):
        again = payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert again.order_reference == order
        assert orders.calls.count("create_order") == 1

    def test_a_refusal_stores_nothing(self, orders, payer, request_id):
        orders.fail("create_order", "refuse")
        with pytest.raises(ProviderUnavailable):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert find(request_id).order_reference is None
        assert payments.open_razorpay_order(actor=payer, request_id=request_id).order_reference == "order_1"

    def test_an_order_whose_answer_was_lost_is_found_by_its_receipt(self, orders, payer, request_id):
        orders.fail("create_order", "after")
        with pytest.raises(ProviderUnavailable):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert payments.open_razorpay_order(actor=payer, request_id=request_id).order_reference == "order_1"
        assert list(orders.orders) == ["order_1"]

    def test_while_nobody_can_tell_whether_there_is_an_order_none_is_made(self, orders, payer, request_id):
        orders.fail("create_order", "before")
        orders.fail("find_order", "before")
        for _ in range(2):
            with pytest.raises(ProviderUnavailable):
                payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert orders.calls == ["create_order", "find_order"]

    @pytest.mark.parametrize("other", [{"amount": Money(5, "INR")}, {"created_at": "long ago"}])
    def test_another_houses_order_with_the_same_receipt_is_not_ours(self, orders, payer, request_id, other):
        amount = other.get("amount", RUPEES)
        orders.create_order(amount, receipt=str(request_id))
        if "created_at" in other:
            clock.advance(3600)
        orders.fail("create_order", "before")
        with pytest.raises(ProviderUnavailable):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert payments.open_razorpay_order(actor=payer, request_id=request_id).order_reference == "order_2"

    def test_an_order_of_another_amount_is_not_used(self, orders, payer, request_id, monkeypatch):
        honest = orders.create_order
        monkeypatch.setattr(
            orders, "create_order", lambda amount, receipt: honest(Money(1, "INR"), receipt=receipt)
        )
        with pytest.raises(ProviderUnavailable):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert find(request_id).order_reference is None

    def test_only_the_payer_may_pay(self, orders, payee, request_id):
        for somebody, refusal in ((payee, NotYours), (person(), PaymentRequestNotFound)):
            with pytest.raises(refusal):
                payments.open_razorpay_order(actor=somebody, request_id=request_id)
            with pytest.raises(refusal):
                payments.verify_razorpay_payment(
                    actor=somebody,
                    request_id=request_id,
                    order_reference="",
                    payment_reference="",
                    signature="",
                )
        with pytest.raises(PaymentRequestNotFound):
            payments.open_razorpay_order(actor=payee, request_id=99)
        assert orders.calls == []


class TestVerifying:
    def test_a_payment_is_the_payees_at_once(self, orders, payer, payee, request_id, order, books_of_orders):
        assert not payments.is_paid_for("contract:9")
        paid = verify(payer, request_id, orders.pay(order))
        assert (paid.status, paid.paid_at is not None) == ("paid", True)
        assert payments.is_paid_for("contract:9")
        assert not payments.is_paid_for("contract:90")
        hold = payments.find_hold(paid.hold_id)
        assert (hold.status, hold.provider, hold.amount) == ("released", "razorpay", RUPEES)
        assert (hold.reference, hold.subject) == (f"payment_request:{request_id}", "gig_order:27")
        assert books_of_orders() == {"provider": -2_000_000, "hold": 0, "available": 2_000_000}
        wallet = payments.get_wallet(person_id=payee.id, currency="INR")
        assert (wallet.available, wallet.lifetime_earnings, wallet.escrowed.minor) == (RUPEES, RUPEES, 0)
        assert payments.get_wallet(person_id=payer.id, currency="INR").lifetime_spent == RUPEES

    def test_the_house_takes_its_fee(
        self, orders, payer, payee, request_id, order, books_of_orders, monkeypatch
    ):
        monkeypatch.setattr(terms, "fee_percent", 10)
        verify(payer, request_id, orders.pay(order))
        assert books_of_orders() == {
            "provider": -2_000_000,
            "hold": 0,
            "fees": 200_000,
            "available": 1_800_000,
        }

    def test_it_is_told_once_as_a_payment_and_a_release_and_never_as_held(
        self, orders, payer, payee, request_id, order
    ):
        told = orders.pay(order)
        for _ in range(3):
            verify(payer, request_id, told)
        (paid,) = facts_of(PaymentRequestPaid)
        (released,) = facts_of(PaymentReleased)
        assert (paid.request_id, paid.hold_id, paid.about) == (request_id, released.hold_id, "contract:9")
        assert (released.payee_id, released.amount_minor) == (payee.id, 2_000_000)
        assert facts_of(PaymentHeld) == []

    @pytest.mark.parametrize(
        "change",
        [
            {"signature": ""},
            {"signature": "forged"},
            {"order_reference": ""},
            {"order_reference": "order_other"},
            {"payment_reference": ""},
            {"payment_reference": "pay_other"},
        ],
    )
    def test_a_false_proof_changes_nothing_before_and_after(self, orders, payer, request_id, order, change):
        told = orders.pay(order)
        with pytest.raises(PaymentNotProven):
            verify(payer, request_id, told, **change)
        assert find(request_id).status == "pending"
        paid = verify(payer, request_id, told)
        with pytest.raises(PaymentNotProven):
            verify(payer, request_id, told, **change)
        assert find(request_id) == paid == verify(payer, request_id, told)

    def test_the_proof_of_one_request_does_not_pay_another(self, orders, payer, payee, request_id, order):
        told = orders.pay(order)
        other = ask(payee, payer)
        payments.open_razorpay_order(actor=payer, request_id=other.id)
        for answer in (told, {**told, "order_reference": find(other.id).order_reference}):
            with pytest.raises(PaymentNotProven):
                verify(payer, other.id, answer)
        with pytest.raises(PaymentNotProven):
            verify(payer, ask(payee, payer).id, told)

    def test_a_payment_is_used_once_whatever_is_signed(
        self, orders, payer, payee, request_id, order, books_of_orders
    ):
        told = orders.pay(order)
        verify(payer, request_id, told)
        other = ask(payee, payer)
        reference = payments.open_razorpay_order(actor=payer, request_id=other.id).order_reference
        signed = {
            "order_reference": reference,
            "payment_reference": told["payment_reference"],
            "signature": sign(reference, told["payment_reference"]),
        }
        with pytest.raises(PaymentNotProven):
            verify(payer, other.id, signed)
        assert find(other.id).status == "pending"
        books_of_orders()

    def test_a_second_payment_of_a_paid_request_is_not_booked(
        self, orders, payer, request_id, order, books_of_orders
    ):
        paid = verify(payer, request_id, orders.pay(order))
        second = {
            "order_reference": order,
            "payment_reference": "pay_second",
            "signature": sign(order, "pay_second"),
        }
        with pytest.raises(PaymentNotProven):
            verify(payer, request_id, second)
        assert find(request_id) == paid
        books_of_orders()


class TestReconciling:
    def test_a_payment_that_nobody_told_us_of_is_found_when_it_is_opened_again(
        self, orders, payer, request_id, order, books_of_orders
    ):
        told = orders.pay(order)
        with pytest.raises(AlreadyPaid, match="already paid"):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert find(request_id).status == "paid"
        assert verify(payer, request_id, told).status == "paid"
        with pytest.raises(AlreadyPaid):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        books_of_orders()

    @pytest.mark.parametrize("operation", ["get_order", "find_payment"])
    @pytest.mark.parametrize("fault", ["before", "refuse"])
    def test_while_nobody_can_tell_whether_it_is_paid_nobody_is_asked_to_pay(
        self, orders, payer, request_id, order, operation, fault
    ):
        orders.pay(order)
        orders.fail(operation, fault)
        with pytest.raises(ProviderUnavailable):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert find(request_id).status == "pending"

    def test_an_order_that_is_paid_by_nothing_is_not_offered(self, orders, payer, request_id, order):
        orders.pay(order)
        orders.payments.clear()
        with pytest.raises(ProviderUnavailable):
            payments.open_razorpay_order(actor=payer, request_id=request_id)

    def test_a_payment_of_another_amount_is_not_booked(self, orders, payer, request_id, order):
        orders.pay(order, minor=5)
        with pytest.raises(AlreadyPaid):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        assert find(request_id).status == "pending"

    def test_the_books_name_what_was_not_heard_of_and_the_operator_catches_up(
        self, orders, payer, payee, request_id, order, app, books_of_orders
    ):
        ask(payee, payer)
        orders.pay(order)
        run = app.test_cli_runner().invoke
        found = run(args=["ledger", "verify"])
        wanted = (
            f"provider: payment request {request_id} is unpaid, its order {order} at the provider is paid"
        )
        assert (found.exit_code, found.output.splitlines()) == (1, [wanted])
        assert run(args=["payouts", "run"]).output == "Looked after 1.\n"
        assert find(request_id).status == "paid"
        assert (
            run(args=["ledger", "balances"]).output == "razorpay: INR 20000.00 in people's wallets\n"
            "razorpay: INR 0.00 in escrow\n"
        )
        books_of_orders()

    def test_a_provider_that_does_not_answer_is_named(self, orders, request_id, order):
        orders.fail("get_order", "before", "before")
        (finding,) = payments.verify()
        assert "cannot be asked about payment request" in finding.sentence
        assert operate.run_payouts() == 1


class TestPlaces:
    def test_stripe_pays_nothing_out_that_lies_at_razorpay(
        self, provider, orders, payer, payee, request_id, order, books_of_orders
    ):
        verify(payer, request_id, orders.pay(order))
        with pytest.raises(PayoutsNotEnabled):
            payments.withdraw(actor=payee, amount=Money(100, "INR"))
        enable(provider, payee)
        hold = held(provider, payer, payee)
        payments.release(actor=payer, hold_id=hold.id)
        for amount in (Money(100, "INR"), Money(12_001, "USD")):
            with pytest.raises(InsufficientFunds):
                payments.withdraw(actor=payee, amount=amount)
        payments.withdraw(actor=payee, amount=Money(12_000, "USD"))
        assert payments.get_wallet(person_id=payee.id, currency="INR").available == RUPEES
        assert books_of_orders()["available"] == 2_000_000

    def test_a_wallet_of_one_currency_at_two_providers_is_shown_as_one_and_paid_out_from_one(
        self, provider, orders, payer, payee, books_of_orders
    ):
        dollars = payments.ask_payment(
            actor=payee,
            payer_id=payer.id,
            reference="gig_order:1",
            about=None,
            amount=Money(500, "USD"),
            description="",
        )
        order = payments.open_razorpay_order(actor=payer, request_id=dollars.id).order_reference
        verify(payer, dollars.id, orders.pay(order))
        enable(provider, payee)
        payments.release(actor=payer, hold_id=held(provider, payer, payee, 300).id)
        assert payments.get_wallet(person_id=payee.id, currency="USD").available.minor == 800
        with pytest.raises(InsufficientFunds):
            payments.withdraw(actor=payee, amount=Money(301, "USD"))
        payments.withdraw(actor=payee, amount=Money(300, "USD"))
        assert payments.get_wallet(person_id=payee.id, currency="USD").available.minor == 500
        books_of_orders()


class TestLeaving:
    def leave(self, somebody):
        with unit_of_work():
            payments.leave(person_id=somebody.id)

    @pytest.mark.parametrize("leaver", ["payer", "payee"])
    def test_nobody_pays_for_or_to_somebody_who_has_left(
        self, orders, payer, payee, request_id, order, leaver
    ):
        self.leave({"payer": payer, "payee": payee}[leaver])
        assert find(request_id).status == "cancelled"
        with pytest.raises(RequestCancelled):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        with pytest.raises(RequestCancelled):
            verify(payer, request_id, orders.pay(order))
        assert payments.get_wallet(person_id=payee.id, currency="INR").available.minor == 0


def test_without_keys_production_says_so(orders, payer, request_id, order):
    told = orders.pay(order)
    with razorpay.replaced(RazorpayProvider(Settings(environment="production"))):
        with pytest.raises(ProviderNotSetUp):
            payments.open_razorpay_order(actor=payer, request_id=request_id)
        with pytest.raises(ProviderNotSetUp):
            verify(payer, request_id, told)
        (finding,) = payments.verify()
        assert finding.sentence.endswith("Payments are not set up here.")
        assert operate.run_payouts() == 1
    assert find(request_id).status == "pending"
