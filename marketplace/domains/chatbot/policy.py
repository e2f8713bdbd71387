"""Who may do what with the chatbot's messages."""

from marketplace.domains.chatbot.types import Author


def is_answer(author: str) -> bool:
    """Whether a message is one that can be rated: the assistant's."""
    return author == Author.ASSISTANT
