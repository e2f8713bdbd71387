"""Conversations and messages as MultiTask shows them, over HTTP and on its socket."""

from typing import Annotated, Any

import msgspec
from marshmallow import ValidationError, fields, post_load, validate

from marketplace.api.fields import Flag, Identifier, Text
from marketplace.api.multitask.dialect import Id, Input, Timestamp, timestamp
from marketplace.api.multitask.schemas.people import Name, UserBrief
from marketplace.domains.accounts.public import Person
from marketplace.domains.messaging.public import Conversation, Message, Statistics
from marketplace.kernel.ids import MAX_BIGINT

MOST_CONTENT = 5000
MOST_CLIENT_ID = 64
SUBJECT = "task:"
Content = Annotated[str, msgspec.Meta(examples=["Draft uploaded. Please review."])]
Seq = Annotated[int, msgspec.Meta(description="Counts the conversation's messages from 1", examples=[1])]


class MessageOut(msgspec.Struct, kw_only=True, frozen=True):
    """A message in a list and on the socket."""

    id: Id
    message_id: Id
    conversation_id: Id
    seq: Seq
    sender: UserBrief
    sender_id: Id
    sender_username: Name
    content: Content
    is_read: bool
    created_at: Timestamp

    @classmethod
    def of(cls, message: Message) -> "MessageOut":
        """A message."""
        return cls(
            id=message.id,
            message_id=message.id,
            conversation_id=message.room_id,
            seq=message.seq,
            sender=UserBrief.of(message.sender),
            sender_id=message.sender.id,
            sender_username=message.sender.username,
            content=message.in_words,
            is_read=message.is_read,
            created_at=timestamp(message.created_at),
        )


class SentMessage(msgspec.Struct, kw_only=True, frozen=True):
    """A message just sent: here the sender is a name, as documented."""

    message_id: Id
    conversation_id: Id
    sender: Name
    content: Content
    created_at: Timestamp
    id: Id
    seq: Seq
    sender_id: Id
    sender_username: Name
    sender_details: UserBrief
    is_read: bool

    @classmethod
    def of(cls, message: Message) -> "SentMessage":
        """A message just sent."""
        return cls(
            message_id=message.id,
            conversation_id=message.room_id,
            sender=message.sender.username,
            content=message.in_words,
            created_at=timestamp(message.created_at),
            id=message.id,
            seq=message.seq,
            sender_id=message.sender.id,
            sender_username=message.sender.username,
            sender_details=UserBrief.of(message.sender),
            is_read=message.is_read,
        )


class ConversationOut(msgspec.Struct, kw_only=True, frozen=True):
    """A conversation as one of the two sees it."""

    id: Id
    conversation_id: Id
    participants: list[UserBrief]
    other_participant: UserBrief
    task_id: Id | None
    last_message: MessageOut | None
    unread_count: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, conversation: Conversation) -> "ConversationOut":
        """A conversation."""
        last = conversation.last_message
        return cls(
            id=conversation.id,
            conversation_id=conversation.id,
            participants=[UserBrief.of(person) for person in conversation.participants],
            other_participant=UserBrief.of(conversation.other),
            task_id=_task_id(conversation.subject),
            last_message=None if last is None else MessageOut.of(last),
            unread_count=conversation.unread_count,
            created_at=timestamp(conversation.created_at),
            updated_at=timestamp(conversation.updated_at),
        )


class MarkedRead(msgspec.Struct, kw_only=True, frozen=True):
    """How many messages were marked as read, and how many are left."""

    marked_read: Annotated[int, msgspec.Meta(examples=[3])]
    unread_count: Annotated[int, msgspec.Meta(examples=[0])]


class StatisticsOut(msgspec.Struct, kw_only=True, frozen=True):
    """The figures of one's own conversations."""

    total_conversations: int
    unread_conversations: int
    unread_messages: int
    messages_sent: int
    messages_received: int

    @classmethod
    def of(cls, statistics: Statistics) -> "StatisticsOut":
        """One's own figures."""
        return cls(
            total_conversations=statistics.total_conversations,
            unread_conversations=statistics.unread_conversations,
            unread_messages=statistics.unread_messages,
            messages_sent=statistics.messages_sent,
            messages_received=statistics.messages_received,
        )


def message_frame(message: Message) -> dict[str, Any]:
    """The frame that tells the sockets of a conversation of a message."""
    return {"type": "chat_message", "message": msgspec.to_builtins(MessageOut.of(message))}


def typing_frame(person: Person, *, is_typing: bool) -> dict[str, Any]:
    """The frame that says that somebody writes, or no longer does."""
    return {"type": "typing", "user_id": person.id, "username": person.username, "is_typing": is_typing}


def presence_frame(person_id: int, *, is_online: bool) -> dict[str, Any]:
    """The frame that says whether somebody is connected."""
    return {"type": "presence", "user_id": person_id, "is_online": is_online}


class OpenIn(Input):
    """Whom to talk to, and the task to talk about where there is one."""

    participant_id = Identifier(required=True, metadata={"example": 1})
    task_id = Identifier(allow_none=True, load_default=None, metadata={"example": 1})


class SendIn(Input):
    """What to say, under either of two names."""

    content = Text(most=MOST_CONTENT, metadata={"example": "Draft uploaded. Please review."})
    message = Text(most=MOST_CONTENT)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> str:
        """The text of the name that the documents give it, else of the other."""
        for name in ("content", "message"):
            if name in data:
                return str(data[name])
        message = "This field is required."
        raise ValidationError(message, "content")


class ChatFrameIn(Input):
    """A `chat_message` frame of a client; a repeated `client_msg_id` is stored once."""

    message = Text(most=MOST_CONTENT)
    content = Text(most=MOST_CONTENT)
    client_msg_id = Text(most=MOST_CLIENT_ID)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, str | None]:
        """What `messaging.send` takes: `body` and `client_msg_id`."""
        for name in ("message", "content"):
            if name in data:
                return {"body": data[name], "client_msg_id": data.get("client_msg_id")}
        message = "This field is required."
        raise ValidationError(message, "message")


class ResumeFrameIn(Input):
    """A `resume` frame of a client that was away: the `seq` of the last message it has."""

    last_seq = fields.Integer(strict=True, required=True, validate=validate.Range(0, MAX_BIGINT))


class TypingFrameIn(Input):
    """A `typing` frame of a client."""

    is_typing = Flag(load_default=True)


def _task_id(subject: str | None) -> int | None:
    return int(subject.removeprefix(SUBJECT)) if subject and subject.startswith(SUBJECT) else None
