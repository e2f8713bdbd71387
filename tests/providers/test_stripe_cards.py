"""The real Stripe client against the twin, over HTTP: customers and their cards."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.providers.payments import Refused

TEN = Money(1000, "USD")


@pytest.fixture
def customer(provider):
    return provider.create_customer(
        email="payer@example.com", metadata={"person": "7"}, idempotency_key="customer:7"
    )


def attach(provider, customer, reference="pm_1", key="attach:1"):
    return provider.attach_method(reference, customer_reference=customer, idempotency_key=key)


def test_a_card_is_kept_for_a_customer(provider, customer):
    assert customer.startswith("cus_")
    card = attach(provider, customer)
    assert (card.reference, card.kind, card.brand, card.last4) == ("pm_1", "card", "visa", "4242")
    assert card.exp_month == 12
    assert card.exp_year > clock.now().year


def test_once_more_for_the_same_customer_changes_nothing(provider, customer):
    again = attach(provider, customer, key="attach:2")
    assert attach(provider, customer) == again


def test_a_card_is_one_customers(provider, customer):
    attach(provider, customer)
    other = provider.create_customer(email="o@example.com", metadata={}, idempotency_key="customer:8")
    with pytest.raises(Refused, match="already been attached"):
        attach(provider, other, key="attach:2")


def test_a_detached_card_is_of_no_use(provider, customer):
    attach(provider, customer)
    provider.detach_method("pm_1", idempotency_key="detach:1")
    provider.detach_method("pm_1", idempotency_key="detach:1")
    with pytest.raises(Refused, match="impossible"):
        provider.detach_method("pm_1", idempotency_key="detach:2")
    with pytest.raises(Refused, match="may not be used again"):
        attach(provider, customer, key="attach:2")


@pytest.mark.parametrize(
    ("reference", "brand", "last4"),
    [("pm_card_visa", "visa", "4242"), ("pm_card_mastercard", "mastercard", "4444")],
)
def test_stripes_cards_for_tests_get_ids_of_their_own(provider, customer, reference, brand, last4):
    cards = [attach(provider, customer, reference, key=f"attach:{number}") for number in range(2)]
    assert {(card.brand, card.last4) for card in cards} == {(brand, last4)}
    assert len({card.reference for card in cards} | {reference}) == 3


def test_a_declined_card_is_refused(provider, customer):
    for number, reference in enumerate(("pm_card_chargeDeclined", "pm_card_visa_chargeDeclined")):
        with pytest.raises(Refused) as refusal:
            attach(provider, customer, reference, key=f"attach:{number}")
        assert refusal.value.code == "card_declined"


@pytest.mark.parametrize("reference", ["pm_card_gold", "tok_visa", "4242424242424242", "pm_é", "pm_\0"])
def test_what_is_no_card_is_missing(provider, customer, reference):
    with pytest.raises(Refused) as refusal:
        attach(provider, customer, reference)
    assert refusal.value.code == "resource_missing"


def test_an_unknown_customer_keeps_nothing(provider):
    with pytest.raises(Refused) as refusal:
        attach(provider, "cus_unknown")
    assert refusal.value.code == "resource_missing"


def test_of_two_customers_who_show_one_new_card_one_gets_it(provider, customer):
    other = provider.create_customer(email="o@example.com", metadata={}, idempotency_key="customer:8")

    def ask(who):
        try:
            return attach(provider, who, key=f"attach:{who}").reference
        except Refused:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, [customer, other])) == ["pm_1", "refused"]


def test_a_payment_may_be_a_customers(provider, customer):
    paid = provider.create_payment(TEN, metadata={}, idempotency_key="pay:c", customer_reference=customer)
    assert paid.status == "requires_payment_method"
    with pytest.raises(Refused):
        provider.create_payment(TEN, metadata={}, idempotency_key="pay:d", customer_reference="cus_unknown")
