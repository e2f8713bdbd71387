"""Opening, paying, releasing."""

import pytest

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.errors import HoldNotFound
from marketplace.kernel.process import NotYours, WrongState
from tests.factories.payments import held, person


def test_a_release_credits_the_payee(provider, payer, payee, books):
    hold = held(provider, payer, payee)
    assert hold.status == "held"
    view = payments.release(actor=payer, hold_id=hold.id)
    assert view.hold.status == "released"
    assert view.payer.username == payer.username
    assert books() == {"hold": 0, "available": 12_000, "provider": -12_000}


def test_the_payee_may_not_release_and_a_stranger_sees_nothing(provider, payer, payee, books):
    hold = held(provider, payer, payee)
    with pytest.raises(NotYours):
        payments.release(actor=payee, hold_id=hold.id)
    with pytest.raises(HoldNotFound):
        payments.release(actor=person(), hold_id=hold.id)
    assert books()["hold"] == 12_000


def test_a_second_release_is_refused_and_says_the_state(provider, payer, payee, books):
    hold = held(provider, payer, payee)
    payments.release(actor=payer, hold_id=hold.id)
    with pytest.raises(WrongState, match="it is released"):
        payments.release(actor=payer, hold_id=hold.id)
    assert books()["available"] == 12_000
