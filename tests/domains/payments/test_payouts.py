"""Withdrawals: set aside, sent, arrived or returned; never lost, never twice."""

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import (
    AmountTooLarge,
    InsufficientFunds,
    PayoutsNotEnabled,
    WithdrawalNotFound,
)
from marketplace.domains.payments.service import ledger, operate, payouts, rows
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.payments import earner, hear, person


@pytest.fixture
def rich(provider, payer):
    """Somebody with 120.00 available."""
    return earner(provider, payer)


@pytest.fixture
def withdraw(rich):
    """A function that withdraws and answers the withdrawal's id."""
    return lambda minor=12_000: payments.withdraw(actor=rich, amount=Money(minor, "USD")).id


@pytest.fixture
def wallet(rich):
    """A function that answers what is available and what is pending."""

    def read():
        found = payments.get_wallet(person_id=rich.id, currency="USD")
        return found.available.minor, found.pending.minor

    return read


def status(withdrawal_id):
    return payments.find_withdrawal(withdrawal_id).status


def reference(withdrawal_id):
    return payments.find_withdrawal(withdrawal_id).payout_reference


def test_a_withdrawal_goes_from_available_to_pending_to_the_bank(provider, withdraw, wallet, books, later):
    number = withdraw(5_000)
    assert (status(number), wallet()) == ("pending", (7_000, 5_000))
    later()
    assert (status(number), wallet()) == ("processing", (7_000, 5_000))
    hear(provider.settle(reference(number), "paid"))
    assert (status(number), wallet()) == ("completed", (7_000, 0))
    assert payments.find_withdrawal(number).completed_at
    assert books() == {"hold": 0, "available": 7_000, "pending": 0, "provider": -7_000}


def test_one_cannot_withdraw_more_than_there_is(provider, rich, withdraw, wallet, books):
    with pytest.raises(InsufficientFunds):
        withdraw(12_001)
    withdraw(12_000)
    with pytest.raises(InsufficientFunds):
        withdraw(1)
    assert wallet() == (0, 12_000)
    books()


def test_no_more_is_withdrawn_than_can_be_paid_at_once(provider, rich):
    with pytest.raises(AmountTooLarge):
        payments.withdraw(actor=rich, amount=Money(100_000_000, "USD"))


def test_one_cannot_withdraw_without_an_account_that_takes_payouts(provider, payer):
    somebody = person()
    with pytest.raises(PayoutsNotEnabled):
        payments.withdraw(actor=somebody, amount=Money(1, "USD"))
    payments.open_payout_account(actor=somebody)
    with pytest.raises(PayoutsNotEnabled):
        payments.withdraw(actor=somebody, amount=Money(1, "USD"))


def test_a_failed_payout_comes_back(provider, withdraw, wallet, books, later):
    number = withdraw()
    later()
    hear(provider.settle(reference(number), "failed", failure_message="The account is closed."))
    assert (status(number), wallet()) == ("returning", (0, 12_000))
    later()
    withdrawal = payments.find_withdrawal(number)
    assert (withdrawal.status, withdrawal.failure_reason) == ("failed", "The account is closed.")
    assert wallet() == (12_000, 0)
    assert next(iter(provider.transfers.values()))["reversed"]
    books()


@pytest.mark.parametrize(
    "order", [("paid", "failed"), ("failed", "paid"), ("paid", "failed", "paid", "failed")]
)
def test_a_payout_that_failed_has_failed_whatever_the_order(provider, withdraw, wallet, books, later, order):
    number = withdraw()
    later()
    account = next(iter(provider.accounts.values()))
    account["balance"] = 12_000
    provider.payouts[reference(number)]["status"] = "failed"
    told = {kind: [provider.settle(reference(number), kind) for _ in range(2)] for kind in ("paid", "failed")}
    account["balance"] = 12_000
    hear(*(one for kind in order for one in told[kind]))
    later()
    assert (status(number), wallet()) == ("failed", (12_000, 0))
    assert account["balance"] == 0
    books()


