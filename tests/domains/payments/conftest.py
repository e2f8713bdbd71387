import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.providers import stripe
from tests.factories.payments import FakeProvider, person


@pytest.fixture
def provider(app):
    """A provider in memory instead of Stripe."""
    fake = FakeProvider()
    with stripe.replaced(fake):
        yield fake


@pytest.fixture
def payer(provider):
    return person()


@pytest.fixture
def payee(provider):
    return person()


@pytest.fixture
def books(provider, owner):
    """A function that proves the books against the provider's own count and answers the balances."""

    def prove():
        assert list(payments.verify()) == []
        with owner.connect() as connection:
            query = sa.text("SELECT purpose, sum(balance_minor) FROM ledger_accounts GROUP BY purpose")
            balances = {purpose: int(minor) for purpose, minor in connection.execute(query)}
        assert -balances.get("provider", 0) == provider.total()
        return balances

    return prove


@pytest.fixture
def later(provider):
    """A function that moves the clock and lets everything that is due then happen."""

    def move(**span):
        if span:
            clock.advance(_seconds(span))
        return relay.sweep()

    return move


def _seconds(span):
    sizes = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
    return sum(sizes[name] * number for name, number in span.items())
