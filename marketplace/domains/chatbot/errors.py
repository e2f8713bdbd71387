"""How the chatbot refuses."""

from marketplace.kernel.errors import Conflict, Invalid, NotFound


class SessionNotFound(NotFound):
    """Not found."""

    code = "chat_session_not_found"


class ChatMessageNotFound(NotFound):
    """Not found."""

    code = "chat_message_not_found"


class SessionFull(Conflict):
    """This chat session has no room for more messages: start a new one."""

    code = "chat_session_full"


class SessionEmpty(Conflict):
    """Nothing was said in this chat session yet."""

    code = "chat_session_empty"


class NotAnAnswer(Invalid):
    """Only messages of the assistant can be rated."""

    code = "chat_message_not_an_answer"
