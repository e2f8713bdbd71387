"""People who ask each other for money, and a provider of orders in memory that breaks when it is told to."""

import dataclasses
import hashlib
import hmac
import threading
from itertools import count

import msgspec

from marketplace.domains.payments import public as payments
from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.reading import is_open
from marketplace.providers.orders import Order, OrderProvider, Payment
from marketplace.providers.payments import OutcomeUnknown, Refused, SignatureInvalid
from marketplace.providers.razorpay_webhooks import read_event

SECRET = "secret"


class FakeRazorpay(OrderProvider):
    """A provider of orders that counts what it is asked, and has the faults it is asked for.

    A fault is `before` (breaks and does nothing), `after` (acts and breaks) or `refuse`.
    """

    name = "razorpay"
    is_set_up = True
    public_key = "rzp_test_fake"

    def __init__(self):
        self.lock = threading.Lock()
        self.faults = {}
        self.calls = []
        self.orders = {}
        self.payments = {}
        self.numbers = count(1)

    def fail(self, operation, *faults):
        """Let the next calls of an operation have these faults, one each."""
        self.faults.setdefault(operation, []).extend(faults)

    def total(self):
        """What lies at the provider."""
        return sum(payment.amount.minor for payment in self.payments.values())

    def create_order(self, amount, *, receipt):
        def act():
            reference = f"order_{next(self.numbers)}"
            self.orders[reference] = (
                receipt,
                Order(reference=reference, amount=amount, is_paid=False, created_at=clock.now()),
            )
            return self.orders[reference][1]

        return self._ask("create_order", act)

    def find_order(self, *, receipt):
        def act():
            return next((order for named, order in self.orders.values() if named == receipt), None)

        return self._ask("find_order", act)

    def get_order(self, reference):
        return self._ask("get_order", lambda: self.orders[reference][1])

    def find_payment(self, order_reference):
        return self._ask("find_payment", lambda: self.payments.get(order_reference))

    def is_proven(self, *, order_reference, payment_reference, signature):
        return signature == sign(order_reference, payment_reference)

    def read_event(self, body, signature, *, event_id):
        if signature != "signed":
            raise SignatureInvalid("unsigned")
        proof = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        return read_event(body, proof, event_id=event_id, secret=SECRET)

    def pay(self, order_reference, minor=None):
        """The payer pays; answers what their page is told."""
        receipt, order = self.orders[order_reference]
        amount = Money(minor or order.amount.minor, order.amount.currency)
        payment = Payment(reference=f"pay_{next(self.numbers)}", amount=amount)
        self.payments[order_reference] = payment
        self.orders[order_reference] = receipt, dataclasses.replace(order, is_paid=True)
        return {
            "order_reference": order_reference,
            "payment_reference": payment.reference,
            "signature": sign(order_reference, payment.reference),
        }

    def _ask(self, operation, act):
        assert not is_open(), "the provider is asked inside a transaction"
        with self.lock:
            self.calls.append(operation)
            fault = self.faults.get(operation, [])
            what = fault.pop(0) if fault else ""
            if what == "before":
                raise OutcomeUnknown(operation)
            if what == "refuse":
                raise Refused("The provider does not want to.")
            done = act()
            if what == "after":
                raise OutcomeUnknown(operation)
            return done


def sign(order_reference, payment_reference):
    """What proves that a payment has paid an order."""
    return f"{order_reference} by {payment_reference}"


def ask(payee, payer, minor=2_000_000, **changes):
    """A payment request."""
    wanted = {"reference": "gig_order:27", "about": "contract:9", "description": "Final payment due"}
    return payments.ask_payment(
        actor=payee, payer_id=payer.id, amount=Money(minor, "INR"), **{**wanted, **changes}
    )


def paid(orders, payer, payee, minor=2_000_000, **changes):
    """A payment request that is paid."""
    request = ask(payee, payer, minor, **changes)
    order = payments.open_razorpay_order(actor=payer, request_id=request.id).order_reference
    return payments.verify_razorpay_payment(actor=payer, request_id=request.id, **orders.pay(order))


def find(request_id):
    """A payment request as it stands."""
    name = f"payment_request:{request_id}"
    return payments.find_payment_requests([name])[name]


def tell(kind, event_id, **things):
    """Let the house hear of an event."""
    payload = {name: {"entity": thing} for name, thing in things.items()}
    body = msgspec.json.encode({"event": kind, "payload": payload, "created_at": 1})
    payments.receive_razorpay_webhook(body=body, signature="signed", event_id=event_id)
