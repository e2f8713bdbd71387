"""A machine that does anything in any order, and after each step proves the books."""

from itertools import count, takewhile

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
from marketplace.domains.payments.service import operate
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import Money
from marketplace.kernel.pages import PageRequest
from tests.factories.payments import enable, hear, person, terms

OPERATIONS = [
    "refund",
    "get_refund",
    "find_refund",
    "transfer",
    "get_transfer",
    "pay_out",
    "get_payout",
    "reverse_transfer",
    "create_payment",
    "change_payment",
]
FAULTS = ["before", "after", "refuse"]
REFUNDS = ["pending", "requires_action", "failed", "succeeded"]
KINDS = ["succeeded", "payment_failed", "canceled"]


class Story(RuleBasedStateMachine):
    """Two payers, two payees, and a provider that breaks; a test gives it its provider and its books."""

    holds = Bundle("holds")

    @initialize()
    def begin(self):
        self.begin_anew()
        # What the provider has told and the house has not heard yet.
        self.told = []
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

    @rule(wanted=holds, status=st.sampled_from(["pending", "succeeded"]))
    def refund_in_the_dashboard(self, wanted, status):
        hold = payments.find_latest_hold(wanted["reference"])
        if hold and hold.status == "held" and not self.provider.payments[hold.provider_reference]["refunded"]:
            hear(self.provider.refund_by_hand(hold.provider_reference, status))

    @rule(statuses=st.lists(st.sampled_from(REFUNDS), min_size=1, max_size=3))
    def let_refunds_take_their_time(self, statuses):
        self.provider.next_refund_statuses += statuses

    @rule(data=st.data(), status=st.sampled_from(["succeeded", "failed"]))
    def end_refund(self, data, status):
        may_end = {"pending", "requires_action"} | ({"succeeded"} if status == "failed" else set())
        names = [name for name, one in self.provider.refunds.items() if one["status"] in may_end]
        if names:
            self.told.append(self.provider.settle_refund(data.draw(st.sampled_from(names)), status))

    @rule(data=st.data())
    def reverse_in_the_dashboard(self, data):
        names = [one.transfer_reference for one in self.withdrawals() if self.has_come_back(one)]
        if names:
            self.told.append(self.provider.reverse_by_hand(data.draw(st.sampled_from(names))))

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
            self.told.append(self.provider.settle(data.draw(st.sampled_from(moving)), status))

    @rule(data=st.data())
    def hear_something(self, data):
        """An event arrives, whichever, as often as it likes; or none does, and it is repeated later."""
        if self.told:
            hear(*[data.draw(st.sampled_from(self.told))] * 2)

    @rule(operation=st.sampled_from(OPERATIONS), faults=st.lists(st.sampled_from(FAULTS), min_size=1))
    def break_(self, operation, faults):
        self.provider.fail(operation, *faults)

    @rule(minutes=st.sampled_from([0, 5, 60, 1440]))
    def wait(self, minutes):
        self.wait_for(minutes)

    @rule()
    def let_the_operator_look(self):
        operate.run_payouts()

    @invariant()
    def the_books_are_right(self):
        # Somebody may have to look at what stands still, or at what was done in the dashboard.
        findings = payments.verify(ask_provider=False)
        assert [finding for finding in findings if finding.check not in {"stuck", "events"}] == []

    def teardown(self):
        """Once the provider answers again nothing stays unfinished, and all money is accounted for."""
        if not hasattr(self, "payers"):
            return
        self.provider.faults.clear()
        self.provider.next_refund_statuses.clear()
        for _ in range(2):
            self.finish_at_provider()
            for hours in (0, 1, 5, 6, 6, 24, 24):
                self.wait_for(hours * 60)
            operate.run_payouts()
            for withdrawal in self.withdrawals():
                if withdrawal.status == "pending":
                    operate.resend_withdrawal(withdrawal.id)
        self.finish_at_provider()
        self.wait_for(24 * 60)
        assert {withdrawal.status for withdrawal in self.withdrawals()} <= {"completed", "failed"}
        assert "refunding" not in {hold.status for hold in self.all_holds()}
        self.books("events")
        for payment in self.provider.payments.values():
            assert payment["refunded"] in {0, payment["amount"]}

    def finish_at_provider(self):
        for name, one in self.provider.refunds.items():
            if one["status"] in {"pending", "requires_action"}:
                self.told.append(self.provider.settle_refund(name, "succeeded"))
        for name, payout in self.provider.payouts.items():
            if payout["status"] == "pending":
                self.told.append(self.provider.settle(name, "paid"))
        hear(*reversed(self.told))

    def withdrawals(self):
        page = PageRequest(size=1000)
        pages = [payments.list_withdrawals(person_id=payee.id, page=page) for payee in self.payees]
        return [withdrawal for found in pages for withdrawal in found.items]

    def all_holds(self):
        numbers = takewhile(lambda hold: hold is not None, map(payments.find_hold, count(1)))
        return list(numbers)

    def has_come_back(self, withdrawal):
        """Whether a withdrawal's money lies on the payout account and goes nowhere."""
        transfer = self.provider.transfers.get(withdrawal.transfer_reference)
        payout = self.provider.payouts.get(withdrawal.payout_reference)
        return transfer and not transfer["reversed"] and payout and payout["status"] == "failed"

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
