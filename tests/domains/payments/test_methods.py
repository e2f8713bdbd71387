"""Cards that people keep."""

from functools import partial

import pytest
import sqlalchemy as sa

from marketplace.domains.deals import public as deals
from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import (
    PaymentMethodNotFound,
    PaymentMethodRefused,
    ProviderUnavailable,
)
from marketplace.domains.payments.service import methods
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.database import database
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.tokens import TokenNotValid
from marketplace.kernel.unit_of_work import unit_of_work
from tests.factories.payments import intent, person
from tests.together import together

REPEATS = 25


def keep(somebody, reference, **options):
    return payments.add_payment_method(actor=somebody, reference=reference, **options)[0]


def kept(somebody):
    """The references of somebody's cards, newest first, the default one with a star."""
    page = payments.list_payment_methods(person_id=somebody.id, page=PageRequest(size=100))
    return [f"{method.reference}*" if method.is_default else method.reference for method in page.items]


def defaults(somebody):
    return sum(name.endswith("*") for name in kept(somebody))


def test_the_first_card_is_the_default_one(provider, payer):
    for reference in ("pm_1", "pm_2", "pm_3"):
        keep(payer, reference)
    assert kept(payer) == ["pm_3", "pm_2", "pm_1*"]
    assert set(provider.methods.values()) == set(provider.customers) == {"cus_1"}


def test_a_card_may_be_the_default_one_from_the_start_or_later(provider, payer):
    first = keep(payer, "pm_1")
    keep(payer, "pm_2", wants_default=True)
    assert kept(payer) == ["pm_2*", "pm_1"]
    assert payments.set_default_method(actor=payer, method_id=first.id).is_default
    assert kept(payer) == ["pm_2", "pm_1*"]
    payments.set_default_method(actor=payer, method_id=first.id)
    assert kept(payer) == ["pm_2", "pm_1*"]


def test_the_same_card_twice_is_one(provider, payer):
    first, is_new = payments.add_payment_method(actor=payer, reference="pm_1")
    again, is_new_again = payments.add_payment_method(actor=payer, reference="pm_1")
    assert (is_new, is_new_again, first) == (True, False, again)
    keep(payer, "pm_2", wants_default=True)
    assert keep(payer, "pm_1", wants_default=True).is_default
    assert kept(payer) == ["pm_2", "pm_1*"]
    assert len(provider.asked("attach_method")) == 2


def test_a_card_is_known_by_what_the_provider_calls_it_too(provider, payer):
    provider.answers["attach:method:1"] = methods.Method(reference="pm_9", kind="card", last4="4242")
    first = keep(payer, "pm_card_visa")
    assert first.reference == "pm_9"
    assert keep(payer, "pm_card_visa") == keep(payer, "pm_9") == first


def test_the_newest_takes_the_place_of_a_default_card_that_goes(provider, payer):
    first, second, third = (keep(payer, f"pm_{number}") for number in (1, 2, 3))
    payments.remove_payment_method(actor=payer, method_id=second.id)
    assert kept(payer) == ["pm_3", "pm_1*"]
    payments.remove_payment_method(actor=payer, method_id=first.id)
    assert kept(payer) == ["pm_3*"]
    payments.remove_payment_method(actor=payer, method_id=third.id)
    assert kept(payer) == []
    assert set(provider.methods.values()) == {None}
    assert keep(payer, "pm_4").is_default


def test_a_card_that_is_gone_is_not_found(provider, payer):
    card = keep(payer, "pm_1")
    payments.remove_payment_method(actor=payer, method_id=card.id)
    for command in (payments.remove_payment_method, payments.set_default_method):
        with pytest.raises(PaymentMethodNotFound):
            command(actor=payer, method_id=card.id)


def test_anothers_card_is_not_there(provider, payer, payee):
    card = keep(payer, "pm_1")
    for somebody in (payee, person()):
        for command in (payments.remove_payment_method, payments.set_default_method):
            with pytest.raises(PaymentMethodNotFound):
                command(actor=somebody, method_id=card.id)
        assert kept(somebody) == []
        with pytest.raises(PaymentMethodRefused):
            keep(somebody, "pm_1")
    assert kept(payer) == ["pm_1*"]


@pytest.mark.parametrize("operation", ["create_customer", "attach_method"])
@pytest.mark.parametrize("fault", ["before", "after"])
def test_an_unknown_outcome_is_continued_by_the_next_request(provider, payer, operation, fault):
    provider.fail(operation, fault)
    with pytest.raises(ProviderUnavailable):
        keep(payer, "pm_1")
    assert kept(payer) == []
    keep(payer, "pm_1")
    assert kept(payer) == ["pm_1*"]
    assert len(provider.customers) == len(provider.methods) == 1
    assert len(set(provider.asked(operation))) == 1


@pytest.mark.parametrize("operation", ["create_customer", "attach_method"])
def test_a_refused_card_may_be_tried_anew_with_a_new_key(provider, payer, operation):
    provider.fail(operation, "refuse")
    with pytest.raises(PaymentMethodRefused, match="does not want to"):
        keep(payer, "pm_1")
    assert kept(payer) == []
    keep(payer, "pm_1")
    assert len(set(provider.asked(operation))) == 2


