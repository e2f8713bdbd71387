"""`/api/v1/messaging/`: conversations about orders, and what is said in them."""

from typing import Any

from marketplace.api.authentication import current_person, signed_in
from marketplace.api.limits import limited
from marketplace.api.paging import Listed
from marketplace.api.skillconnect.dialect import blueprint, messaging_dialect, page_of
from marketplace.api.skillconnect.schemas.messaging import (
    ConversationIn,
    ConversationOut,
    EditIn,
    MessageOut,
    OpenIn,
    ReactedOut,
    ReactIn,
    SendIn,
)
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import OrderOver, UnknownOrder
from marketplace.domains.files import errors as files
from marketplace.domains.messaging import errors
from marketplace.domains.messaging import public as domain
from marketplace.kernel.pages import Page
from marketplace.kernel.process import NotYours

messaging = blueprint(
    "Messaging", "messaging", "Conversations about orders, messages, reactions.", speech=messaging_dialect
)


@messaging.get("/conversations/")
@signed_in()
@messaging.answers(200, list[ConversationOut])
def list_conversations() -> list[ConversationOut]:
    """One's own conversations, the latest activity first."""
    return [ConversationOut.of(view) for view in deals.list_talks(actor=current_person())]


@messaging.post("/conversations/")
@signed_in()
@limited("talk")
@messaging.takes(OpenIn)
@messaging.answers(201, ConversationOut)
@messaging.refuses(UnknownOrder, OrderOver, NotYours)
def open_conversation(order: dict[str, Any]) -> ConversationOut:
    """Open the conversation of an order, or find it: there is one an order."""
    return ConversationOut.of(deals.open_talk(actor=current_person(), **order))


@messaging.get("/conversations/<id:conversation_id>/")
@signed_in()
@messaging.answers(200, ConversationOut)
@messaging.refuses(errors.RoomNotFound)
def get_conversation(conversation_id: int) -> ConversationOut:
    """One of one's own conversations."""
    return ConversationOut.of(deals.get_talk(actor=current_person(), room_id=conversation_id))


@messaging.patch("/conversations/<id:conversation_id>/")
@signed_in()
@messaging.takes(ConversationIn)
@messaging.answers(200, ConversationOut)
@messaging.refuses(errors.RoomNotFound)
def change_conversation(changes: dict[str, bool], conversation_id: int) -> ConversationOut:
    """Close a conversation for both sides, or open it again."""
    view = deals.change_talk(actor=current_person(), room_id=conversation_id, **changes)
    return ConversationOut.of(view)


@messaging.delete("/conversations/<id:conversation_id>/")
@signed_in()
@messaging.answers(204)
@messaging.refuses(errors.RoomNotFound)
def archive_conversation(conversation_id: int) -> None:
    """Put a conversation away, for oneself alone, until more is said in it or one opens it again."""
    domain.archive(actor=current_person(), room_id=conversation_id)


@messaging.get("/conversations/<id:conversation_id>/messages/")
@signed_in()
@messaging.answers(200, Listed[MessageOut])
@messaging.refuses(errors.RoomNotFound)
def list_messages(conversation_id: int) -> Page[MessageOut]:
    """The messages of a conversation, from old to new: page 1 is the newest, and marks them as read."""
    page = deals.read_talk(
        actor=current_person(), room_id=conversation_id, request=messaging_dialect.page_request()
    )
    return page_of(page, MessageOut.told)


@messaging.post("/conversations/<id:conversation_id>/messages/")
@signed_in()
@limited("talk")
@messaging.takes(SendIn)
@messaging.answers(201, MessageOut)
@messaging.refuses(
    errors.RoomNotFound,
    errors.RoomClosed,
    errors.AttachmentUnfit,
    files.EmptyFile,
    files.FileTooLarge,
    files.NotAccepted,
    files.NotAPicture,
    files.PictureTooLarge,
)
def send_message(body: dict[str, Any], conversation_id: int) -> MessageOut:
    """Say something in a conversation, or send a file, an image or a voice recording."""
    return MessageOut.of(domain.send(actor=current_person(), room_id=conversation_id, **body))


@messaging.patch("/conversations/<id:conversation_id>/messages/<id:message_id>/")
@signed_in()
@limited("talk")
@messaging.takes(EditIn)
@messaging.answers(200, MessageOut)
@messaging.refuses(errors.RoomNotFound, errors.MessageNotFound, errors.NotYoursToEdit)
def edit_message(body: str, conversation_id: int, message_id: int) -> MessageOut:
    """Correct one's own words."""
    place = {"room_id": conversation_id, "message_id": message_id}
    return MessageOut.of(domain.edit(actor=current_person(), **place, body=body))


@messaging.post("/conversations/<id:conversation_id>/messages/<id:message_id>/react/")
@signed_in()
@limited("talk")
@messaging.takes(ReactIn)
@messaging.answers(200, ReactedOut)
@messaging.refuses(errors.RoomNotFound, errors.MessageNotFound, errors.NotAnEmoji)
def react_to_message(emoji: str | None, conversation_id: int, message_id: int) -> ReactedOut:
    """React to a message with one emoji, which replaces another; null takes it back."""
    place = {"room_id": conversation_id, "message_id": message_id}
    return ReactedOut.of(domain.react(actor=current_person(), **place, emoji=emoji))
