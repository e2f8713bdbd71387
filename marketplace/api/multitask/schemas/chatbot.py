"""The chatbot as MultiTask shows and takes it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from marshmallow import ValidationError, fields, post_load, pre_load, validate

from marketplace.api.fields import Flag, Identifier, Text
from marketplace.api.multitask.dialect import Decimal, Id, Input, Timestamp, timestamp
from marketplace.api.multitask.schemas.tasks import CategoryOut
from marketplace.domains.chatbot.public import (
    Author,
    ChatMessage,
    ChatSession,
    Exchange,
    Extraction,
    Filled,
    Mode,
    Slot,
    Statistics,
    Suggestion,
)

MOST_MESSAGE = 4000
MOST_DESCRIPTION = 5000
MOST_FEEDBACK = 2000
LOWEST, HIGHEST = 1, 5
ModeName = Annotated[Literal["llm", "rules"], msgspec.Meta(examples=["rules"])]
Said = Annotated[str, msgspec.Meta(examples=["I need a plumber in Cairo tomorrow"])]
Rating = Annotated[int, msgspec.Meta(ge=LOWEST, le=HIGHEST, examples=[5])]
MODES: dict[Mode, Literal["llm", "rules"]] = {Mode.LLM: "llm", Mode.RULES: "rules"}
# What the documents call the slots of a draft.
NAMES = {slot: "task_type" if slot is Slot.PLACE else str(slot) for slot in Slot}


class ChatMessageOut(msgspec.Struct, kw_only=True, frozen=True):
    """A message of a session."""

    id: Id
    role: Literal["user", "assistant"]
    content: Said
    rating: Rating | None
    created_at: Timestamp

    @classmethod
    def of(cls, message: ChatMessage) -> "ChatMessageOut":
        """A message."""
        return cls(
            id=message.id,
            role="user" if message.author is Author.USER else "assistant",
            content=message.body,
            rating=message.rating,
            created_at=timestamp(message.created_at),
        )


class ChatOut(msgspec.Struct, kw_only=True, frozen=True):
    """The chatbot's answer, alone and beside what it answers."""

    session_id: Id
    message_id: Id
    response: Annotated[str, msgspec.Meta(examples=["Noted: plumbing. In which city?"])]
    message: ChatMessageOut
    user_message: ChatMessageOut
    mode: ModeName

    @classmethod
    def of(cls, exchange: Exchange) -> "ChatOut":
        """A question and its answer."""
        return cls(
            session_id=exchange.answer.session_id,
            message_id=exchange.answer.id,
            response=exchange.answer.body,
            message=ChatMessageOut.of(exchange.answer),
            user_message=ChatMessageOut.of(exchange.question),
            mode=MODES[exchange.mode],
        )


class ChatSessionOut(msgspec.Struct, kw_only=True, frozen=True):
    """A session."""

    id: Id
    session_id: Id
    title: Said
    is_active: bool
    message_count: Annotated[int, msgspec.Meta(examples=[2])]
    created_at: Timestamp
    updated_at: Timestamp
    ended_at: Timestamp | None

    @classmethod
    def of(cls, session: ChatSession) -> "ChatSessionOut":
        """A session."""
        return cls(**_shown(session))


class TalkOut(ChatSessionOut, kw_only=True, frozen=True):
    """A session with everything that was said in it."""

    messages: list[ChatMessageOut]

    @classmethod
    def of_talk(cls, session: ChatSession, messages: Sequence[ChatMessage]) -> "TalkOut":
        """A session and its messages."""
        return cls(**_shown(session), messages=[ChatMessageOut.of(message) for message in messages])


def _shown(session: ChatSession) -> dict[str, Any]:
    return {
        "id": session.id,
        "session_id": session.id,
        "title": session.title,
        "is_active": session.ended_at is None,
        "message_count": session.message_count,
        "created_at": timestamp(session.created_at),
        "updated_at": timestamp(session.updated_at),
        "ended_at": timestamp(session.ended_at) if session.ended_at else None,
    }


class DraftOut(msgspec.Struct, kw_only=True, frozen=True):
    """A draft: once nothing is missing, it can be posted as a task as it is."""

    title: Annotated[str | None, msgspec.Meta(examples=["Plumber"])]
    description: Annotated[str | None, msgspec.Meta(examples=["I need a plumber in Cairo tomorrow"])]
    category: Annotated[int | None, msgspec.Meta(examples=[4])]
    budget: Decimal | None
    deadline: Annotated[date | None, msgspec.Meta(examples=["2030-01-31"])]
    city: Annotated[str | None, msgspec.Meta(examples=["Cairo"])]
    address: str | None
    task_type: Literal["physical", "digital"] | None


class SourceOut(msgspec.Struct, kw_only=True, frozen=True):
    """The words that a part of a draft was taken from: `content[start:end]` of a message."""

    message_id: Id
    start: Annotated[int, msgspec.Meta(examples=[21])]
    end: Annotated[int, msgspec.Meta(examples=[26])]
    text: Annotated[str, msgspec.Meta(examples=["Cairo"])]

    @classmethod
    def of(cls, filled: Filled[Any] | None) -> "SourceOut | None":
        """Where a slot of a draft comes from."""
        if filled is None:
            return None
        return cls(
            message_id=filled.message_id, start=filled.span.start, end=filled.span.end, text=filled.text
        )


