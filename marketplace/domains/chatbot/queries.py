"""What the chatbot reads."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import RowMapping, Select, func, select

from marketplace.domains.chatbot.errors import SessionNotFound
from marketplace.domains.chatbot.models import ChatMessageRow, ChatSessionRow
from marketplace.domains.chatbot.types import (
    Author,
    ChatMessage,
    ChatSession,
    Language,
    Mode,
    Reading,
    Said,
    Slot,
    Statistics,
    Status,
)
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading as reading_from_database

_SESSION = select(
    ChatSessionRow.id,
    ChatSessionRow.title,
    ChatSessionRow.status,
    ChatSessionRow.last_seq.label("message_count"),
    ChatSessionRow.created_at,
    ChatSessionRow.updated_at,
    ChatSessionRow.ended_at,
)
_MESSAGE = select(
    ChatMessageRow.id,
    ChatMessageRow.session_id,
    ChatMessageRow.seq,
    ChatMessageRow.author,
    ChatMessageRow.body,
    ChatMessageRow.rating,
    ChatMessageRow.feedback,
    ChatMessageRow.created_at,
)


def list_sessions(*, person_id: int, request: PageRequest) -> Page[ChatSession]:
    """A page of somebody's talks, the latest activity first."""
    mine = ChatSessionRow.person_id == person_id
    latest = _SESSION.where(mine).order_by(ChatSessionRow.updated_at.desc(), ChatSessionRow.id.desc())
    with reading_from_database() as connection:
        total = connection.scalar(select(func.count()).select_from(ChatSessionRow).where(mine)) or 0
        rows = connection.execute(latest.limit(request.size).offset(request.offset)).mappings().all()
    return Page(items=[_session(row) for row in rows], total=total, request=request)


def get_session(*, person_id: int, session_id: int) -> ChatSession:
    """One of somebody's own talks; refuses that of another like one that does not exist."""
    query = _SESSION.where(ChatSessionRow.id == session_id, ChatSessionRow.person_id == person_id)
    with reading_from_database() as connection:
        row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise SessionNotFound
    return _session(row)


def get_talk(*, person_id: int, session_id: int) -> tuple[ChatSession, Sequence[ChatMessage]]:
    """One of somebody's own talks with its messages, from the first to the last."""
    session = get_session(person_id=person_id, session_id=session_id)
    return session, messages_of(session_id)


def messages_of(session_id: int) -> list[ChatMessage]:
    """The messages of a talk, from the first to the last."""
    return _messages(_MESSAGE.where(ChatMessageRow.session_id == session_id).order_by(ChatMessageRow.seq))


def get_message(message_id: int) -> ChatMessage:
    """A message by id, whose existence is known."""
    (message,) = _messages(_MESSAGE.where(ChatMessageRow.id == message_id))
    return message


def state_of(person_id: int, session_id: int) -> tuple[Slot | None, Language | None]:
    """What one of somebody's own talks has come to: what the chatbot asked last, and in which language."""
    query = select(ChatSessionRow.asked, ChatSessionRow.language).where(
        ChatSessionRow.id == session_id, ChatSessionRow.person_id == person_id
    )
    with reading_from_database() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise SessionNotFound
    return row.asked and Slot(row.asked), row.language and Language(row.language)


def said_in(session_id: int) -> list[Said]:
    """What a person said in a talk, and what was read in it, from the first to the last."""
    query = (
        select(ChatMessageRow.id, ChatMessageRow.body, ChatMessageRow.reading)
        .where(ChatMessageRow.session_id == session_id, ChatMessageRow.author == Author.USER)
        .order_by(ChatMessageRow.seq)
    )
    with reading_from_database() as connection:
        rows = connection.execute(query).all()
    return [
        Said(message_id=row.id, body=row.body, reading=msgspec.convert(row.reading, Reading)) for row in rows
    ]


def modes_of(session_id: int) -> set[Mode]:
    """How the answers of a talk were made."""
    query = select(ChatMessageRow.mode).where(
        ChatMessageRow.session_id == session_id, ChatMessageRow.author == Author.ASSISTANT
    )
    with reading_from_database() as connection:
        return {Mode(mode) for mode in connection.scalars(query.distinct()) if mode}


def statistics(*, person_id: int) -> Statistics:
    """The figures of somebody's talks."""
    mine = (
        select(ChatSessionRow.id, ChatSessionRow.status, ChatSessionRow.last_seq, ChatSessionRow.extracted_at)
        .where(ChatSessionRow.person_id == person_id)
        .cte("mine")
    )
    rating = (
        select(func.avg(ChatMessageRow.rating))
        .join(mine, mine.c.id == ChatMessageRow.session_id)
        .scalar_subquery()
    )
    figures = select(
        func.count().label("total"),
        func.count().filter(mine.c.status == Status.ACTIVE).label("active"),
        func.coalesce(func.sum(mine.c.last_seq), 0).label("messages"),
        func.count(mine.c.extracted_at).label("extracted"),
        rating.label("rating"),
    ).select_from(mine)
    with reading_from_database() as connection:
        row = connection.execute(figures).one()
    return Statistics(
        total_sessions=row.total,
        active_sessions=row.active,
        total_messages=int(row.messages),
        tasks_extracted=row.extracted,
        average_rating=None if row.rating is None else round(float(row.rating), 2),
    )


def _messages(query: Select[*tuple[Any, ...]]) -> list[ChatMessage]:
    with reading_from_database() as connection:
        rows = connection.execute(query).mappings().all()
    return [ChatMessage(**{**row, "author": Author(row["author"])}) for row in rows]


def _session(row: RowMapping) -> ChatSession:
    return ChatSession(**{**row, "status": Status(row["status"])})
