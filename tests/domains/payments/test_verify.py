"""`flask ledger verify`: it finds what should not be."""

import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.kernel.money import Money
from tests.factories.payments import earner, hear, held, intent
from tests.factories.razorpay import paid

# What somebody with the owner's rights and all triggers asleep could do, and who notices.
DAMAGES = {
    "balanced": "DELETE FROM ledger_entries WHERE id = (SELECT max(id) FROM ledger_entries)",
    "balances": "UPDATE ledger_accounts SET balance_minor = balance_minor + 1 WHERE purpose = 'available'",
    "currencies": "UPDATE ledger_accounts SET balance_minor = balance_minor + 1 WHERE purpose = 'provider'",
    "holds": "UPDATE holds SET amount_minor = amount_minor + 1 WHERE status = 'held'",
    "stories": "UPDATE holds SET status = 'refunded' WHERE status = 'released'",
    "releases": "UPDATE holds SET fee_minor = 1 WHERE status = 'released'",
    "pending": "UPDATE withdrawals SET amount_minor = amount_minor + 1",
    "places": "UPDATE ledger_accounts SET provider = 'razorpay' WHERE purpose = 'available'",
    "requests": "UPDATE payment_requests SET amount_minor = amount_minor + 1 WHERE status = 'paid'",
    "withdrawals": "UPDATE withdrawals SET status = 'completed'",
}


@pytest.fixture
def world(provider, orders, payer, payee):
    """Money in every place."""
    paid(orders, payer, payee)
    rich = earner(provider, payer)
    payments.withdraw(actor=rich, amount=Money(5_000, "USD"))
    held(provider, payer, payee)
    return intent(payer, payee)


@pytest.fixture
def flask(app):
    """A function that runs a command and answers its exit code and lines."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=list(arguments))
        return result.exit_code, result.output.splitlines()

    return run


def test_right_books_are_right(world, flask):
    assert flask("ledger", "verify") == (0, ["The books are right."])


@pytest.mark.parametrize("check", DAMAGES)
def test_each_damage_is_found(world, flask, owner, check):
    with owner.connect() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))
        connection.execute(sa.text(DAMAGES[check]))
        connection.execute(sa.text("RESET session_replication_role"))
    code, lines = flask("ledger", "verify", "--offline")
    assert code == 1
    assert check in {line.partition(":")[0] for line in lines}


def test_a_payment_that_we_did_not_hear_of_is_found(world, provider, flask):
    told = provider.pay(world.reference)
    assert flask("ledger", "verify") == (
        1,
        [f"provider: hold {world.hold.id} is pending, its payment at the provider is succeeded"],
    )
    assert flask("ledger", "verify", "--offline")[0] == 0
    hear(told)
    assert flask("ledger", "verify")[0] == 0


def test_another_amount_at_the_provider_is_found(world, provider, flask):
    hear(provider.pay(world.reference))
    provider.payments[world.reference]["amount"] += 1
    code, lines = flask("ledger", "verify")
    assert code == 1
    assert "is of 120.00, its payment at the provider of 120.01" in lines[0]


@pytest.mark.parametrize(("fault", "said"), [("before", "cannot be asked"), ("refuse", "does not know")])
def test_a_provider_that_does_not_answer_is_found(world, provider, flask, fault, said):
    provider.fail("get_payment", fault)
    code, lines = flask("ledger", "verify")
    assert code == 1
    assert said in lines[0]


@pytest.mark.parametrize(("fault", "why"), [("refuse", "does not want to"), ("before", "nobody knows")])
def test_a_refund_that_takes_too_long_is_found(provider, payer, payee, flask, later, fault, why):
    held(provider, payer, payee, reference="application:7")
    provider.fail("refund", *[fault] * 100)
    payments.call_off(reference="application:7")
    for day in range(8):
        assert (flask("ledger", "verify")[0] == 0) == (day < 7)
        later(days=1)
    _, lines = flask("ledger", "verify")
    assert why in lines[0]


def test_a_flagged_event_is_settled_from_the_command_line(world, provider, flask):
    told = provider.told("payment_intent.succeeded", world.reference, amount=1)
    hear(told)
    assert flask("ledger", "verify")[0] == 1
    assert flask("ledger", "settle-event", told.id, "Refunded by hand.")[0] == 0
    assert flask("ledger", "verify")[0] == 0
    assert flask("ledger", "settle-event", told.id, "Again.") == (1, [f"Error: No flagged event {told.id}."])


def test_withdrawals_are_sent_from_the_command_line(world, flask):
    # The withdrawal, and the intent that is unpaid.
    assert flask("payouts", "run") == (0, ["Looked after 2."])
    assert flask("payouts", "resend", "1") == (0, ["Withdrawal 1 is processing."])
    assert flask("payouts", "resend", "9") == (1, ["Error: Not found."])
    assert flask("payouts", "resend", "1", "--payout", "po_1")[0] == 2


def test_the_operator_sees_whose_the_money_is(world, flask, later):
    assert flask("ledger", "balances") == (
        0,
        [
            "razorpay: INR 20000.00 in people's wallets",
            "razorpay: INR 0.00 in escrow",
            "stripe: USD 70.00 in people's wallets",
            "stripe: USD 120.00 in escrow",
            "stripe: USD 50.00 on its way to people's banks",
        ],
    )


def test_refunds_under_way_are_asked_about_from_the_command_line(provider, payer, payee, flask):
    hold = held(provider, payer, payee)
    provider.fail("refund", "before")
    payments.request_refund(actor=payer, hold_id=hold.id)
    assert flask("payouts", "run") == (0, ["Looked after 1."])
    assert payments.find_hold(hold.id).status == "refunded"
