"""A machine that does anything in any order, and after each step proves the books."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from marketplace.domains.payments import public as payments
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import Money
from tests.factories.payments import enable, hear, person, terms

OPERATIONS = ["refund", "transfer", "pay_out", "reverse_transfer", "create_payment", "change_payment"]
FAULTS = ["before", "after", "refuse"]
KINDS = ["succeeded", "payment_failed", "canceled"]


class Story(RuleBasedStateMachine):
    """Two payers, two payees, and a provider that breaks; a test gives it its provider and its books."""

    holds = Bundle("holds")

    @initialize()
    def begin(self):
        self.begin_anew()
        self.payers, self.payees = [person(), person()], [person(), person()]
        for payee in self.payees:
            enable(self.provider, payee)

    @rule(target=holds, payer=st.integers(0, 1), payee=st.integers(0, 1), minor=st.integers(50, 300))
    def open_one(self, payer, payee, minor):
        wanted = terms(self.payers[payer], self.payees[payee], minor, agreed=50)
        return wanted if self.try_(payments.open_hold, **wanted) else multiple()

    @rule(wanted=holds, minor=st.integers(50, 300))
    def open_again(self, wanted, minor):
        self.try_(payments.open_hold, **{**wanted, "amount": Money(minor, "USD")})

    @rule(wanted=holds)
    def pay(self, wanted):
        reference = payments.find_latest_hold(wanted["reference"]).provider_reference
        if reference and self.provider.payments[reference]["status"] == "requires_payment_method":
            hear(self.provider.pay(reference))

    @rule(wanted=holds, kind=st.sampled_from(KINDS))
    def tell(self, wanted, kind):
        reference = payments.find_latest_hold(wanted["reference"]).provider_reference
        if reference and (kind != "succeeded" or self.provider.payments[reference]["status"] == "succeeded"):
            hear(*[self.provider.told(f"payment_intent.{kind}", reference)] * 2)

    @rule(wanted=holds)
    def refund_in_the_dashboard(self, wanted):
        hold = payments.find_live_hold(wanted["reference"])
        if hold and hold.status == "held":
            self.provider.payments[hold.provider_reference]["refunded"] = hold.amount.minor
            hear(self.provider.told("charge.refunded", hold.provider_reference))

    @rule(wanted=holds)
    def release(self, wanted):
        hold = payments.find_latest_hold(wanted["reference"])
        self.try_(payments.release, actor=self.one(hold.payer_id), hold_id=hold.id)

    @rule(wanted=holds, by_payee=st.booleans())
    def refund(self, wanted, by_payee):
        hold = payments.find_latest_hold(wanted["reference"])
        actor = self.one(hold.payee_id if by_payee else hold.payer_id)
        self.try_(payments.refund, actor=actor, hold_id=hold.id)

    @rule(wanted=consumes(holds))
    def call_off(self, wanted):
        self.try_(payments.call_off, reference=wanted["reference"])

    @rule(payee=st.integers(0, 1), minor=st.integers(1, 300))
    def withdraw(self, payee, minor):
        self.try_(payments.withdraw, actor=self.payees[payee], amount=Money(minor, "USD"))

    @rule(data=st.data(), status=st.sampled_from(["paid", "failed"]))
    def settle(self, data, status):
        moving = [name for name, payout in self.provider.payouts.items() if payout["status"] == "pending"]
        if moving:
            hear(*[self.provider.settle(data.draw(st.sampled_from(moving)), status)] * 2)

    @rule(operation=st.sampled_from(OPERATIONS), faults=st.lists(st.sampled_from(FAULTS), min_size=1))
    def break_(self, operation, faults):
        self.provider.fail(operation, *faults)

    @rule(minutes=st.sampled_from([0, 5, 60, 1440]))
    def wait(self, minutes):
        self.wait_for(minutes)

    @invariant()
    def the_books_are_right(self):
        # A day may pass over a withdrawal of unknown outcome: then only somebody who looks can tell.
        self.books("stuck")

    def teardown(self):
        """Once the provider works again, all that was begun comes to an end."""
        if not hasattr(self, "payers"):
            return
        self.provider.faults.clear()
        for hours in (0, 1, 5, 6, 6, 24, 24):
            self.wait_for(hours * 60)
        self.books("stuck")
        for payment in self.provider.payments.values():
            assert payment["refunded"] in {0, payment["amount"]}

    def wait_for(self, minutes):
        clock.advance(minutes * 60)
        relay.sweep()

    def one(self, person_id):
        return next(one for one in self.payers + self.payees if one.id == person_id)

    def try_(self, command, **arguments):
        try:
            return command(**arguments)
        except DomainError:
            return None


def test_whatever_happens_in_whatever_order_the_books_are_right(provider, books, begin_anew):
    class ThisStory(Story):
        pass

    ThisStory.provider, ThisStory.books = provider, staticmethod(books)
    ThisStory.begin_anew = staticmethod(begin_anew)
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    options = settings(
        max_examples=8,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=checks,
    )
    run_state_machine_as_test(ThisStory, settings=options)
