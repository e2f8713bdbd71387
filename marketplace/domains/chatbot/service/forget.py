"""Forgetting the talks of somebody who has left."""

from sqlalchemy import delete, select

from marketplace.domains.accounts import public as accounts
from marketplace.domains.chatbot.models import ChatMessageRow, ChatSessionRow
from marketplace.kernel.unit_of_work import unit_of_work


def forget_talks(*, person_id: int) -> None:
    """Delete every talk of somebody, with what was begun to be said before they left."""
    theirs = select(ChatSessionRow.id).where(ChatSessionRow.person_id == person_id)
    with unit_of_work() as unit:
        accounts.see_off(person_id)
        ids = unit.session.scalars(theirs.order_by(ChatSessionRow.id).with_for_update()).all()
        unit.session.execute(delete(ChatMessageRow).where(ChatMessageRow.session_id.in_(ids)))
        unit.session.execute(delete(ChatSessionRow).where(ChatSessionRow.id.in_(ids)))
