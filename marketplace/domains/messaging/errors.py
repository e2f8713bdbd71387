"""How messaging refuses."""

from marketplace.kernel.errors import Invalid, NotFound


class RoomNotFound(NotFound):
    """Not found."""

    code = "room_not_found"


class MessageNotFound(NotFound):
    """Not found."""

    code = "message_not_found"


class TalkingToOneself(Invalid):
    """You cannot start a conversation with yourself."""

    code = "talking_to_oneself"
    field = "participant_id"


class ParticipantUnknown(Invalid):
    """This person does not exist."""

    code = "participant_unknown"
    field = "participant_id"
