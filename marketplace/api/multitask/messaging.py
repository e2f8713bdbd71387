"""`/api/messaging/`: conversations of two people, their messages, what is read."""

from typing import Any

from marketplace.api.authentication import current_person, signed_in
from marketplace.api.blueprint import Made
from marketplace.api.limits import limited
from marketplace.api.multitask.dialect import blueprint, page_of, page_request
from marketplace.api.multitask.schemas.messaging import (
    ConversationOut,
    MarkedRead,
    MessageOut,
    OpenIn,
    SendIn,
    SentMessage,
    StatisticsOut,
)
from marketplace.api.paging import InvalidPage, Paged
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.errors import NobodysTask, UnknownTask
from marketplace.domains.messaging import public as domain
from marketplace.domains.messaging.errors import (
    ParticipantUnknown,
    RoomClosed,
    RoomNotFound,
    TalkingToOneself,
)
from marketplace.kernel.pages import Page

messaging = blueprint("Messaging", "messaging", "Conversations, messages and read state.")


@messaging.get("/conversations/")
@signed_in()
@messaging.answers(200, Paged[ConversationOut])
@messaging.refuses(InvalidPage)
def list_conversations() -> Page[ConversationOut]:
    """One's own conversations, the latest activity first."""
    page = domain.list_conversations(person_id=current_person().id, request=page_request())
    return page_of(page, ConversationOut.of)


@messaging.post("/conversations/create/")
@signed_in()
@limited("talk")
@messaging.takes(OpenIn)
@messaging.answers(201, ConversationOut, existing=200)
@messaging.refuses(TalkingToOneself, ParticipantUnknown, UnknownTask, NobodysTask)
def open_conversation(body: dict[str, Any]) -> Made[ConversationOut]:
    """Open a conversation with somebody, about a task or about anything; there is one a pair and task."""
    conversation, is_new = listings.talk_about(actor=current_person(), **body)
    return Made(ConversationOut.of(conversation), is_new)


@messaging.get("/conversations/<id:conversation_id>/")
@signed_in()
@messaging.answers(200, ConversationOut)
@messaging.refuses(RoomNotFound)
def get_conversation(conversation_id: int) -> ConversationOut:
    """One of one's own conversations."""
    found = domain.get_conversation(person_id=current_person().id, room_id=conversation_id)
    return ConversationOut.of(found)


@messaging.get("/conversations/<id:conversation_id>/messages/")
@signed_in()
@messaging.answers(200, Paged[MessageOut])
@messaging.refuses(RoomNotFound)
def list_messages(conversation_id: int) -> Page[MessageOut]:
    """The messages of a conversation: page 1 is the newest, each page goes from old to new."""
    page = domain.list_messages(
        person_id=current_person().id, room_id=conversation_id, request=page_request()
    )
    return page_of(page, MessageOut.of)


@messaging.post("/conversations/<id:conversation_id>/messages/send/")
@signed_in()
@limited("talk")
@messaging.takes(SendIn)
@messaging.answers(201, SentMessage)
@messaging.refuses(RoomNotFound, RoomClosed)
def send_message(body: str, conversation_id: int) -> SentMessage:
    """Say something in a conversation."""
    return SentMessage.of(domain.send(actor=current_person(), room_id=conversation_id, body=body))


@messaging.post("/conversations/<id:conversation_id>/mark-read/")
@signed_in()
@messaging.answers(200, MarkedRead)
@messaging.refuses(RoomNotFound)
def mark_read(conversation_id: int) -> MarkedRead:
    """Mark what one has received in a conversation as read."""
    marked = domain.mark_read(actor=current_person(), room_id=conversation_id)
    return MarkedRead(marked_read=marked, unread_count=0)


@messaging.get("/statistics/")
@signed_in()
@messaging.answers(200, StatisticsOut)
def get_statistics() -> StatisticsOut:
    """The figures of one's own conversations."""
    return StatisticsOut.of(domain.statistics(person_id=current_person().id))
