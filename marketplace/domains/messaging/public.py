"""What others may ask of messaging."""

from marketplace.domains.messaging.queries import (
    find_gaps,
    get_conversation,
    get_message,
    list_conversations,
    list_messages,
    members_of,
    missed,
    require_member,
    statistics,
    yet_to_read,
)
from marketplace.domains.messaging.service import forget_subject, mark_read, open_direct, send
from marketplace.domains.messaging.types import Conversation, Message, Reader, Statistics

__all__ = [
    "Conversation",
    "Message",
    "Reader",
    "Statistics",
    "find_gaps",
    "forget_subject",
    "get_conversation",
    "get_message",
    "list_conversations",
    "list_messages",
    "mark_read",
    "members_of",
    "missed",
    "open_direct",
    "require_member",
    "send",
    "statistics",
    "yet_to_read",
]
