"""Whatever the provider loses or forgets: money comes back once, and what stands still is named."""

from itertools import permutations

import pytest

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import NotAtProvider, ProviderUnavailable, WithdrawalNotFound
from marketplace.domains.payments.service import operate, payouts
from marketplace.kernel.money import Money
from tests.factories.payments import earner, hear, held, intent, terms
from tests.together import together

ASKED_AT = ({"minutes": 5}, {"hours": 1}, *({"days": 1},) * 6)


@pytest.fixture
def rich(provider, payer):
    """Somebody with 120.00 available."""
    return earner(provider, payer)


@pytest.fixture
def wallet(rich):
    """A function that answers what is available and what is pending."""

    def read():
        found = payments.get_wallet(person_id=rich.id, currency="USD")
        return found.available.minor, found.pending.minor

    return read


@pytest.fixture
def sent(rich, later):
    """A withdrawal that is being processed."""
    number = payments.withdraw(actor=rich, amount=Money(12_000, "USD")).id
    later()
    return payments.find_withdrawal(number)


def status(withdrawal):
    return payments.find_withdrawal(withdrawal.id).status


def stuck():
    return [found.sentence for found in payments.verify(ask_provider=False) if found.check == "stuck"]


def break_payout(provider, sent):
    hear(provider.settle(sent.payout_reference, "failed", failure_message="The account is closed."))


def test_a_reversal_whose_answer_was_lost_is_found_at_the_provider(provider, sent, wallet, books, later):
    provider.fail("reverse_transfer", "after", "before", "before")
    break_payout(provider, sent)
    for span in ({"seconds": 0}, {"seconds": 301}, {"seconds": 3601}):
        later(**span)
    assert (status(sent), wallet()) == ("returning", (0, 12_000))
    # By now the provider has forgotten the key, so it refuses to reverse what is reversed.
    provider.answers.clear()
    later(seconds=86_401)
    assert (status(sent), wallet()) == ("failed", (12_000, 0))
    books()


def test_a_reversal_that_was_made_in_the_dashboard_is_found_too(provider, sent, wallet, books, later):
    provider.transfers[sent.transfer_reference]["reversed"] = True
    provider.accounts[sent.account_reference]["balance"] -= 12_000
    break_payout(provider, sent)
    later()
    assert (status(sent), wallet()) == ("failed", (12_000, 0))
    books()


@pytest.mark.parametrize("fault", ["before", "refuse"])
def test_a_refusal_that_nobody_can_explain_is_tried_again(provider, sent, wallet, books, later, fault):
    provider.fail("reverse_transfer", "refuse")
    provider.fail("get_transfer", fault)
    break_payout(provider, sent)
    later()
    assert (status(sent), wallet()) == ("returning", (0, 12_000))
    later(minutes=5)
    assert (status(sent), wallet()) == ("failed", (12_000, 0))
    books()


def test_the_event_of_a_reversal_brings_the_money_back(provider, sent, wallet, books, later):
    provider.fail("reverse_transfer", "after")
    break_payout(provider, sent)
    later()
    assert status(sent) == "returning"
    hear(*[provider.reversed(sent.transfer_reference) for _ in range(3)])
    assert (status(sent), wallet()) == ("failed", (12_000, 0))
    later(days=30)
    assert len(provider.asked("reverse_transfer")) == 1
    books()


@pytest.mark.parametrize(
    ("changes", "said"),
    [({}, "which is processing, was reversed"), ({"reversed": False}, "reversed in part")],
)
def test_a_reversal_that_nobody_asked_for_is_flagged(provider, sent, wallet, changes, said):
    hear(provider.reversed(sent.transfer_reference, **changes))
    assert (status(sent), wallet()) == ("processing", (0, 12_000))
    (finding,) = payments.verify(ask_provider=False)
    assert finding.check == "events"
    assert said in finding.sentence


def test_an_event_of_a_reversal_of_somebody_elses_transfer_is_kept(provider, sent, books):
    hear(provider.reversed("tr_unknown"))
    assert status(sent) == "processing"
    books()