class SourcesOut(msgspec.Struct, kw_only=True, frozen=True):
    """Where the parts of a draft come from; nothing stands in a draft that was not said."""

    title: SourceOut | None
    category: SourceOut | None
    budget: SourceOut | None
    deadline: SourceOut | None
    city: SourceOut | None
    address: SourceOut | None
    task_type: SourceOut | None


class ExtractionOut(msgspec.Struct, kw_only=True, frozen=True):
    """The draft of a task, where it comes from, and what is still missing."""

    session_id: Id
    task: DraftOut
    missing_fields: Annotated[list[str], msgspec.Meta(examples=[["budget"]])]
    sources: SourcesOut
    mode: ModeName

    @classmethod
    def of(cls, extraction: Extraction) -> "ExtractionOut":
        """What a talk has come to."""
        draft = extraction.draft
        return cls(
            session_id=extraction.session_id,
            task=DraftOut(
                title=_value(draft.title),
                description=draft.description,
                category=extraction.category_id,
                budget=None if extraction.price is None else str(extraction.price),
                deadline=_value(draft.deadline),
                city=_value(draft.city),
                address=_value(draft.address),
                task_type=_value(draft.place),
            ),
            missing_fields=[NAMES[slot] for slot in extraction.missing],
            sources=SourcesOut(
                title=SourceOut.of(draft.title),
                category=SourceOut.of(draft.category),
                budget=SourceOut.of(draft.budget),
                deadline=SourceOut.of(draft.deadline),
                city=SourceOut.of(draft.city),
                address=SourceOut.of(draft.address),
                task_type=SourceOut.of(draft.place),
            ),
            mode=MODES[extraction.mode],
        )


def _value(filled: Filled[Any] | None) -> Any:
    return None if filled is None else filled.value


class SuggestionOut(msgspec.Struct, kw_only=True, frozen=True):
    """The category that fits best; `null` where none does."""

    category: CategoryOut | None
    category_id: Annotated[int | None, msgspec.Meta(examples=[1])]
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1, examples=[0.7])]
    alternatives: list[CategoryOut]
    mode: ModeName

    @classmethod
    def of(cls, suggestion: Suggestion) -> "SuggestionOut":
        """A suggestion."""
        best = suggestion.category
        return cls(
            category=CategoryOut.of(*best) if best else None,
            category_id=best[0].id if best else None,
            confidence=suggestion.confidence,
            alternatives=[CategoryOut.of(*one) for one in suggestion.alternatives],
            mode=MODES[suggestion.mode],
        )


class RatedOut(msgspec.Struct, kw_only=True, frozen=True):
    """What one said of an answer."""

    message_id: Id
    rating: Rating | None
    feedback: str

    @classmethod
    def of(cls, message: ChatMessage) -> "RatedOut":
        """A rated answer."""
        return cls(message_id=message.id, rating=message.rating, feedback=message.feedback)


class ChatStatusOut(msgspec.Struct, kw_only=True, frozen=True):
    """Whether the chatbot is there, and how it makes its answers."""

    available: Annotated[bool, msgspec.Meta(examples=[True])]
    mode: ModeName
    llm_configured: bool

    @classmethod
    def of(cls, mode: Mode) -> "ChatStatusOut":
        """The chatbot needs nobody else: it is always there."""
        return cls(available=True, mode=MODES[mode], llm_configured=mode is Mode.LLM)


class ChatStatisticsOut(msgspec.Struct, kw_only=True, frozen=True):
    """The figures of one's own sessions."""

    total_sessions: int
    active_sessions: int
    total_messages: int
    tasks_extracted: int
    average_rating: Annotated[float | None, msgspec.Meta(examples=[4.5])]

    @classmethod
    def of(cls, statistics: Statistics) -> "ChatStatisticsOut":
        """One's own figures."""
        return cls(
            total_sessions=statistics.total_sessions,
            active_sessions=statistics.active_sessions,
            total_messages=statistics.total_messages,
            tasks_extracted=statistics.tasks_extracted,
            average_rating=statistics.average_rating,
        )


class ChatIn(Input):
    """What to say, and in which session; without one, in a new one."""

    message = Text(
        most=MOST_MESSAGE, required=True, metadata={"example": "I need a plumber in Cairo tomorrow"}
    )
    session_id = Identifier(allow_none=True, load_default=None, metadata={"example": 1})


class DescriptionIn(Input):
    """Work, in words."""

    description = Text(
        most=MOST_DESCRIPTION, required=True, metadata={"example": "Fix a leaking tap in the kitchen"}
    )


class RatingIn(Input):
    """A rating from 1 to 5, or whether the answer helped, which is 5 or 1; and some words."""

    rating = fields.Integer(
        strict=True,
        validate=[validate.Range(LOWEST, HIGHEST, error="Rating must be a whole number from 1 to 5.")],
        metadata={"example": 5},
    )
    is_helpful = Flag()
    feedback = Text(most=MOST_FEEDBACK, blank=True, load_default="", metadata={"example": "Clear and quick."})

    @pre_load
    def refuse_booleans(self, data: Any, **_: object) -> Any:
        """`true` is no rating, though Python counts it as 1."""
        if isinstance(data, dict) and isinstance(data.get("rating"), bool):
            message = "A valid integer is required."
            raise ValidationError(message, "rating")
        return data

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """The rating that was sent, else the one that `is_helpful` stands for."""
        if "rating" in data:
            rating = data["rating"]
        elif "is_helpful" in data:
            rating = HIGHEST if data["is_helpful"] else LOWEST
        else:
            message = "This field is required."
            raise ValidationError(message, "rating")
        return {"rating": rating, "feedback": data["feedback"]}
