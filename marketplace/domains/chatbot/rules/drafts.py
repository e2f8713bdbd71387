"""The draft of a task: everything that was said about it, laid together, and what is still missing."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from marketplace.domains.chatbot.types import Budget, Draft, Filled, Found, Place, Reading, Said, Slot
from marketplace.kernel.money import MAX_PAYABLE_MINOR, Money

T = TypeVar("T")

MOST_DESCRIPTION = 5000


def draft_of(messages: Iterable[Said]) -> Draft:
    """The draft that a talk has come to: what is said later counts, but the first work named stays."""
    draft, score, is_guessed = Draft(), 0.0, False
    for said in messages:
        reading = said.reading
        is_named = reading.title is not None and (
            draft.title is None or (is_guessed and draft.category is None and reading.is_wanted)
        )
        is_guessed = reading.is_title_guessed if is_named else is_guessed
        is_surer = reading.category is not None and reading.category_score > score
        score = reading.category_score if is_surer else score
        draft = replace(
            draft,
            title=_filled(reading.title, said) if is_named else draft.title,
            description=_described(draft.description, reading.description),
            category=_filled(reading.category, said) if is_surer else draft.category,
            place=_place(draft, reading, said, is_surer=is_surer),
            city=_filled(reading.city, said) or draft.city,
            address=_filled(reading.address, said) or draft.address,
            budget=_filled(reading.budget, said) or draft.budget,
            deadline=None if reading.is_deadline_open else _filled(reading.deadline, said) or draft.deadline,
            is_deadline_open=reading.is_deadline_open
            or (draft.is_deadline_open and reading.deadline is None),
        )
    return draft


def missing_from(draft: Draft, currency: str) -> list[Slot]:
    """What a task still needs, in the order in which it is asked for; work done online needs no city."""
    is_online = draft.place is not None and draft.place.value is Place.DIGITAL
    present = {
        Slot.TITLE: draft.title is not None,
        Slot.CATEGORY: draft.category is not None,
        Slot.PLACE: draft.place is not None,
        Slot.CITY: draft.city is not None or is_online,
        Slot.BUDGET: price_of(draft, currency) is not None,
        Slot.DEADLINE: draft.deadline is not None or draft.is_deadline_open,
    }
    return [slot for slot in Slot if not present[slot]]


def price_of(draft: Draft, currency: str) -> Money | None:
    """The budget as a task can have it: one that was said in another currency is not converted."""
    if draft.budget is None or is_foreign(draft.budget.value, currency):
        return None
    if is_too_high(draft.budget.value, currency):
        return None
    exact = draft.budget.value.amount
    try:
        return Money.parse(f"{exact.normalize():f}", currency)
    except ValueError:
        return None


def is_foreign(budget: Budget, currency: str) -> bool:
    """Whether a budget is in another currency than the platform's."""
    return budget.currency is not None and budget.currency != currency


def is_too_high(budget: Budget, currency: str) -> bool:
    """Whether a budget is more than can be paid at once."""
    return budget.amount > most(currency)


def most(currency: str) -> Decimal:
    """The most that can be paid at once."""
    return Decimal(str(Money(MAX_PAYABLE_MINOR, currency)))


def _filled(found: Found[T] | None, said: Said) -> Filled[T] | None:
    if found is None:
        return None
    words = said.body[found.span.start : found.span.end]
    return Filled(value=found.value, span=found.span, text=words, message_id=said.message_id)


def _described(before: str | None, added: str | None) -> str | None:
    if added is None:
        return before
    return added[:MOST_DESCRIPTION] if before is None else f"{before}\n{added}"[:MOST_DESCRIPTION]


def _place(draft: Draft, reading: Reading, said: Said, *, is_surer: bool) -> Filled[Place] | None:
    """Where the work is done: said outright it counts for more than what its kind or city suggests."""
    is_outright = reading.place is not None and not reading.is_place_guessed
    if is_outright or is_surer or draft.place is None:
        return _filled(reading.place, said) or draft.place
    return draft.place
