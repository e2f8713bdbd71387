"""Saying something to the chatbot, and its answer.

What was said is stored first, then a language model is asked where there is one, then the answer is stored:
no transaction waits for the model, and a talk goes on from what was said, whatever became of an answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import select

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.chatbot import queries, rules
from marketplace.domains.chatbot.errors import SessionFull, SessionNotFound
from marketplace.domains.chatbot.models import ChatMessageRow, ChatSessionRow
from marketplace.domains.chatbot.rules.reading import Heard, hear
from marketplace.domains.chatbot.service.gazetteer import gazetteer
from marketplace.domains.chatbot.service.think import Moment, Thought, think
from marketplace.domains.chatbot.types import Author, ChatMessage, Exchange, Language
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

# Of both sides together: what a person reads through, and a draft is laid together from.
MOST_MESSAGES = 200
MOST_TITLE = 80
_LANGUAGES: Mapping[str, Language] = {str(language): language for language in Language}


def chat(*, actor: Person, message: str, session_id: int | None, currency: str) -> Exchange:
    """Say something in a talk, or open one with it; `currency` is what the platform's budgets are in."""
    asked, spoken = (None, None) if session_id is None else queries.state_of(actor.id, session_id)
    moment = _moment(actor, spoken, currency)
    heard = hear(message, now=moment.now, cities=gazetteer, asked=asked)
    if heard.reading.language is not None:
        moment = replace(moment, language=heard.reading.language)
    question = _take_in(actor, session_id, heard, message)
    thought = think(heard, question, moment)
    answer = _answer(actor, question, thought, moment.language)
    return Exchange(question=question, answer=answer, mode=thought.mode)


def lock_session(unit: UnitOfWork, *, person_id: int, session_id: int) -> ChatSessionRow:
    """One of somebody's own talks, locked: one message at a time is put into it."""
    query = select(ChatSessionRow).where(
        ChatSessionRow.id == session_id, ChatSessionRow.person_id == person_id
    )
    row = unit.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise SessionNotFound
    return row


def _moment(actor: Person, spoken: Language | None, currency: str) -> Moment:
    """The moment in the actor's time zone, and the language of the talk, else of their account."""
    account = accounts.find_account(person_id=actor.id)
    zone, locale = (account.time_zone, account.locale) if account else ("UTC", "")
    language = spoken or _LANGUAGES.get(locale[:2], Language.ENGLISH)
    return Moment(now=clock.now().astimezone(_zone(zone)), language=language, currency=currency)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _take_in(actor: Person, session_id: int | None, heard: Heard, message: str) -> ChatMessage:
    """Store what somebody said, with what was read in it; without a talk, open one."""
    now = clock.now()
    with unit_of_work() as unit:
        accounts.keep(actor)
        if session_id is None:
            title = " ".join(message.split())[:MOST_TITLE]
            session = ChatSessionRow(person_id=actor.id, title=title, created_at=now, updated_at=now)
            session.status, session.last_seq = rules.SESSION.initial, 0
            unit.session.add(session)
            unit.session.flush()
        else:
            session = lock_session(unit, person_id=actor.id, session_id=session_id)
            rules.SESSION.decide("continue", state=session.status, actors={rules.OWNER})
            # its answer has to find room too
            if session.last_seq + 2 > MOST_MESSAGES:
                raise SessionFull
        reading = msgspec.to_builtins(heard.reading)
        return _append(unit, session, author=Author.USER, body=message, reading=reading)


def _answer(actor: Person, question: ChatMessage, thought: Thought, language: Language) -> ChatMessage:
    """Store an answer, and what its question states after all; both may be gone with their person."""
    with unit_of_work() as unit:
        session = lock_session(unit, person_id=actor.id, session_id=question.session_id)
        session.asked = thought.reply.asks
        session.language = language
        asked = unit.session.get_one(ChatMessageRow, question.id)
        asked.reading = msgspec.to_builtins(thought.reading)
        return _append(unit, session, author=Author.ASSISTANT, body=thought.reply.text, mode=thought.mode)


def _append(unit: UnitOfWork, session: ChatSessionRow, **values: Any) -> ChatMessage:
    """The next message of a talk that is locked."""
    now = clock.now()
    session.last_seq += 1
    session.updated_at = now
    row = ChatMessageRow(session_id=session.id, seq=session.last_seq, created_at=now, **values)
    unit.session.add(row)
    unit.session.flush()
    return queries.get_message(row.id)
