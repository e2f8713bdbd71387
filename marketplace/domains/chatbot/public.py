"""What others may ask of the chatbot."""

from marketplace.domains.chatbot.queries import get_talk, list_sessions, statistics
from marketplace.domains.chatbot.service.rate import rate
from marketplace.domains.chatbot.service.sessions import end, extract_task
from marketplace.domains.chatbot.service.suggest import Suggestion, mode, suggest_category
from marketplace.domains.chatbot.service.talk import chat
from marketplace.domains.chatbot.types import (
    Author,
    Budget,
    ChatMessage,
    ChatSession,
    Draft,
    Exchange,
    Extraction,
    Filled,
    Mode,
    Slot,
    Statistics,
    Status,
)

__all__ = [
    "Author",
    "Budget",
    "ChatMessage",
    "ChatSession",
    "Draft",
    "Exchange",
    "Extraction",
    "Filled",
    "Mode",
    "Slot",
    "Statistics",
    "Status",
    "Suggestion",
    "chat",
    "end",
    "extract_task",
    "get_talk",
    "list_sessions",
    "mode",
    "rate",
    "statistics",
    "suggest_category",
]
