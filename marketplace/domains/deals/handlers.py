"""What deals does right after a fact."""

from marketplace.domains.messaging import public as messaging
from marketplace.domains.payments.events import PaymentRequestPaid


def show_as_paid(fact: PaymentRequestPaid) -> None:
    """Have the message that asks for a payment shown anew to who has its conversation open."""
    messaging.tell_updated([fact.request])
