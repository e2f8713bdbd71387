"""Opening holds and the intents that pay them."""

import pytest

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import (
    AlreadyFunded,
    AmountBelowAgreed,
    AmountTooLarge,
    BeingPaid,
    HoldMoved,
    OtherTerms,
    PaymentRefused,
    ProviderUnavailable,
)
from marketplace.domains.payments.service import open_hold
from marketplace.domains.payments.service.terms import terms as house_terms
from marketplace.kernel.money import Money
from marketplace.kernel.settings import Settings
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.payments import hear, held, person, terms


def test_a_hold_begins_with_an_unpaid_intent(provider, payer, payee, books):
    opened = payments.open_hold(**terms(payer, payee))
    assert opened.is_new
    assert opened.status == "requires_payment_method"
    assert opened.client_secret == f"{opened.reference}_secret"
    assert opened.is_sandbox
    assert (opened.hold.status, opened.hold.amount) == ("pending", Money(12_000, "USD"))
    assert books() == {}


def test_the_same_request_finds_the_same_intent(provider, payer, payee):
    wanted = terms(payer, payee)
    first, second = payments.open_hold(**wanted), payments.open_hold(**wanted)
    assert (second.hold.id, second.reference) == (first.hold.id, first.reference)
    assert not second.is_new
    assert len(provider.payments) == 1
    assert payments.find_latest_hold(wanted["reference"]).id == first.hold.id


def test_another_amount_changes_the_same_intent(provider, payer, payee, books):
    wanted = terms(payer, payee)
    first = payments.open_hold(**wanted)
    for minor in (20_000, 12_000, 15_000):
        changed = payments.open_hold(**{**wanted, "amount": Money(minor, "USD")})
        assert changed.reference == first.reference
        assert changed.hold.amount.minor == provider.payments[first.reference]["amount"] == minor
    hear(provider.pay(first.reference))
    assert books()["hold"] == 15_000


def test_an_amount_paid_while_it_was_being_changed_is_taken(provider, payer, payee, books):
    wanted = terms(payer, payee)
    first = payments.open_hold(**wanted)
    provider.fail("change_payment", "before")
    with pytest.raises(ProviderUnavailable):
        payments.open_hold(**{**wanted, "amount": Money(20_000, "USD")})
    hear(provider.pay(first.reference))
    assert payments.find_hold(first.hold.id).amount.minor == 12_000
    assert books()["hold"] == 12_000


def test_an_amount_that_changed_unseen_is_taken_too(provider, payer, payee, books):
    wanted = terms(payer, payee)
    first = payments.open_hold(**wanted)
    provider.fail("change_payment", "after")
    with pytest.raises(ProviderUnavailable):
        payments.open_hold(**{**wanted, "amount": Money(20_000, "USD")})
    hear(provider.pay(first.reference))
    assert payments.find_hold(first.hold.id).amount.minor == 20_000
    assert books()["hold"] == 20_000


def test_an_amount_that_the_provider_does_not_take_is_refused(provider, payer, payee):
    wanted = terms(payer, payee)
    payments.open_hold(**wanted)
    provider.fail("change_payment", "refuse")
    with pytest.raises(PaymentRefused, match="does not want to"):
        payments.open_hold(**{**wanted, "amount": Money(20_000, "USD")})
    assert payments.open_hold(**wanted).hold.amount.minor == 12_000


def test_the_amount_is_never_below_the_agreed_price(provider, payer, payee):
    with pytest.raises(AmountBelowAgreed, match=r"120\.00"):
        payments.open_hold(**terms(payer, payee, 11_999, agreed=12_000))


def test_one_does_not_pay_oneself_nor_in_two_currencies(provider, payer, payee):
    with pytest.raises(OtherTerms):
        payments.open_hold(**terms(payer, payer))
    with pytest.raises(OtherTerms):
        payments.open_hold(**{**terms(payer, payee), "agreed": Money(12_000, "EUR")})


def test_a_reference_is_of_the_same_two_people(provider, payer, payee):
    wanted = terms(payer, payee)
    payments.open_hold(**wanted)
    with pytest.raises(OtherTerms):
        payments.open_hold(**{**wanted, "payee_id": person().id})


def test_what_is_paid_is_not_paid_again(provider, payer, payee, books):
    hold = held(provider, payer, payee, reference="application:7")
    with pytest.raises(AlreadyFunded, match="held"):
        payments.open_hold(**terms(payer, payee, reference="application:7"))
    payments.release(actor=payer, hold_id=hold.id)
    with pytest.raises(AlreadyFunded, match="released"):
        payments.open_hold(**terms(payer, payee, reference="application:7"))
    assert len(provider.payments) == 1
    books()


def test_what_is_being_refunded_waits_and_what_is_refunded_is_paid_anew(provider, payer, payee, books, later):
    hold = held(provider, payer, payee, reference="application:7")
    provider.fail("refund", "before")
    with pytest.raises(Exception, match="not confirmed"):
        payments.refund(actor=payer, hold_id=hold.id)
    with pytest.raises(BeingPaid, match="under way"):
        payments.open_hold(**terms(payer, payee, reference="application:7"))
    later(minutes=5)
    again = payments.open_hold(**terms(payer, payee, reference="application:7"))
    assert again.is_new
    assert again.hold.id != hold.id
    books()