def test_a_refused_transfer_gives_the_money_back(provider, withdraw, wallet, books, later):
    provider.fail("transfer", "refuse")
    number = withdraw()
    later()
    assert (status(number), wallet()) == ("failed", (12_000, 0))
    assert payments.find_withdrawal(number).failure_reason == "The provider does not want to."
    assert provider.asked("pay_out") == []
    books()


def test_a_refused_payout_takes_the_transfer_back(provider, withdraw, wallet, books, later):
    provider.fail("pay_out", "refuse")
    number = withdraw()
    later()
    assert (status(number), wallet()) == ("failed", (12_000, 0))
    assert [transfer["reversed"] for transfer in provider.transfers.values()] == [True]
    books()


@pytest.mark.parametrize("fault", ["before", "after"])
@pytest.mark.parametrize("step", ["transfer", "pay_out"])
def test_an_unknown_outcome_is_asked_about_again_with_the_same_key(
    provider, withdraw, wallet, books, later, step, fault
):
    provider.fail(step, fault)
    number = withdraw()
    later()
    assert status(number) == "pending"
    later(minutes=4, seconds=59)
    assert len(provider.asked(step)) == 1
    later(seconds=1)
    assert status(number) == "processing"
    assert len(set(provider.asked(step))) == 1
    assert len(provider.transfers) == len(provider.payouts) == 1
    hear(provider.settle(reference(number), "paid"))
    assert wallet() == (0, 0)
    books()


def test_nothing_is_sent_again_once_the_provider_may_have_forgotten_the_key(
    provider, withdraw, wallet, later
):
    provider.fail("transfer", *["after"] * 100)
    number = withdraw()
    for span in ({"minutes": 0}, {"minutes": 5}, {"hours": 1}, {"hours": 5}, {"hours": 12}, {"days": 9}):
        later(**span)
    assert len(provider.asked("transfer")) == 5
    provider.answers.clear()
    operate.run_payouts()
    assert len(provider.transfers) == 1
    assert wallet() == (0, 12_000)
    (finding,) = payments.verify(ask_provider=False)
    assert finding.sentence == f"nobody knows whether withdrawal {number} has left; look at the provider"


def test_the_operator_who_has_looked_sends_it_again(provider, withdraw, books, later):
    provider.fail("transfer", *["before"] * 5)
    number = withdraw()
    for span in ({"minutes": 0}, {"minutes": 5}, {"hours": 1}, {"hours": 5}, {"hours": 12}, {"days": 9}):
        later(**span)
    operate.resend_withdrawal(number)
    assert status(number) == "processing"
    assert len(provider.transfers) == 1
    books()


@pytest.mark.parametrize("fault", ["before", "after"])
def test_a_reversal_of_unknown_outcome_is_asked_about_again(provider, withdraw, wallet, books, later, fault):
    provider.fail("pay_out", "refuse")
    provider.fail("reverse_transfer", fault)
    number = withdraw()
    later()
    assert (status(number), wallet()) == ("returning", (0, 12_000))
    later(minutes=5)
    assert (status(number), wallet()) == ("failed", (12_000, 0))
    assert len(set(provider.asked("reverse_transfer"))) == 1
    books()


def test_a_reversal_that_is_refused_is_tried_anew(provider, withdraw, wallet, books, later):
    provider.fail("pay_out", "refuse")
    provider.fail("reverse_transfer", "refuse")
    number = withdraw()
    later()
    assert status(number) == "returning"
    later(minutes=5)
    assert (status(number), wallet()) == ("failed", (12_000, 0))
    assert len(set(provider.asked("reverse_transfer"))) == 2
    books()


def test_a_reversal_is_not_asked_about_for_ever(provider, withdraw, later):
    provider.fail("pay_out", "refuse")
    provider.fail("reverse_transfer", *["before"] * 100)
    number = withdraw()
    for _ in range(12):
        later(days=1)
    assert len(provider.asked("reverse_transfer")) == 8
    assert status(number) == "returning"


