"""Opening a hold: a row, then the provider's intent for it, then what the payer's client needs to pay.

The row is committed before the provider is asked, and every request's key comes from it: two requests at once
make one hold and one intent, and a request that broke half-way is continued by the next one.
"""

import structlog

from marketplace.domains.payments import queries, rules
from marketplace.domains.payments.errors import (
    HoldMoved,
    OtherTerms,
    PaymentRefused,
    ProviderUnavailable,
)
from marketplace.domains.payments.events import (
    IntentAwaited,
    IntentUnwanted,
    PaymentCancelled,
    PaymentFailed,
    ProviderReferenceLearned,
)
from marketplace.domains.payments.models import HoldRow
from marketplace.domains.payments.service import rows
from marketplace.domains.payments.service.terms import terms
from marketplace.domains.payments.types import Intent, Provider
from marketplace.kernel.clock import clock
from marketplace.kernel.money import Money
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers import stripe
from marketplace.providers.payments import OutcomeUnknown, Payment, Refused

log = structlog.get_logger()

_TAKEN = {"uq_holds_live_reference": HoldMoved}


def place_hold(
    *, reference: str, subject: str, payer_id: int, payee_id: int, amount: Money, agreed: Money
) -> tuple[int, bool]:
    """The id of the unpaid hold of a reference, and whether it is new; joins an open unit of work.

    Refuses an amount below the agreed price and a reference that is paid for. A hold whose payment failed is
    given up for the new one.
    """
    rules.check_terms(amount=amount, agreed=agreed, payer_id=payer_id, payee_id=payee_id)
    shared = {
        "payer_id": payer_id,
        "payee_id": payee_id,
        "agreed_minor": agreed.minor,
        "currency": agreed.currency,
    }
    with unit_of_work() as unit:
        rows.take_turn(unit, f"hold:{reference}")
        found = _find_unpaid(unit, reference)
        if found is not None:
            if any(getattr(found, name) != value for name, value in shared.items()):
                raise OtherTerms
            return found.id, False
        row = HoldRow(
            provider=Provider.STRIPE,
            reference=reference,
            subject=subject,
            amount_minor=amount.minor,
            fee_minor=terms.fee_of(amount).minor,
            asked_minors=[amount.minor],
            status=rules.HOLD.initial,
            called_off=False,
            created_at=clock.now(),
            **shared,
        )
        unit.session.add(row)
        unit.flush(_TAKEN)
        _give_up_others(unit, row)
        _look_after(unit, row, asked=1)
        return row.id, True


def open_intent(*, hold_id: int, is_new: bool, amount: Money) -> Intent:
    """Have the provider take this amount for a hold; outside any unit of work, since it asks the provider."""
    row = _with_intent(hold_id)
    if row.amount_minor != amount.minor:
        row = _with_amount(row, amount)
    provider = stripe.provider()
    return Intent(
        hold=queries.to_hold(row),
        reference=row.provider_reference or "",
        client_secret=row.client_secret or "",
        status=row.intent_status,
        provider=provider.name,
        is_sandbox=provider.is_sandbox,
        is_new=is_new,
    )


def open_hold(
    *, reference: str, subject: str, payer_id: int, payee_id: int, amount: Money, agreed: Money
) -> Intent:
    """Open a hold and the intent that pays it; while it is unpaid the same request finds the same."""
    hold_id, is_new = place_hold(
        reference=reference,
        subject=subject,
        payer_id=payer_id,
        payee_id=payee_id,
        amount=amount,
        agreed=agreed,
    )
    return open_intent(hold_id=hold_id, is_new=is_new, amount=amount)


def open_again(*, hold_id: int, asked: int) -> None:
    """Have the provider open the intent of a hold whose request broke and whose payer did not come again."""
    hold = queries.find_hold(hold_id)
    if hold is None or hold.provider_reference is not None or not rules.is_pending(hold.status):
        return
    try:
        _with_intent(hold_id)
    except (PaymentRefused, HoldMoved) as refusal:
        log.info("intent_not_wanted", hold_id=hold_id, reason=str(refusal))
    except ProviderUnavailable:
        log.warning("intent_outcome_unknown", hold_id=hold_id, asked=asked)
        with unit_of_work() as unit:
            row = rows.lock_hold(unit, hold_id)
            if row.provider_reference is None and rules.is_pending(row.status):
                _look_after(unit, row, asked)


