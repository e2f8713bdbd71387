"""What people see of their money."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.domains.payments.service.terms import terms as house_terms
from marketplace.kernel.database import database
from marketplace.kernel.money import Money
from marketplace.kernel.pages import PageRequest
from marketplace.kernel.settings import Settings
from tests.factories.payments import earner, hear, held, intent, person


@pytest.fixture
def fee():
    house_terms.configure(Settings(platform_fee_percent=10))
    yield
    house_terms.configure(Settings())


def wallet(somebody):
    found = payments.get_wallet(person_id=somebody.id, currency="USD")
    return {name: getattr(found, name).minor for name in (*found.__dataclass_fields__, "escrowed")}


def lines(somebody, page=None):
    page = payments.list_lines(person_id=somebody.id, currency="USD", page=page or PageRequest())
    return [(line.kind, line.amount.minor, line.status) for line in page.items]


@contextmanager
def statements():
    """The statements that are run inside."""
    seen = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(database.engine, "before_cursor_execute", note)


def test_a_newcomers_wallet_is_empty(provider):
    assert set(wallet(person()).values()) == {0}
    assert lines(person()) == []


def test_each_balance_means_what_it_says(provider, payer, payee, fee, later):
    released, waiting, refunded, unpaid = 10_000, 5_000, 3_000, 2_000
    hold = held(provider, payer, payee, released)
    payments.release(actor=payer, hold_id=hold.id)
    held(provider, payer, payee, waiting)
    hold = held(provider, payer, payee, refunded)
    payments.refund(actor=payer, hold_id=hold.id)
    intent(payer, payee, unpaid)
    zeros = dict.fromkeys(wallet(payer), 0)
    assert wallet(payer) == {
        **zeros,
        "escrowed": waiting,
        "escrowed_outgoing": waiting,
        "lifetime_spent": released,
    }
    assert wallet(payee) == {
        **zeros,
        "available": 9_000,
        "escrowed": waiting,
        "escrowed_incoming": waiting,
        "lifetime_earnings": 9_000,
    }


def test_a_refund_under_way_still_counts_as_held(provider, payer, payee):
    hold = held(provider, payer, payee)
    provider.fail("refund", "before")
    payments.request_refund(actor=payer, hold_id=hold.id)
    assert wallet(payer)["escrowed_outgoing"] == 12_000


def test_both_sides_see_their_movements_newest_first(provider, payer, payee, fee):
    hold = held(provider, payer, payee, 10_000)
    payments.release(actor=payer, hold_id=hold.id)
    hold = held(provider, payer, payee, 3_000)
    payments.refund(actor=payer, hold_id=hold.id)
    assert lines(payer) == [
        ("refund", 3_000, "completed"),
        ("funding", -3_000, "completed"),
        ("funding", -10_000, "completed"),
    ]
    assert sorted(lines(payee)) == [("fee", -1_000, "completed"), ("release", 10_000, "completed")]
    page = payments.list_lines(person_id=payer.id, currency="USD", page=PageRequest())
    assert {(line.hold_id, line.subject) for line in page.items[:2]} == {(hold.id, hold.subject)}
    assert lines(person()) == []


def test_a_payees_movements_add_up_to_what_is_available(provider, payer, fee, later):
    payee = earner(provider, payer, 10_000)
    done = payments.withdraw(actor=payee, amount=Money(4_000, "USD"))
    lost = payments.withdraw(actor=payee, amount=Money(3_000, "USD"))
    moving = payments.withdraw(actor=payee, amount=Money(1_000, "USD"))
    later()
    for withdrawal, end in ((done, "paid"), (lost, "failed")):
        hear(provider.settle(payments.find_withdrawal(withdrawal.id).payout_reference, end))
    later()
    assert sum(amount for _, amount, _ in lines(payee)) == wallet(payee)["available"] == 4_000
    assert lines(payee)[:4] == [
        ("return", 3_000, "completed"),
        ("withdrawal", -1_000, "pending"),
        ("withdrawal", -3_000, "failed"),
        ("withdrawal", -4_000, "completed"),
    ]
    page = payments.list_withdrawals(person_id=payee.id, page=PageRequest(size=2))
    assert [withdrawal.id for withdrawal in page.items] == [moving.id, lost.id]
    assert page.total == 3


def test_pages_cut_the_list_without_gaps(provider, payer, payee):
    for minor in range(1, 6):
        held(provider, payer, payee, minor * 100)
    pages = [lines(payer, PageRequest(number=number, size=2)) for number in (1, 2, 3, 4)]
    assert [[amount for _, amount, _ in page] for page in pages] == [[-500, -400], [-300, -200], [-100], []]


def test_the_number_of_queries_does_not_grow_with_the_list(provider, payer, payee):
    held(provider, payer, payee)
    with statements() as few:
        lines(payer)
    for _ in range(5):
        held(provider, payer, payee)
    with statements() as many:
        lines(payer)
    assert len(few) == len(many) == 2
    with statements() as seen:
        wallet(payer)
    assert len(seen) == 1
    with statements() as seen:
        payments.list_withdrawals(person_id=payee.id, page=PageRequest())
    assert len(seen) == 2
