"""What others may ask of messaging."""

from marketplace.domains.messaging.errors import RoomClosed
from marketplace.domains.messaging.queries import (
    deal_rooms,
    find_gaps,
    find_messages,
    get_conversation,
    get_deal_conversation,
    get_message,
    has_deal_room,
    list_about,
    list_conversations,
    list_deal_conversations,
    list_messages,
    members_of,
    members_of_each,
    missed,
    require_member,
    statistics,
    yet_to_read,
)
from marketplace.domains.messaging.service.change import edit, react
from marketplace.domains.messaging.service.close import archive, forget_subject, set_active
from marketplace.domains.messaging.service.open import open_deal_room, open_direct
from marketplace.domains.messaging.service.read import mark_heard, mark_read, read_messages
from marketplace.domains.messaging.service.say import post, send, send_all, tell_updated
from marketplace.domains.messaging.types import Conversation, Message, MessageKind, Statistics, Unread

__all__ = [
    "Conversation",
    "Message",
    "MessageKind",
    "RoomClosed",
    "Statistics",
    "Unread",
    "archive",
    "deal_rooms",
    "edit",
    "find_gaps",
    "find_messages",
    "forget_subject",
    "get_conversation",
    "get_deal_conversation",
    "get_message",
    "has_deal_room",
    "list_about",
    "list_conversations",
    "list_deal_conversations",
    "list_messages",
    "mark_heard",
    "mark_read",
    "members_of",
    "members_of_each",
    "missed",
    "open_deal_room",
    "open_direct",
    "post",
    "react",
    "read_messages",
    "require_member",
    "send",
    "send_all",
    "set_active",
    "statistics",
    "tell_updated",
    "yet_to_read",
]
