"""Ending a talk, and taking the draft out of it."""

from marketplace.domains.accounts.public import Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.chatbot import queries, rules
from marketplace.domains.chatbot.errors import SessionEmpty
from marketplace.domains.chatbot.rules.drafts import draft_of, missing_from, price_of
from marketplace.domains.chatbot.service.talk import lock_session
from marketplace.domains.chatbot.types import ChatSession, Draft, Extraction, Mode
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work


def end(*, actor: Person, session_id: int) -> ChatSession:
    """End a talk; one that has ended stays as it is."""
    with unit_of_work() as unit:
        session = lock_session(unit, person_id=actor.id, session_id=session_id)
        if not rules.SESSION.is_final(session.status):
            session.status = rules.SESSION.decide("end", state=session.status, actors={rules.OWNER})
            session.ended_at = session.updated_at = clock.now()
        return queries.get_session(person_id=actor.id, session_id=session_id)


def extract_task(*, actor: Person, session_id: int, currency: str) -> Extraction:
    """The draft that a talk has come to, whether or not it has ended; creates nothing."""
    with unit_of_work() as unit:
        session = lock_session(unit, person_id=actor.id, session_id=session_id)
        said = queries.said_in(session_id)
        if not said:
            raise SessionEmpty
        draft = draft_of(said)
        if session.extracted_at is None and draft != Draft():
            session.extracted_at = clock.now()
        is_of_model = Mode.LLM in queries.modes_of(session_id)
    return Extraction(
        session_id=session_id,
        draft=draft,
        category_id=_category_id(draft),
        price=price_of(draft, currency),
        missing=missing_from(draft, currency),
        mode=Mode.LLM if is_of_model else Mode.RULES,
    )


def _category_id(draft: Draft) -> int | None:
    """The category's id in the catalogue, which may have dropped it."""
    slug = draft.category.value if draft.category else None
    return next((one.id for one in catalog.categories().values() if one.slug == slug), None)
