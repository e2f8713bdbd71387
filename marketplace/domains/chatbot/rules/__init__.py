"""The rules of the chatbot: how it reads what people say, and what it answers. All of it pure."""

from marketplace.domains.chatbot.rules.sessions import OWNER, SESSION

__all__ = ["OWNER", "SESSION"]