def test_answer_and_event_of_a_reversal_at_once_give_the_money_back_once(provider, sent, wallet, books):
    break_payout(provider, sent)
    told = [provider.reversed(sent.transfer_reference) for _ in range(4)]
    asked = [lambda: payouts.take_back(withdrawal_id=sent.id, attempt=1, asked=1)] * 4
    answers = together(*asked, *(lambda one=one: hear(one) for one in told))
    assert answers == [None] * 8
    assert (status(sent), wallet()) == ("failed", (12_000, 0))
    books()


def test_every_order_of_a_withdrawals_events_ends_the_same(provider, rich, wallet, books, later):
    for order in permutations(("paid", "failed", "reversed")):
        sent = payments.withdraw(actor=rich, amount=Money(12_000, "USD"))
        later()
        sent = payments.find_withdrawal(sent.id)
        told = {
            "paid": provider.settle(sent.payout_reference, "paid"),
            "failed": provider.settle(sent.payout_reference, "failed"),
            "reversed": provider.reversed(sent.transfer_reference),
        }
        provider.transfers[sent.transfer_reference]["reversed"] = True
        hear(*(told[kind] for kind in order))
        later()
        later(minutes=6)
        assert (status(sent), wallet()) == ("failed", (12_000, 0)), order
        books("events")
        for finding in payments.verify(ask_provider=False):
            operate.settle_event(finding.sentence.split()[1], note="It came early.")


def test_when_the_asking_ends_it_is_said_and_the_operator_goes_on(provider, sent, wallet, books, later):
    provider.fail("reverse_transfer", *["before"] * 8)
    break_payout(provider, sent)
    later()
    for span in ASKED_AT:
        later(**span)
    assert len(provider.asked("reverse_transfer")) == 8
    (sentence,) = stuck()
    assert sentence == (
        f"withdrawal {sent.id} is returning since {payments.find_withdrawal(sent.id).status_since:%Y-%m-%d}: "
        "The account is closed.; the provider is no longer asked"
    )
    operate.run_payouts()
    assert (status(sent), wallet()) == ("failed", (12_000, 0))
    assert stuck() == []
    books()


@pytest.mark.parametrize(("event", "days"), [(None, 14), ("failed", 1)])
def test_a_withdrawal_that_stands_still_is_named(provider, sent, later, event, days):
    if event:
        provider.fail("reverse_transfer", *["refuse"] * 99)
        break_payout(provider, sent)
    later(days=days, hours=-1)
    assert stuck() == []
    later(hours=2)
    (sentence,) = stuck()
    assert sentence.startswith(f"withdrawal {sent.id} is {status(sent)} since ")


def test_a_withdrawal_that_no_worker_took_up_is_named(provider, rich, owner, later):
    number = payments.withdraw(actor=rich, amount=Money(12_000, "USD")).id
    provider.fail("transfer", *["before"] * 99)
    for span in ASKED_AT:
        later(**span)
    assert stuck() == [f"nobody knows whether withdrawal {number} has left; look at the provider"]


def test_a_refund_is_named_as_soon_as_it_is_no_longer_asked_about(provider, payer, payee, books, later):
    hold = held(provider, payer, payee, reference="application:7")
    provider.fail("refund", *["before"] * 8)
    payments.call_off(reference="application:7")
    for span in ASKED_AT[:-1]:
        assert stuck() == []
        later(**span)
    (sentence,) = stuck()
    assert f"the refund of hold {hold.id} is under way since" in sentence
    operate.run_payouts()
    assert payments.find_hold(hold.id).status == "refunded"
    assert stuck() == []
    books()


@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_intent_that_nobody_knows_of_is_asked_for_again(provider, payer, payee, books, later, fault):
    provider.fail("create_payment", fault, fault)
    with pytest.raises(ProviderUnavailable):
        payments.open_hold(**terms(payer, payee))
    later(minutes=5)
    assert payments.find_hold(1).provider_reference is None
    later(hours=1)
    assert payments.find_hold(1).provider_reference is not None
    later(days=9)
    assert len(set(provider.asked("create_payment"))) == len(provider.payments) == 1
    assert len(provider.asked("create_payment")) == 3
    books()


