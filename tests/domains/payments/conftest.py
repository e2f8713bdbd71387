import pytest
import sqlalchemy as sa

from marketplace.domains.payments import public as payments
from marketplace.kernel import relay
from marketplace.kernel.clock import clock
from marketplace.kernel.facts import Fact, reactions
from marketplace.providers import razorpay, stripe
from marketplace.wiring import wire
from tests.factories.payments import FakeProvider, person
from tests.factories.razorpay import FakeRazorpay


@pytest.fixture
def alone(app):
    """Nobody but payments hears facts: what these tests pay for was never posted."""
    own = [(Fact.known[name], reaction) for name, reaction in reactions if _is_own(reaction)]
    reactions.clear()
    for fact, reaction in own:
        getattr(reactions, reaction.mode)(fact, reaction.handler)
    yield
    wire(reactions)


def _is_own(reaction):
    return reaction.handler.__module__.startswith("marketplace.domains.payments.")


@pytest.fixture
def provider(alone):
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

    def prove(*known):
        assert [finding for finding in payments.verify() if finding.check not in known] == []
        with owner.connect() as connection:
            query = sa.text(
                "SELECT purpose, sum(balance_minor) FROM ledger_accounts WHERE provider = 'stripe'"
                " GROUP BY purpose"
            )
            balances = {purpose: int(minor) for purpose, minor in connection.execute(query)}
            under_way = connection.execute(
                sa.text("SELECT provider_reference FROM holds WHERE status = 'refunding'")
            ).scalars()
            # What the provider has refunded and we have not heard of yet.
            unheard = sum(provider.payments[reference]["refunded"] for reference in under_way)
        assert -balances.get("provider", 0) == provider.total() + unheard
        return balances

    return prove


@pytest.fixture
def orders(provider):
    """A provider in memory instead of Razorpay."""
    fake = FakeRazorpay()
    with razorpay.replaced(fake):
        yield fake


@pytest.fixture
def books_of_orders(orders, owner):
    """A function that proves the books against Razorpay's own count and answers the balances there."""

    def prove():
        assert list(payments.verify()) == []
        with owner.connect() as connection:
            query = sa.text(
                "SELECT purpose, sum(balance_minor) FROM ledger_accounts WHERE provider = 'razorpay'"
                " GROUP BY purpose"
            )
            balances = {purpose: int(minor) for purpose, minor in connection.execute(query)}
        assert -balances.get("provider", 0) == orders.total()
        return balances

    return prove


@pytest.fixture
def begin_anew(provider, owner):
    """A function that empties the books, the provider and the clock, for a test of many stories."""

    def empty():
        with owner.connect() as connection:
            connection.execute(sa.text("SET session_replication_role = replica"))
            connection.execute(sa.text("TRUNCATE users, outbox_facts RESTART IDENTITY CASCADE"))
            connection.execute(sa.text("RESET session_replication_role"))
        clock.reset()
        provider.__init__()

    return empty


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
