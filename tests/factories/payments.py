"""People with money, and a provider in memory that breaks when it is told to."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import count

from marketplace.domains.accounts.models import User, UserRole
from marketplace.domains.accounts.public import Person, Role
from marketplace.domains.payments import public as payments
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import unit_of_work
from marketplace.providers.payments import (
    Event,
    Method,
    OnboardingLink,
    OutcomeUnknown,
    Payment,
    PaymentProvider,
    Payout,
    PayoutAccount,
    Refund,
    Refused,
    SignatureInvalid,
    Transfer,
)

_numbers = count(1)
START = datetime(2026, 2, 1, tzinfo=UTC)


class FakeProvider(PaymentProvider):
    """A provider that honours idempotency keys, counts what it does, and has the faults it is asked for.

    A fault is `before` (breaks and does nothing), `after` (acts and breaks) or `refuse`.
    """

    name = "fake"
    is_sandbox = True

    def __init__(self):
        self.lock = threading.RLock()
        self.answers = {}
        self.faults = {}
        self.calls = []
        self.payments = {}
        self.refunds = {}
        self.transfers = {}
        self.payouts = {}
        self.accounts = {}
        self.customers = {}
        self.methods = {}
        self.numbers = count(1)
        self.next_refund_statuses = []

    def fail(self, operation, *faults):
        """Let the next calls of an operation have these faults, one each."""
        self.faults.setdefault(operation, []).extend(faults)

    def asked(self, operation):
        """The keys with which an operation was asked for."""
        return [key for name, key in self.calls if name == operation]

    def total(self):
        """What lies at the provider: paid, less refunded, less arrived at banks."""
        paid = sum(
            payment["amount"] for payment in self.payments.values() if payment["status"] == "succeeded"
        )
        back = sum(payment["refunded"] for payment in self.payments.values())
        gone = sum(payout["amount"] for payout in self.payouts.values() if payout["status"] == "paid")
        return paid - back - gone

    def create_payment(self, amount, *, metadata, idempotency_key, customer_reference=None):
        def act():
            reference = self._new("pi")
            self.payments[reference] = {
                "amount": amount.minor,
                "currency": amount.currency,
                "status": "requires_payment_method",
                "refunded": 0,
                "customer": customer_reference,
            }
            return self._payment(reference)

        return self._once("create_payment", idempotency_key, act)

    def change_payment(self, reference, amount, *, idempotency_key):
        def act():
            self._unpaid(reference)["amount"] = amount.minor
            return self._payment(reference)

        return self._once("change_payment", idempotency_key, act)

    def cancel_payment(self, reference, *, idempotency_key):
        def act():
            self._unpaid(reference)["status"] = "canceled"
            return self._payment(reference)

        return self._once("cancel_payment", idempotency_key, act)

    def get_payment(self, reference):
        return self._once("get_payment", None, lambda: self._payment(reference))

    def refund(self, payment_reference, amount, *, idempotency_key):
        def act():
            payment = self.payments[payment_reference]
            if payment["refunded"] + amount.minor > payment["amount"]:
                raise Refused("It is refunded.", code="charge_already_refunded")
            reference = self._new("re")
            status = self.next_refund_statuses.pop(0) if self.next_refund_statuses else "succeeded"
            payment["refunded"] += amount.minor if status != "failed" else 0
            self.refunds[reference] = {"payment": payment_reference, "amount": amount.minor, "status": status}
            return Refund(reference=reference, status=status)

        return self._once("refund", idempotency_key, act)

    def get_refund(self, reference):
        def act():
            return Refund(reference=reference, status=self.refunds[reference]["status"])

        return self._once("get_refund", None, act)

    def find_refund(self, payment_reference, amount):
        def act():
            for reference, refund in reversed(self.refunds.items()):
                if (refund["payment"], refund["amount"]) == (payment_reference, amount.minor):
                    return Refund(reference=reference, status=refund["status"])
            return None

        return self._once("find_refund", None, act)

    def create_customer(self, *, email, metadata, idempotency_key):
        def act():
            reference = self._new("cus")
            self.customers[reference] = email
            return reference

        return self._once("create_customer", idempotency_key, act)

    next_kind = "card"

    def attach_method(self, reference, *, customer_reference, idempotency_key):
        def act():
            if self.methods.setdefault(reference, customer_reference) != customer_reference:
                raise Refused("It is of somebody else, or was detached.")
            shown = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034}
            return Method(reference=reference, kind=self.next_kind, **shown)

        return self._once("attach_method", idempotency_key, act)

    def detach_method(self, reference, *, idempotency_key):
        def act():
            if self.methods[reference] is None:
                raise Refused("It is not attached.")
            self.methods[reference] = None

        return self._once("detach_method", idempotency_key, act)

    def create_account(self, *, email, country, metadata, idempotency_key):
        def act():
            reference = self._new("acct")
            self.accounts[reference] = {"balance": 0, "enabled": False, "country": country}
            return self._account(reference)

        return self._once("create_account", idempotency_key, act)

    def get_account(self, reference):
        return self._once("get_account", None, lambda: self._account(reference))

    def onboarding_link(self, account_reference, *, return_url, refresh_url):
        url = f"https://provider.example/{account_reference}?back={return_url}&again={refresh_url}"
        link = OnboardingLink(url=url, expires_at=START)
        return self._once("onboarding_link", None, lambda: link)

    def transfer(self, amount, *, account_reference, metadata, idempotency_key):
        def act():
            reference = self._new("tr")
            self.transfers[reference] = {"amount": amount.minor, "to": account_reference, "reversed": False}
            self.accounts[account_reference]["balance"] += amount.minor
            return Transfer(reference=reference)

        return self._once("transfer", idempotency_key, act)

    def reverse_transfer(self, transfer_reference, *, idempotency_key):
        def act():
            transfer = self.transfers[transfer_reference]
            if transfer["reversed"]:
                raise Refused("It is reversed.")
            transfer["reversed"] = True
            self.accounts[transfer["to"]]["balance"] -= transfer["amount"]

        return self._once("reverse_transfer", idempotency_key, act)

    def get_transfer(self, reference):
        def act():
            return Transfer(reference=reference, is_reversed=self.transfers[reference]["reversed"])

        return self._once("get_transfer", None, act)

    def pay_out(self, amount, *, account_reference, metadata, idempotency_key):
        def act():
            account = self.accounts[account_reference]
            if account["balance"] < amount.minor:
                raise Refused("There is not that much.")
            account["balance"] -= amount.minor
            reference = self._new("po")
            self.payouts[reference] = {
                "amount": amount.minor,
                "status": self.next_payout_status,
                "from": account_reference,
            }
            return Payout(reference=reference, status=self.next_payout_status)

        return self._once("pay_out", idempotency_key, act)

    next_payout_status = "pending"

    def get_payout(self, reference, *, account_reference):
        def act():
            return Payout(reference=reference, status=self.payouts[reference]["status"])

        return self._once("get_payout", None, act)

    def read_event(self, body, signature):
        if signature != "signed":
            raise SignatureInvalid("unsigned")
        reference, kind, number = body.decode().split()
        return Event(id=number, type=kind, created_at=START, account=None, object={"id": reference})

    def pay(self, reference):
        """The payer pays; the event that tells of it."""
        self.payments[reference]["status"] = "succeeded"
        return self.told("payment_intent.succeeded", reference)

    def told(self, kind, reference, **changes):
        """An event about a payment, as the provider tells it."""
        payment = self.payments[reference]
        body = {"id": reference, "amount": payment["amount"], "currency": payment["currency"].lower()}
        if kind.startswith("charge."):
            body |= {"id": "ch_1", "payment_intent": reference, "amount_refunded": payment["amount"]}
        return event(kind, **body | changes)

    def reverse_by_hand(self, reference):
        """Somebody takes a transfer back in the provider's dashboard; the event that tells of it."""
        transfer = self.transfers[reference]
        transfer["reversed"] = True
        self.accounts[transfer["to"]]["balance"] -= transfer["amount"]
        return self.reversed(reference)

    def reversed(self, reference, **changes):
        """The event that tells of a reversal."""
        return event("transfer.reversed", **{"id": reference, "reversed": True} | changes)

    def refund_by_hand(self, payment_reference, status="succeeded"):
        """Somebody refunds a payment in the provider's dashboard; the event that tells of its charge."""
        payment = self.payments[payment_reference]
        left = payment["amount"] - payment["refunded"]
        payment["refunded"] += left
        refund = {"payment": payment_reference, "amount": left, "status": status}
        self.refunds[self._new("re")] = refund
        return self.told("charge.refunded", payment_reference)

    def settle_refund(self, reference, status, **changes):
        """A refund ends; the event that tells of it."""
        refund = self.refunds[reference]
        if status in {"failed", "canceled"}:
            self.payments[refund["payment"]]["refunded"] -= refund["amount"]
        refund["status"] = status
        kind = "refund.failed" if status == "failed" else "refund.updated"
        body = {"id": reference, "payment_intent": refund["payment"], "status": status}
        return event(kind, **body | changes)

    def settle(self, reference, status, **changes):
        """A payout ends; the event that tells of it."""
        payout = self.payouts[reference]
        if status == "failed":
            self.accounts[payout["from"]]["balance"] += payout["amount"]
        payout["status"] = status
        return event(f"payout.{status}", id=reference, **changes)

    def _once(self, operation, key, act):
        with self.lock:
            self.calls.append((operation, key))
            fault = self.faults.get(operation, [])
            what = fault.pop(0) if fault else ""
            if what == "before":
                raise OutcomeUnknown(operation)
            # What it has done once under a key it answers again: it cannot refuse that any more.
            if what == "refuse" and key not in self.answers:
                raise Refused("The provider does not want to.")
            if key is None:
                return act()
            if key not in self.answers:
                self.answers[key] = act()
            if what == "after":
                raise OutcomeUnknown(operation)
            return self.answers[key]

    def _new(self, kind):
        return f"{kind}_{next(self.numbers)}"

    def _unpaid(self, reference):
        payment = self.payments[reference]
        if payment["status"] != "requires_payment_method":
            raise Refused(f"It is {payment['status']}.")
        return payment

    def _payment(self, reference):
        if reference not in self.payments:
            raise Refused("No such payment.")
        payment = self.payments[reference]
        return Payment(
            reference=reference,
            client_secret=f"{reference}_secret",
            status=payment["status"],
            amount=Money(payment["amount"], payment["currency"]),
        )

    def _account(self, reference):
        enabled = self.accounts[reference]["enabled"]
        return PayoutAccount(
            reference=reference, charges_enabled=enabled, payouts_enabled=enabled, details_submitted=enabled
        )


