"""Money under fire: real threads on real PostgreSQL, fifty times each."""

from functools import partial
from random import Random

import pytest

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import (
    AlreadyFunded,
    BeingPaid,
    HoldMoved,
    InsufficientFunds,
    PaymentRefused,
    RefundUnderWay,
)
from marketplace.domains.payments.public import HoldView, Intent, PayoutAccount, Withdrawal
from marketplace.domains.payments.service import payouts
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import Money
from marketplace.kernel.process import WrongState
from tests.factories.payments import earner, enable, event, hear, held, intent, person, terms
from tests.together import together

REPEATS = 50
CROWD = 8


def test_of_eight_releases_exactly_one_wins(provider, payer, payee, books):
    for number in range(1, REPEATS + 1):
        hold = held(provider, payer, payee, 100)
        results = together(*[partial(payments.release, actor=payer, hold_id=hold.id)] * CROWD)
        assert sum(isinstance(result, HoldView) for result in results) == 1
        assert sum(isinstance(result, WrongState) for result in results) == CROWD - 1
        assert payments.get_wallet(person_id=payee.id, currency="USD").available.minor == number * 100
    books()


def test_of_releases_and_refunds_exactly_one_wins(provider, payer, payee, books):
    ends = set()
    for _ in range(REPEATS):
        hold = held(provider, payer, payee, 100)
        release = partial(payments.release, actor=payer, hold_id=hold.id)
        refund = partial(payments.refund, actor=payee, hold_id=hold.id)
        results = together(*[release, refund] * (CROWD // 2))
        winners = [result for result in results if isinstance(result, HoldView)]
        losers = [result for result in results if result not in winners]
        assert len(winners) == 1
        assert all(isinstance(result, WrongState | RefundUnderWay) for result in losers)
        assert payments.find_hold(hold.id).status == winners[0].hold.status
        assert len(
            [key for key in provider.asked("refund") if key.startswith(f"refund:hold:{hold.id}:")]
        ) == (winners[0].hold.status == "refunded")
        ends.add(winners[0].hold.status)
    assert ends == {"released", "refunded"}
    books()


def test_of_eight_withdrawals_of_everything_exactly_one_wins(provider, payer, books):
    payee = earner(provider, payer, 100)
    for number in range(1, REPEATS + 1):
        results = together(*[partial(payments.withdraw, actor=payee, amount=Money(100, "USD"))] * CROWD)
        assert sum(isinstance(result, Withdrawal) for result in results) == 1
        assert sum(isinstance(result, InsufficientFunds) for result in results) == CROWD - 1
        assert payments.get_wallet(person_id=payee.id, currency="USD").pending.minor == number * 100
        hold = held(provider, payer, payee, 100)
        payments.release(actor=payer, hold_id=hold.id)
    books()


def test_eight_requests_open_one_hold_and_one_intent(provider, payer, payee, books):
    for number in range(1, REPEATS + 1):
        results = together(*[partial(payments.open_hold, **terms(payer, payee))] * CROWD)
        assert len({result.hold.id for result in results}) == 1
        assert len({result.reference for result in results}) == 1
        assert sum(result.is_new for result in results) == 1
        assert len(provider.payments) == number
    books()


def test_changing_the_amount_while_it_is_paid_takes_what_was_paid(provider, payer, payee, books):
    for _ in range(REPEATS):
        wanted = terms(payer, payee, 100)
        opened = payments.open_hold(**wanted)
        dearer = {**wanted, "amount": Money(150, "USD")}
        other = {**wanted, "amount": Money(170, "USD")}
        results = together(
            partial(payments.open_hold, **dearer),
            lambda reference=opened.reference: hear(provider.pay(reference)),
            partial(payments.open_hold, **other),
        )
        refusals = (AlreadyFunded, BeingPaid, HoldMoved, PaymentRefused)
        assert all(result is None or isinstance(result, (Intent, *refusals)) for result in results)
        hold = payments.find_hold(opened.hold.id)
        assert hold.status == "held"
        assert hold.amount.minor == provider.payments[opened.reference]["amount"]
    books()


def test_paying_calling_off_and_opening_anew_leave_one_story(provider, payer, payee, books, later):
    for _ in range(REPEATS):
        wanted = terms(payer, payee, 100)
        opened = payments.open_hold(**wanted)
        hear(provider.told("payment_intent.payment_failed", opened.reference))
        paid = provider.pay(opened.reference)
        together(
            partial(payments.open_hold, **wanted),
            partial(hear, paid),
            partial(payments.call_off, reference=wanted["reference"]),
            partial(hear, provider.told("charge.refunded", opened.reference, amount_refunded=1)),
        )
        later()
        first = payments.find_hold(opened.hold.id)
        assert first.status in {"held", "refunded"}
        assert provider.payments[opened.reference]["refunded"] == (100 if first.status == "refunded" else 0)
    # What an event contradicts is flagged; the books themselves are right.
    assert {finding.check for finding in payments.verify()} <= {"events"}


def test_the_same_events_heard_by_many_at_once_have_their_effect_once(provider, payer, payee, books):
    random = Random(1)
    kinds = ["payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled"]
    for _ in range(REPEATS):
        opened = intent(payer, payee, 100)
        provider.payments[opened.reference]["status"] = "succeeded"
        told = [provider.told(kind, opened.reference) for kind in kinds] * 3
        random.shuffle(told)
        results = together(*(partial(hear, one) for one in told))
        assert results == [None] * 9
        assert payments.find_hold(opened.hold.id).status == "held"
    books()


def test_eight_workers_send_one_withdrawal_once(provider, payer, books):
    payee = earner(provider, payer, 100 * REPEATS)
    for number in range(1, REPEATS + 1):
        withdrawal = payments.withdraw(actor=payee, amount=Money(100, "USD"))
        provider.fail("transfer", *["after", "", "before"])
        results = together(*[partial(payouts.send, withdrawal_id=withdrawal.id, asked=1)] * CROWD)
        assert results == [None] * CROWD
        assert payments.find_withdrawal(withdrawal.id).status == "processing"
        assert len(provider.transfers) == len(provider.payouts) == number
    books()


def test_an_event_that_comes_while_its_payout_is_noted_is_never_missed(provider, payer, books, later):
    payee = earner(provider, payer, 100 * REPEATS)
    for _ in range(REPEATS):
        withdrawal = payments.withdraw(actor=payee, amount=Money(100, "USD"))
        expected = f"po_{_next(provider) + 1}"
        told = event("payout.paid", id=expected)
        together(partial(payouts.send, withdrawal_id=withdrawal.id, asked=1), partial(hear, told))
        assert payments.find_withdrawal(withdrawal.id).status == "completed"
        provider.payouts[expected]["status"] = "paid"
    books()


def _next(provider):
    """The number of the next transfer; that of its payout follows it."""
    number = next(provider.numbers)
    provider.numbers = iter(range(number, 10**9))
    return number


def test_eight_requests_open_one_payout_account(provider):
    for number in range(1, REPEATS + 1):
        somebody = person()
        results = together(*[partial(payments.open_payout_account, actor=somebody)] * CROWD)
        assert sum(is_new for _, is_new in results) == 1
        assert {account.reference for account, _ in results} == {results[0][0].reference}
        assert isinstance(results[0][0], PayoutAccount)
        assert len(provider.accounts) == number


@pytest.mark.parametrize("seed", [1, 2])
def test_everything_at_once_with_a_provider_that_breaks_loses_nothing(provider, payer, books, later, seed):
    random = Random(seed)
    people = [person() for _ in range(4)]
    for somebody in people:
        enable(provider, somebody)
    for name in ("refund", "transfer", "pay_out", "reverse_transfer", "create_payment", "cancel_payment"):
        provider.fail(name, *random.choices(["", "", "before", "after", "refuse"], k=40))
    for _ in range(20):
        holds = [_paid(provider, payer, random.choice(people), random) for _ in range(3)]
        calls = [
            random.choice(
                [
                    partial(payments.release, actor=payer, hold_id=hold.id),
                    partial(payments.refund, actor=payer, hold_id=hold.id),
                    partial(payments.call_off, reference=hold.reference),
                ]
            )
            for hold in holds * 2
            if hold
        ]
        calls += [
            partial(payments.withdraw, actor=one, amount=Money(random.randint(1, 200), "USD"))
            for one in people
        ]
        results = together(*calls)
        assert [result for result in results if isinstance(result, Exception) and not _is_no(result)] == []
        later(minutes=random.choice([0, 5, 60]))
        _settle_some(provider, random)
    provider.faults.clear()
    for _ in range(20):
        later(hours=1)
    for _ in range(8):
        later(days=1)
    books()


def _is_no(result):
    return isinstance(result, DomainError)


def _paid(provider, payer, payee, random):
    try:
        return held(provider, payer, payee, random.randint(50, 500))
    except DomainError:
        return None


def _settle_some(provider, random):
    for reference, payout in list(provider.payouts.items()):
        if payout["status"] == "pending" and random.random() < 0.7:
            hear(provider.settle(reference, random.choice(["paid", "failed"])))
