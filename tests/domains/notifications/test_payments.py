"""What people are told of money, whatever it was paid for."""

import pytest

from marketplace.domains.accounts.public import Role
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import Kind
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Draft
from marketplace.kernel.money import Money
from marketplace.providers import razorpay
from tests.domains.notifications.test_deals import told
from tests.factories.people import person
from tests.factories.razorpay import FakeRazorpay, paid


@pytest.fixture
def orders(app):
    fake = FakeRazorpay()
    with razorpay.replaced(fake):
        yield fake


def test_a_payee_is_told_of_money_for_an_order(orders):
    seller, buyer = person(Role.FREELANCER), person(Role.CLIENT)
    draft = Draft(
        kind=listings.Kind.GIG,
        title="Website Design",
        description="Beautiful.",
        category_id=2,
        price=Money(2_500_000, "INR"),
        days=10,
        revisions=3,
    )
    gig = deals.post_offer(actor=seller, draft=draft).listing
    order = deals.order_gig(actor=buyer, gig_id=gig.id).deal
    before = len(told(seller)), len(told(buyer))
    request = paid(orders, buyer, seller, reference=order.reference)
    assert told(seller)[before[0] :] == [
        (
            "payment_released",
            "₹20,000.00 for “Website Design” was released to your wallet.",
            {"order_id": order.id, "escrow_id": request.hold_id},
        )
    ]
    assert len(told(buyer)) == before[1]
    assert order.kind is Kind.GIG_ORDER