@pytest.mark.parametrize(
    ("word", "state"), [("paid", "completed"), ("failed", "failed"), ("pending", "processing")]
)
def test_a_payout_may_have_ended_when_it_is_answered(provider, withdraw, books, later, word, state):
    provider.next_payout_status = word
    number = withdraw()
    if word == "failed":
        next(iter(provider.accounts.values()))["balance"] = 12_000
    later()
    later()
    assert status(number) == state
    books()


def test_an_event_that_came_before_we_knew_the_payout_is_read_then(
    provider, withdraw, books, later, monkeypatch
):
    pay_out = provider.pay_out

    def told_at_once(*args, **kwargs):
        payout = pay_out(*args, **kwargs)
        hear(provider.settle(payout.reference, "paid"))
        return payout

    monkeypatch.setattr(provider, "pay_out", told_at_once)
    number = withdraw()
    later()
    assert status(number) == "completed"
    books()


def test_jobs_that_run_twice_move_nothing_twice(provider, withdraw, wallet, books, later):
    number = withdraw()
    for _ in range(3):
        payouts.send(withdrawal_id=number, asked=1)
        payouts.take_back(withdrawal_id=number, attempt=1, asked=1)
        payouts.note_returned(withdrawal_id=number)
        later()
    assert (status(number), wallet()) == ("processing", (0, 12_000))
    assert len(provider.transfers) == len(provider.payouts) == 1
    with pytest.raises(WithdrawalNotFound):
        payouts.send(withdrawal_id=number + 1, asked=1)
    books()


def test_a_job_that_dies_between_its_steps_is_run_again(
    provider, withdraw, wallet, books, later, monkeypatch
):
    number = withdraw()
    monkeypatch.setattr(payouts, "_pay_out", lambda _: 1 / 0)
    later()
    monkeypatch.undo()
    assert status(number) == "pending"
    later(seconds=10)
    assert status(number) == "processing"
    assert len(provider.transfers) == 1
    books()


def test_two_runs_of_one_job_note_one_outcome(provider, withdraw, wallet, books, later):
    number = withdraw()
    earlier = payments.find_withdrawal(number)
    later()
    # A second worker, whose picture of the withdrawal is old, hears refusals and then the answers.
    answers = dict(provider.answers)
    provider.answers.clear()
    provider.fail("transfer", "refuse")
    provider.fail("pay_out", "refuse")
    assert payouts._transfer(earlier) is None
    payouts._pay_out(earlier)
    provider.answers.update(answers)
    payouts._pay_out(payouts._transfer(earlier))
    payouts._ask_again(number, 1)
    payouts._take_back_again(number, 2, asked=1, due_at=earlier.created_at)
    assert status(number) == "processing"
    assert wallet() == (0, 12_000)
    books()


def test_the_operators_run_takes_everything_a_step_further(provider, rich, withdraw, books):
    pending, moving, broken, lost = withdraw(1_000), withdraw(2_000), withdraw(3_000), withdraw(4_000)
    for number in (moving, broken, lost):
        payouts.send(withdrawal_id=number, asked=1)
    provider.payouts[reference(moving)]["status"] = "paid"
    hear(provider.settle(reference(broken), "failed"))
    provider.fail("get_payout", "", "before")
    assert operate.run_payouts() == 4
    assert [status(number) for number in (pending, moving, broken, lost)] == [
        "processing",
        "completed",
        "failed",
        "processing",
    ]
    payouts.look(withdrawal_id=pending)
    payouts.look(withdrawal_id=lost + 1)
    books()


def test_the_ledger_refuses_what_was_taken_since_it_was_looked_at(
    provider, rich, withdraw, monkeypatch, books
):
    withdraw(12_000)
    monkeypatch.setattr(
        "marketplace.domains.payments.queries.wallet.available", lambda **_: Money(12_000, "USD")
    )
    with pytest.raises(InsufficientFunds):
        withdraw(12_000)
    monkeypatch.undo()
    books()


def test_another_violation_is_not_taken_for_missing_money(provider, rich, withdraw):
    number = withdraw(100)
    with pytest.raises(sa.exc.IntegrityError), unit_of_work() as unit:
        ledger.set_aside(unit, rows.lock_withdrawal(unit, number))