def _find_unpaid(unit: UnitOfWork, reference: str) -> HoldRow | None:
    live = [
        row for row in rows.lock_holds_of(unit, reference) if rules.is_live(row.status) and not row.called_off
    ]
    for row in live:
        rules.check_unpaid(row.status)
    return live[0] if live else None


def _give_up_others(unit: UnitOfWork, new: HoldRow) -> None:
    """Cancel earlier holds that could still be paid: money that arrives for them all the same goes back."""
    for row in rows.lock_holds_of(unit, new.reference):
        if row.id != new.id and rules.can(rules.HOLD, "cancel", row.status):
            row.status = rules.HOLD.decide("cancel", state=row.status, actors={rules.HOUSE})
            row.called_off = True
            unit.record(PaymentCancelled(**rows.told_of_hold(row)))
            unit.record(IntentUnwanted(**rows.told_of_hold(row)))


def _with_intent(hold_id: int) -> HoldRow:
    """The hold, once the provider knows it."""
    with unit_of_work() as unit:
        row = rows.lock_hold(unit, hold_id)
    if row.provider_reference is not None:
        return row
    # An intent of theirs may be paid with a card that the payer keeps; with it the request is another one.
    customer_reference = queries.find_customer(person_id=row.payer_id)
    key = f"payment:hold:{row.id}"
    try:
        payment = stripe.provider().create_payment(
            Money(row.amount_minor, row.currency),
            metadata={"hold_id": str(row.id), "reference": row.reference, "subject": row.subject},
            idempotency_key=key if customer_reference is None else f"{key}:{customer_reference}",
            customer_reference=customer_reference,
        )
    except Refused as refusal:
        _fail(hold_id, str(refusal))
        raise PaymentRefused(f"The payment provider refused this payment: {refusal}") from refusal
    except OutcomeUnknown as error:
        raise ProviderUnavailable from error
    return _note_intent(hold_id, payment)


def _note_intent(hold_id: int, payment: Payment) -> HoldRow:
    with unit_of_work() as unit:
        rows.take_turn(unit, payment.reference)
        row = rows.lock_hold(unit, hold_id)
        if row.provider_reference is None:
            row.provider_reference = payment.reference
            row.client_secret = payment.client_secret
            row.intent_status = payment.status
            row.unanswered_at = None
            unit.record(ProviderReferenceLearned(provider_reference=payment.reference))
        is_wanted = rules.is_pending(row.status)
        if not is_wanted:
            # It was called off while the provider was asked; now there is something to cancel there.
            unit.record(IntentUnwanted(**rows.told_of_hold(row)))
    if not is_wanted:
        raise HoldMoved
    return row


def _look_after(unit: UnitOfWork, row: HoldRow, asked: int) -> None:
    """See later whether the provider has the intent: the process that asks for it may be killed."""
    due_at = rules.ask_again_at(clock.now(), rules.SEND_WAITS, asked)
    row.unanswered_at = None if due_at else clock.now()
    if due_at is not None:
        unit.record(IntentAwaited(**rows.told_of_hold(row), asked=asked + 1), due_at=due_at)


def _fail(hold_id: int, reason: str) -> None:
    with unit_of_work() as unit:
        row = rows.lock_hold(unit, hold_id)
        if rules.can(rules.HOLD, "fail", row.status):
            row.status = rules.HOLD.decide("fail", state=row.status, actors={rules.PROVIDER})
            row.failure = reason
            unit.record(PaymentFailed(**rows.told_of_hold(row), reason=reason))


def _with_amount(row: HoldRow, amount: Money) -> HoldRow:
    """The hold with another amount. What was asked is noted first: the payer may pay at any moment."""
    with unit_of_work() as unit:
        row = rows.lock_hold(unit, row.id)
        _check_still_pending(row)
        row.asked_minors = [*row.asked_minors, amount.minor]
        key = f"amount:hold:{row.id}:{len(row.asked_minors)}"
    try:
        payment = stripe.provider().change_payment(row.provider_reference or "", amount, idempotency_key=key)
    except Refused as refusal:
        raise PaymentRefused(f"The payment provider refused this amount: {refusal}") from refusal
    except OutcomeUnknown as error:
        raise ProviderUnavailable from error
    with unit_of_work() as unit:
        row = rows.lock_hold(unit, row.id)
        _check_still_pending(row)
        row.amount_minor = payment.amount.minor
        row.fee_minor = terms.fee_of(payment.amount).minor
        row.intent_status = payment.status
    return row


def _check_still_pending(row: HoldRow) -> None:
    rules.check_unpaid(row.status)
    if not rules.is_pending(row.status):
        raise HoldMoved
