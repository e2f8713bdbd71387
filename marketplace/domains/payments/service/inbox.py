"""What providers tell by webhooks: each event is stored once, with its effect, in one transaction.

Events come in any order and any number of times, and lead to one state. What contradicts the books is kept
and flagged; what is about something unknown is kept, and read again once we learn of it.
"""

from collections.abc import Callable, Mapping

import msgspec
import structlog
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.payments.models import ProviderEventRow
from marketplace.domains.payments.service import rows
from marketplace.domains.payments.types import Outcome
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work
from marketplace.providers.payments import Event

log = structlog.get_logger()

# What the index on references can hold, and more than any reference of a provider has.
MAX_REFERENCE = 255

Verdict = tuple[Outcome, str]
Effects = Mapping[str, Callable[[UnitOfWork, Event], Verdict]]
DONE: Verdict = (Outcome.APPLIED, "")
KNOWN: Verdict = (Outcome.IGNORED, "")
NOT_OURS: Verdict = (Outcome.UNMATCHED, "")


def take_in(event: Event, *, provider: str, reference: str, effects: Effects) -> None:
    """Store a verified event with its effect, unless it is stored already."""
    new = (
        insert(ProviderEventRow)
        .values(
            provider=provider,
            event_id=event.id,
            type=event.type,
            account=event.account,
            object_reference=reference,
            payload=msgspec.json.encode(event.object).decode(),
            occurred_at=event.created_at,
            received_at=clock.now(),
            outcome=Outcome.UNKNOWN,
        )
        .on_conflict_do_nothing(constraint="uq_provider_events_event")
        .returning(ProviderEventRow)
    )
    with unit_of_work() as unit:
        rows.take_turn(unit, reference)
        row = unit.session.scalar(new)
        if row is not None:
            apply(unit, row, event, effects)


def apply(unit: UnitOfWork, row: ProviderEventRow, event: Event, effects: Effects) -> None:
    """Let a stored event have its effect, if its type has one."""
    effect = effects.get(event.type)
    if effect is None:
        return
    outcome, note = effect(unit, event)
    row.outcome, row.note = outcome, note
    if outcome is Outcome.FLAGGED:
        log.error("provider_event_flagged", event_id=event.id, type=event.type, note=note)


def reference_of(said: object) -> str:
    """What an event says it is about, nothing where that cannot be."""
    return said if isinstance(said, str) and len(said) <= MAX_REFERENCE else ""