def event(kind, *, at=0, **body):
    """A verified event of its own id."""
    number = next(_numbers)
    return Event(
        id=f"evt_{number}", type=kind, created_at=START + timedelta(seconds=at), account=None, object=body
    )


def hear(*events):
    """Let the house hear of events."""
    for one in events:
        payments.receive_event(one, provider="fake")


def person(*roles, country="Egypt"):
    """Somebody new who is both client and freelancer, or what is asked; has no password, which takes long."""
    name = f"payer{next(_numbers)}"
    held_roles = frozenset(roles or (Role.CLIENT, Role.FREELANCER))
    with unit_of_work() as unit:
        user = User(
            username=name,
            email=f"{name}@example.com",
            first_name="",
            last_name="",
            phone_number="",
            city="",
            country=country,
            joined_at=START,
        )
        unit.session.add(user)
        unit.session.flush()
        unit.session.add_all(UserRole(user_id=user.id, role=role) for role in held_roles)
    return Person(id=user.id, username=name, roles=held_roles, session_id=0, face="multitask")


def terms(payer, payee, minor=12_000, agreed=None, reference=None):
    """What a hold between two people is opened with."""
    number = next(_numbers)
    return {
        "reference": reference or f"application:{number}",
        "subject": f"task:{number}",
        "payer_id": payer.id,
        "payee_id": payee.id,
        "amount": Money(minor, "USD"),
        "agreed": Money(agreed or minor, "USD"),
    }


def intent(payer, payee, minor=12_000, **options):
    """An unpaid hold."""
    return payments.open_hold(**terms(payer, payee, minor, **options))


def held(provider, payer, payee, minor=12_000, **options):
    """A hold whose payment has arrived."""
    opened = intent(payer, payee, minor, **options)
    hear(provider.pay(opened.reference))
    return payments.find_hold(opened.hold.id)


def earner(provider, payer, minor=12_000):
    """Somebody who has that much available and a payout account."""
    payee = person()
    hold = held(provider, payer, payee, minor)
    payments.release(actor=payer, hold_id=hold.id)
    enable(provider, payee)
    return payee


def enable(provider, payee):
    """A payout account that may be paid out to."""
    account, _ = payments.open_payout_account(actor=payee)
    provider.accounts[account.reference]["enabled"] = True
    flags = {"charges_enabled": True, "payouts_enabled": True, "details_submitted": True}
    hear(event("account.updated", id=account.reference, **flags))
