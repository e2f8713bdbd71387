"""`/api/chatbot/`: talks with the chatbot, the drafts that come of them, categories for descriptions."""

from typing import Any

from marketplace.api.authentication import current_person, optionally_signed_in, signed_in
from marketplace.api.limits import limited
from marketplace.api.multitask.dialect import CURRENCY, blueprint, page_of, page_request
from marketplace.api.multitask.schemas.chatbot import (
    ChatIn,
    ChatOut,
    ChatSessionOut,
    ChatStatisticsOut,
    ChatStatusOut,
    DescriptionIn,
    ExtractionOut,
    RatedOut,
    RatingIn,
    SuggestionOut,
    TalkOut,
)
from marketplace.api.paging import InvalidPage, Paged
from marketplace.domains.chatbot import public as domain
from marketplace.domains.chatbot.errors import (
    ChatMessageNotFound,
    NotAnAnswer,
    SessionEmpty,
    SessionFull,
    SessionNotFound,
)
from marketplace.kernel.pages import Page
from marketplace.kernel.process import WrongState

chatbot = blueprint("Chatbot", "chatbot", "Chatbot sessions, messages and task extraction.")


@chatbot.post("/chat/")
@signed_in()
@limited("chat")
@chatbot.takes(ChatIn)
@chatbot.answers(200, ChatOut)
@chatbot.refuses(SessionNotFound, SessionFull, WrongState)
def chat(body: dict[str, Any]) -> ChatOut:
    """Say something to the chatbot, in a session of one's own or in a new one."""
    return ChatOut.of(domain.chat(actor=current_person(), currency=CURRENCY, **body))


@chatbot.get("/sessions/")
@signed_in()
@chatbot.answers(200, Paged[ChatSessionOut])
@chatbot.refuses(InvalidPage)
def list_sessions() -> Page[ChatSessionOut]:
    """One's own sessions, the latest activity first."""
    page = domain.list_sessions(person_id=current_person().id, request=page_request())
    return page_of(page, ChatSessionOut.of)


@chatbot.get("/sessions/<id:session_id>/")
@signed_in()
@chatbot.answers(200, TalkOut)
@chatbot.refuses(SessionNotFound)
def get_session(session_id: int) -> TalkOut:
    """One of one's own sessions with its messages."""
    return TalkOut.of_talk(*domain.get_talk(person_id=current_person().id, session_id=session_id))


@chatbot.post("/sessions/<id:session_id>/end/")
@signed_in()
@chatbot.answers(200, ChatSessionOut)
@chatbot.refuses(SessionNotFound)
def end_session(session_id: int) -> ChatSessionOut:
    """End a session; it stays readable."""
    return ChatSessionOut.of(domain.end(actor=current_person(), session_id=session_id))


@chatbot.post("/sessions/<id:session_id>/extract-task/")
@signed_in()
@limited("chat")
@chatbot.answers(200, ExtractionOut)
@chatbot.refuses(SessionNotFound, SessionEmpty)
def extract_task(session_id: int) -> ExtractionOut:
    """The draft of the task that a session is about; it creates nothing."""
    extraction = domain.extract_task(actor=current_person(), session_id=session_id, currency=CURRENCY)
    return ExtractionOut.of(extraction)


@chatbot.post("/suggest-category/")
@signed_in()
@limited("chat")
@chatbot.takes(DescriptionIn)
@chatbot.answers(200, SuggestionOut)
def suggest_category(body: dict[str, str]) -> SuggestionOut:
    """The category that a description of work fits best."""
    return SuggestionOut.of(domain.suggest_category(**body))


@chatbot.post("/messages/<id:message_id>/rate/")
@signed_in()
@chatbot.takes(RatingIn)
@chatbot.answers(200, RatedOut)
@chatbot.refuses(ChatMessageNotFound, NotAnAnswer)
def rate_message(body: dict[str, Any], message_id: int) -> RatedOut:
    """Rate an answer of the chatbot; rating again overwrites."""
    return RatedOut.of(domain.rate(actor=current_person(), message_id=message_id, **body))


@chatbot.get("/status/")
@optionally_signed_in
@chatbot.answers(200, ChatStatusOut)
def get_status() -> ChatStatusOut:
    """Whether the chatbot is there, and whether a language model helps it."""
    return ChatStatusOut.of(domain.mode())


@chatbot.get("/statistics/")
@signed_in()
@chatbot.answers(200, ChatStatisticsOut)
def get_statistics() -> ChatStatisticsOut:
    """The figures of one's own sessions."""
    return ChatStatisticsOut.of(domain.statistics(person_id=current_person().id))
