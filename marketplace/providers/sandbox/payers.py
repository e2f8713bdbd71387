"""The payers of every twin: whoever knows the reference of a payment may let it be paid."""

from marketplace.providers.sandbox.acts import Acted, Outcome, Shown
from marketplace.providers.sandbox.razorpay import people as razorpay
from marketplace.providers.sandbox.stripe import people as stripe

ORDER = "order_"


def act(reference: str, outcome: Outcome) -> Acted:
    """Let a person or a bank act at the provider whose reference it is."""
    act_at = razorpay.act if reference.startswith(ORDER) else stripe.act
    return act_at(reference, outcome)


def list_payments(most: int) -> list[Shown]:
    """The newest payments of each twin; an open one waits for its payer."""
    return stripe.list_payments(most) + razorpay.list_payments(most)
