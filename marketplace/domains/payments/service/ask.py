"""Asking somebody for money."""

from marketplace.domains.accounts.public import Person
from marketplace.domains.payments import rules
from marketplace.domains.payments.events import PaymentRequested
from marketplace.domains.payments.models import PaymentRequestRow
from marketplace.domains.payments.queries.requests import to_request
from marketplace.domains.payments.service import rows
from marketplace.domains.payments.types import PaymentRequest
from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import unit_of_work


def ask_payment(
    *, actor: Person, payer_id: int, reference: str, about: str | None, amount: Money, description: str
) -> PaymentRequest:
    """Ask somebody for an amount, which will be the actor's once it is paid; joins an open unit of work.

    `reference` and `about` say what it is for. Whether the actor may ask is for the caller to know.
    """
    rules.check_askable(amount)
    with unit_of_work() as unit:
        row = PaymentRequestRow(
            reference=reference,
            about=about,
            payer_id=payer_id,
            payee_id=actor.id,
            amount_minor=amount.minor,
            currency=amount.currency,
            description=description,
            status=rules.REQUEST.initial,
            created_at=clock.now(),
        )
        unit.session.add(row)
        unit.flush()
        unit.record(PaymentRequested(**rows.told_of_request(row)))
        return to_request(row)