def test_what_is_no_card_is_not_kept(provider, payer):
    provider.next_kind = "sepa_debit"
    with pytest.raises(PaymentMethodRefused, match="Only cards"):
        keep(payer, "pm_1")
    assert kept(payer) == []
    assert provider.methods == {"pm_1": None}


@pytest.mark.parametrize("operation", ["create_customer", "attach_method"])
def test_who_leaves_meanwhile_keeps_no_card(provider, payer, monkeypatch, operation):
    asked = getattr(provider, operation)

    def leave(*arguments, **options):
        answer = asked(*arguments, **options)
        deals.delete_account(actor=payer, password=None, is_confirmed=True)
        return answer

    monkeypatch.setattr(provider, operation, leave)
    with pytest.raises((PaymentMethodRefused, TokenNotValid)):
        keep(payer, "pm_1")
    assert kept(payer) == []
    assert set(provider.methods.values()) <= {None}


def test_the_provider_is_told_of_a_removal_until_it_has_heard(provider, payer):
    card = keep(payer, "pm_1")
    provider.fail("detach_method", "before", "after")
    payments.remove_payment_method(actor=payer, method_id=card.id)
    for _ in range(2):
        clock.advance(60)
        relay.sweep()
    assert provider.methods == {"pm_1": None}
    assert set(provider.asked("detach_method")) == {f"detach:method:{card.id}"}
    assert len(provider.asked("detach_method")) == 3


def test_a_card_that_the_provider_has_let_go_already_is_no_trouble(provider, payer):
    card = keep(payer, "pm_1")
    provider.methods["pm_1"] = None
    payments.remove_payment_method(actor=payer, method_id=card.id)
    assert relay.backlog()["failing"] == 0


def test_a_payer_with_cards_pays_as_the_providers_customer(provider, payer, payee):
    stranger_pays = intent(payer, payee)
    keep(payer, "pm_1")
    customer_pays = intent(payer, payee)
    asked = [provider.payments[one.reference]["customer"] for one in (stranger_pays, customer_pays)]
    (customer,) = provider.customers
    assert asked == [None, customer]
    assert provider.asked("create_payment")[1] == f"payment:hold:{customer_pays.hold.id}:{customer}"


def test_the_provider_is_never_asked_inside_a_transaction(provider, payer, monkeypatch):
    def outside(operation):
        asked = getattr(provider, operation)

        def ask(*arguments, **options):
            with unit_of_work() as unit:
                assert not unit.session.in_transaction(), operation
            return asked(*arguments, **options)

        return ask

    for operation in ("create_customer", "attach_method", "detach_method"):
        monkeypatch.setattr(provider, operation, outside(operation))
    card = keep(payer, "pm_1")
    payments.remove_payment_method(actor=payer, method_id=card.id)
    assert provider.methods == {"pm_1": None}


def test_the_database_refuses_a_second_default_card(provider, payer):
    for reference in ("pm_1", "pm_2"):
        keep(payer, reference)
    with (
        database.autocommit.connect() as connection,
        pytest.raises(sa.exc.IntegrityError, match="uq_payment_methods_default"),
    ):
        connection.execute(sa.text("UPDATE payment_methods SET is_default = true"))


def test_eight_who_add_the_same_card_at_once_keep_one(provider):
    for number in range(REPEATS):
        somebody = person()
        results = together(
            *[partial(payments.add_payment_method, actor=somebody, reference=f"pm_{number}")] * 8
        )
        assert sorted(is_new for _, is_new in results) == [False] * 7 + [True]
        assert kept(somebody) == [f"pm_{number}*"]
    assert len(provider.customers) == len(provider.methods) == REPEATS


def test_of_cards_that_are_added_at_once_one_is_the_default(provider):
    for number in range(REPEATS):
        somebody = person()
        together(*(partial(keep, somebody, f"pm_{number}x{which}") for which in range(4)))
        assert (len(kept(somebody)), defaults(somebody)) == (4, 1)


def test_whatever_happens_at_once_one_card_is_the_default(provider):
    for number in range(REPEATS):
        somebody = person()
        first, second, third = (keep(somebody, f"pm_{number}x{which}") for which in range(3))
        together(
            partial(payments.set_default_method, actor=somebody, method_id=second.id),
            partial(payments.set_default_method, actor=somebody, method_id=third.id),
            partial(payments.remove_payment_method, actor=somebody, method_id=first.id),
            partial(payments.remove_payment_method, actor=somebody, method_id=third.id),
            partial(keep, somebody, f"pm_{number}x3", wants_default=True),
        )
        assert (len(kept(somebody)), defaults(somebody)) == (2, 1)


def test_a_card_that_is_removed_and_added_at_once_is_kept_or_not(provider):
    for number in range(REPEATS):
        somebody = person()
        other, card = keep(somebody, f"pm_{number}x0"), keep(somebody, f"pm_{number}x1")
        together(
            partial(payments.remove_payment_method, actor=somebody, method_id=card.id),
            partial(payments.add_payment_method, actor=somebody, reference=card.reference),
            partial(payments.remove_payment_method, actor=somebody, method_id=other.id),
        )
        left = kept(somebody)
        assert len(left) == defaults(somebody) <= 1
