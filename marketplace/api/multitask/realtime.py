"""MultiTask's channels: a conversation, and one's own notifications."""

from collections.abc import Iterable
from typing import Any

from typing_extensions import override

from marketplace.api.limits import spend
from marketplace.api.multitask.dialect import FACE
from marketplace.api.multitask.schemas.messaging import ChatFrameIn, ResumeFrameIn, message_frame
from marketplace.api.multitask.schemas.notifications import notification_frame
from marketplace.domains.accounts.public import Person
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.events import MessageSent
from marketplace.domains.notifications import public as notifications
from marketplace.domains.notifications.events import NotificationCreated
from marketplace.realtime import Channel, Frame, hears, hub

_chat_frame = ChatFrameIn()
_resume_frame = ResumeFrameIn()


class Chat(Channel):
    """One conversation, for its two people; `last_seq` asks for what came after that message."""

    path = "/ws/chat/<id:conversation_id>/"
    face = FACE

    @override
    def opens(self, person: Person, *, conversation_id: int) -> Iterable[str]:
        """Let its people in."""
        messaging.require_member(person_id=person.id, room_id=conversation_id)
        self.person, self.conversation_id = person, conversation_id
        return [_conversation(conversation_id)]

    @hears("chat_message")
    def say(self, frame: Frame) -> None:
        """Store a message; everybody in the conversation, the sender included, hears it."""
        said: dict[str, Any] = _chat_frame.load(frame)
        spend("talk", person_id=self.person.id)
        messaging.send(actor=self.person, room_id=self.conversation_id, **said)

    @hears("resume")
    def resume(self, frame: Frame) -> list[Frame]:
        """Answer the messages after `last_seq`, for a client that was away."""
        after: int = _resume_frame.load(frame)["last_seq"]
        missed = messaging.missed(person_id=self.person.id, room_id=self.conversation_id, after_seq=after)
        return [message_frame(message) for message in missed]


class Notifications(Channel):
    """What reaches one's inbox, as it does."""

    path = "/ws/notifications/"
    face = FACE
    is_deaf = True

    @override
    def opens(self, person: Person) -> Iterable[str]:
        """Let anybody listen to their own."""
        return [_inbox(person.id)]


def push_message(fact: MessageSent) -> None:
    """Tell the sockets of a conversation of a message."""
    hub.push(_conversation(fact.room_id), message_frame(messaging.get_message(fact.message_id)))


def push_notification(fact: NotificationCreated) -> None:
    """Tell a person's sockets what is new in their inbox, unless they want no pushes."""
    notification = notifications.find_pushed(fact.notification_id)
    if notification is not None:
        hub.push(_inbox(fact.person_id), notification_frame(notification))


def _conversation(room_id: int) -> str:
    return f"{FACE}:conversation:{room_id}"


def _inbox(person_id: int) -> str:
    return f"{FACE}:inbox:{person_id}"


CHANNELS: tuple[type[Channel], ...] = (Chat, Notifications)
