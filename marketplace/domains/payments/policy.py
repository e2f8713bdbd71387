"""Who may see and do what with money."""

from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import rules
from marketplace.domains.payments.types import Hold, PaymentRequest


def standing(actor: Person, hold: Hold) -> frozenset[str]:
    """What a person is to a hold, in the words of its life cycle; nothing for a stranger."""
    found = {
        rules.PAYER: actor.id == hold.payer_id,
        rules.PAYEE: actor.id == hold.payee_id,
        rules.STAFF: actor.is_staff,
    }
    return frozenset(name for name, holds in found.items() if holds)


def request_standing(actor: Person, request: PaymentRequest) -> frozenset[str]:
    """What a person is to a payment request; nothing for a stranger, whoever that is."""
    found = {rules.PAYER: actor.id == request.payer_id, rules.PAYEE: actor.id == request.payee_id}
    return frozenset(name for name, holds in found.items() if holds)
