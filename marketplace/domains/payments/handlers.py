"""What payments does right after a fact."""

from marketplace.domains.payments.events import (
    IntentAwaited,
    IntentUnwanted,
    PaymentMethodRemoved,
    ProviderReferenceLearned,
    RefundRequested,
)
from marketplace.domains.payments.service import methods, open_hold, receive, refund


def carry_out_refund(fact: RefundRequested) -> None:
    """Ask the provider for a refund."""
    refund.carry_out(hold_id=fact.hold_id, attempt=fact.attempt, asked=fact.asked)


def see_intent_opened(fact: IntentAwaited) -> None:
    """Have the provider open a payment whose request broke."""
    open_hold.open_again(hold_id=fact.hold_id, asked=fact.asked)


def cancel_intent(fact: IntentUnwanted) -> None:
    """Have the provider no longer take a payment."""
    refund.cancel_intent(hold_id=fact.hold_id)


def detach_method(fact: PaymentMethodRemoved) -> None:
    """Have the provider keep a card no longer."""
    methods.detach(method_id=fact.method_id, provider_reference=fact.provider_reference)


def read_kept_events(fact: ProviderReferenceLearned) -> None:
    """Apply webhooks that came before we knew what they are about."""
    receive.read_kept(provider_reference=fact.provider_reference)