@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_unknown_outcome_is_continued_by_the_next_request(provider, payer, payee, fault):
    wanted = terms(payer, payee)
    provider.fail("create_payment", fault)
    with pytest.raises(ProviderUnavailable):
        payments.open_hold(**wanted)
    opened = payments.open_hold(**wanted)
    assert len(provider.payments) == 1
    assert len(set(provider.asked("create_payment"))) == 1
    assert opened.hold.provider_reference == opened.reference


def test_a_payment_that_the_provider_refuses_fails_and_may_be_tried_anew(provider, payer, payee):
    wanted = terms(payer, payee)
    provider.fail("create_payment", "refuse")
    with pytest.raises(PaymentRefused):
        payments.open_hold(**wanted)
    failed = payments.find_latest_hold(wanted["reference"])
    open_hold._fail(failed.id, "The same refusal, heard by a second request.")
    assert (failed.status, failed.failure) == ("failed", "The provider does not want to.")
    again = payments.open_hold(**wanted)
    assert again.is_new
    assert again.hold.id != failed.id


def test_after_a_failed_payment_a_new_intent_replaces_the_old_one(provider, payer, payee, books):
    wanted = terms(payer, payee)
    first = payments.open_hold(**wanted)
    hear(provider.told("payment_intent.payment_failed", first.reference))
    second = payments.open_hold(**wanted)
    assert second.is_new
    assert second.reference != first.reference
    assert provider.payments[first.reference]["status"] == "canceled"
    assert payments.find_hold(first.hold.id).status == "cancelled"
    latest = payments.list_latest_holds([wanted["reference"], "application:none"])
    assert {name: hold.id for name, hold in latest.items()} == {wanted["reference"]: second.hold.id}
    assert payments.list_latest_holds([]) == {}
    books()


def test_money_for_a_replaced_intent_goes_back_at_once(provider, payer, payee, books):
    wanted = terms(payer, payee)
    first = payments.open_hold(**wanted)
    hear(provider.told("payment_intent.payment_failed", first.reference))
    # The payer pays the old intent in the moment in which the new one is opened.
    paid = provider.pay(first.reference)
    second = payments.open_hold(**wanted)
    hear(paid)
    assert payments.find_hold(first.hold.id).status == "refunded"
    assert provider.payments[first.reference]["refunded"] == 12_000
    hear(provider.pay(second.reference))
    assert payments.find_hold(second.hold.id).status == "held"
    assert books()["hold"] == 12_000


def test_a_hold_that_is_called_off_while_its_intent_is_made_is_cancelled_there(provider, payer, payee, books):
    wanted = terms(payer, payee)
    hold_id, is_new = payments.place_hold(**wanted)
    make = provider.create_payment

    def called_off_meanwhile(*args, **kwargs):
        payments.call_off(reference=wanted["reference"])
        return make(*args, **kwargs)

    provider.create_payment = called_off_meanwhile
    with pytest.raises(HoldMoved):
        payments.open_intent(hold_id=hold_id, is_new=is_new, amount=wanted["amount"])
    (payment,) = provider.payments.values()
    assert payment["status"] == "canceled"
    books()


def test_a_hold_that_was_cancelled_is_not_given_another_amount(provider, payer, payee):
    wanted = terms(payer, payee)
    opened = payments.open_hold(**wanted)
    payments.call_off(reference=wanted["reference"])
    with pytest.raises(HoldMoved):
        payments.open_intent(hold_id=opened.hold.id, is_new=False, amount=Money(20_000, "USD"))


def test_a_hold_is_placed_within_the_callers_unit_of_work(provider, payer, payee):
    wanted = terms(payer, payee)

    def change_ones_mind():
        with unit_of_work():
            payments.place_hold(**wanted)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_ones_mind()
    assert payments.find_latest_hold(wanted["reference"]) is None


def test_the_fee_is_the_houses_percentage_rounded_down(provider, payer, payee, books):
    house_terms.configure(Settings(platform_fee_percent=7))
    try:
        wanted = terms(payer, payee, 1_999)
        payments.open_hold(**{**wanted, "amount": Money(5_000, "USD")})
        opened = payments.open_hold(**wanted)
    finally:
        house_terms.configure(Settings())
    assert (opened.hold.fee.minor, opened.hold.net.minor) == (139, 1_860)
    hear(provider.pay(opened.reference))
    payments.release(actor=payer, hold_id=opened.hold.id)
    assert books() == {"hold": 0, "available": 1_860, "fees": 139, "provider": -1_999}


def test_no_more_is_asked_for_than_can_be_paid_at_once(provider, payer, payee):
    with pytest.raises(AmountTooLarge, match=r"not be above 999999\.99"):
        payments.open_hold(**terms(payer, payee, 100_000_000))
    assert payments.open_hold(**terms(payer, payee, 99_999_999)).hold.amount.minor == 99_999_999
    assert len(provider.payments) == 1
