"""Saying how good an answer was."""

from sqlalchemy import select

from marketplace.domains.accounts.public import Person
from marketplace.domains.chatbot import policy, queries
from marketplace.domains.chatbot.errors import ChatMessageNotFound, NotAnAnswer
from marketplace.domains.chatbot.models import ChatMessageRow, ChatSessionRow
from marketplace.domains.chatbot.types import ChatMessage
from marketplace.kernel.unit_of_work import unit_of_work


def rate(*, actor: Person, message_id: int, rating: int, feedback: str) -> ChatMessage:
    """Rate an answer that one was given, from 1 to 5; a later rating replaces the earlier one."""
    query = (
        select(ChatMessageRow)
        .join(ChatSessionRow, ChatSessionRow.id == ChatMessageRow.session_id)
        .where(ChatMessageRow.id == message_id, ChatSessionRow.person_id == actor.id)
        .with_for_update(of=ChatMessageRow)
    )
    with unit_of_work() as unit:
        row = unit.session.scalar(query)
        if row is None:
            raise ChatMessageNotFound
        if not policy.is_answer(row.author):
            raise NotAnAnswer
        row.rating, row.feedback = rating, feedback
        return queries.get_message(message_id)
