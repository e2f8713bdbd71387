"""What happens in the sandbox and is carried out later: webhooks to send, payouts to settle."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class WebhookDue(Fact):
    """The receiver has to be told of an event of Stripe's twin."""

    event_id: str


@dataclass(frozen=True, kw_only=True)
class RazorpayWebhookDue(Fact):
    """The receiver has to be told of an event of Razorpay's twin."""

    event_id: str


@dataclass(frozen=True, kw_only=True)
class PayoutUnderWay(Fact):
    """A payout is on its way to the bank, and will arrive there or not."""

    payout: str
    account: str