def test_an_intent_that_nobody_knows_of_is_named_and_opened_by_the_operator(
    provider, payer, payee, books, later
):
    provider.fail("create_payment", *["before"] * 5)
    with pytest.raises(ProviderUnavailable):
        payments.open_hold(**terms(payer, payee))
    for span in ({"minutes": 5}, {"hours": 1}, {"hours": 5}, {"hours": 12}):
        assert stuck() == []
        later(**span)
    (sentence,) = stuck()
    assert sentence.startswith("nobody knows whether hold 1 of ")
    operate.run_payouts()
    assert payments.find_hold(1).provider_reference is not None
    assert stuck() == []
    books()


@pytest.mark.parametrize("fault", ["refuse", "called off"])
def test_an_intent_that_is_not_wanted_is_not_asked_for_again(provider, payer, payee, books, later, fault):
    provider.fail("create_payment", "before", "refuse")
    wanted = terms(payer, payee)
    with pytest.raises(ProviderUnavailable):
        payments.open_hold(**wanted)
    if fault == "called off":
        payments.call_off(reference=wanted["reference"])
    for _ in range(3):
        later(hours=9)
    assert payments.find_hold(1).status == ("failed" if fault == "refuse" else "cancelled")
    assert len(provider.asked("create_payment")) == (2 if fault == "refuse" else 1)
    books()


@pytest.mark.parametrize(
    ("word", "state"), [("succeeded", "held"), ("canceled", "cancelled"), ("processing", "pending")]
)
def test_the_operators_run_hears_of_payments_whose_news_were_lost(provider, payer, payee, books, word, state):
    opened = intent(payer, payee)
    provider.payments[opened.reference]["status"] = word
    provider.fail("get_payment", "before")
    assert operate.run_payouts() == 1
    assert payments.find_hold(opened.hold.id).status == "pending"
    assert operate.run_payouts() == 1
    assert payments.find_hold(opened.hold.id).status == state
    books("provider") if word == "processing" else books()


def test_a_payment_that_contradicts_the_books_is_left_alone(provider, payer, payee):
    opened = intent(payer, payee)
    provider.payments[opened.reference] |= {"status": "succeeded", "amount": 1}
    operate.run_payouts()
    assert payments.find_hold(opened.hold.id).status == "pending"


@pytest.fixture
def lost(provider, rich, later):
    """A withdrawal that has left, and whose every answer was lost for longer than keys are remembered."""
    provider.fail("transfer", *["after"] * 99)
    number = payments.withdraw(actor=rich, amount=Money(12_000, "USD")).id
    for span in ASKED_AT:
        later(**span)
    provider.answers.clear()
    provider.faults.clear()
    return number


def test_the_operator_names_what_has_left_and_nothing_leaves_twice(provider, lost, books):
    (transfer,) = provider.transfers
    assert operate.resend_withdrawal(lost, transfer=transfer).status == "processing"
    assert len(provider.transfers) == len(provider.payouts) == 1
    books()


def test_the_operator_names_transfer_and_payout(provider, lost, wallet, books):
    (transfer,) = provider.transfers
    account = payments.find_withdrawal(lost).account_reference
    payout = provider.pay_out(
        Money(12_000, "USD"), account_reference=account, metadata={}, idempotency_key="by hand"
    )
    hear(provider.settle(payout.reference, "paid"))
    withdrawal = operate.resend_withdrawal(lost, transfer=transfer, payout=payout.reference)
    assert (withdrawal.status, wallet()) == ("completed", (0, 0))
    assert len(provider.payouts) == 1
    books()


@pytest.mark.parametrize(("fault", "error"), [("refuse", NotAtProvider), ("before", ProviderUnavailable)])
def test_what_the_provider_does_not_show_is_not_noted(provider, lost, fault, error):
    provider.fail("get_transfer", fault)
    with pytest.raises(error):
        operate.resend_withdrawal(lost, transfer="tr_1")
    assert payments.find_withdrawal(lost).transfer_reference is None
    with pytest.raises(WithdrawalNotFound):
        operate.resend_withdrawal(lost + 1, transfer="tr_1")
