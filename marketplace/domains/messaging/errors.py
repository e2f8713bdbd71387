"""How messaging refuses."""

from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class RoomNotFound(NotFound):
    """Not found."""

    code = "room_not_found"


class MessageNotFound(NotFound):
    """Not found."""

    code = "message_not_found"


class RoomClosed(Conflict):
    """Conversation is not active."""

    code = "room_closed"


class NotYoursToEdit(Forbidden):
    """You do not have permission to perform this action."""

    code = "not_yours_to_edit"


class AttachmentUnfit(Invalid):
    """This file does not fit the kind of message."""

    code = "attachment_unfit"
    field = "file"


class NotAnEmoji(Invalid):
    """This is not an emoji."""

    code = "not_an_emoji"
    field = "emoji"


class TalkingToOneself(Invalid):
    """You cannot start a conversation with yourself."""

    code = "talking_to_oneself"
    field = "participant_id"


class ParticipantUnknown(Invalid):
    """This person does not exist."""

    code = "participant_unknown"
    field = "participant_id"
