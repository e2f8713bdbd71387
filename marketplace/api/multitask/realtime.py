"""MultiTask's channels: a conversation, and one's own notifications."""

from collections.abc import Iterable, Sequence
from typing import Any

from typing_extensions import override

from marketplace.api.frames import read_frame
from marketplace.api.limits import spend
from marketplace.api.multitask.dialect import FACE
from marketplace.api.multitask.schemas.messaging import (
    ChatFrameIn,
    ResumeFrameIn,
    TypingFrameIn,
    message_frame,
    presence_frame,
    typing_frame,
)
from marketplace.api.multitask.schemas.notifications import notification_frame
from marketplace.domains.accounts.public import Person
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.events import MessageSent
from marketplace.domains.notifications import public as notifications
from marketplace.domains.notifications.events import NotificationCreated
from marketplace.kernel.errors import DomainError
from marketplace.realtime import ANYWHERE, Answer, Channel, Frame, hears, hub, presence

_chat_frame = ChatFrameIn()
_resume_frame = ResumeFrameIn()
_typing_frame = TypingFrameIn()


class Chat(Channel):
    """One conversation, for its two people.

    The documents know `chat_message` alone; a client hears of anything else only once it has asked for it.
    """

    path = "/ws/chat/<id:conversation_id>/"
    face = FACE

    @override
    def opens(self, person: Person, *, conversation_id: int) -> Iterable[str]:
        """Let its people in."""
        self.told = messaging.require_member(person_id=person.id, room_id=conversation_id)
        self.person, self.conversation_id = person, conversation_id
        return [_conversation(conversation_id)]

    @hears("chat_message", together=True)
    def say(self, frames: Sequence[Frame]) -> Sequence[Answer]:
        """Store messages; everybody in the conversation, the sender included, hears them."""
        read = [self._read(frame) for frame in frames]
        if any(isinstance(said, dict) and said["client_msg_id"] for said in read):
            return [self._say_one(said) if isinstance(said, dict) else said for said in read]
        bodies = [said["body"] for said in read if isinstance(said, dict)]
        stored = iter(messaging.send_all(actor=self.person, room_id=self.conversation_id, bodies=bodies))
        outcomes = [next(stored) if isinstance(said, dict) else said for said in read]
        return [outcome if isinstance(outcome, Exception) else None for outcome in outcomes]

    def _read(self, frame: Frame) -> dict[str, Any] | DomainError:
        try:
            said: dict[str, Any] = read_frame(_chat_frame, frame)
            spend("talk", person_id=self.person.id)
        except DomainError as refusal:
            return refusal
        return said

    def _say_one(self, said: dict[str, Any]) -> DomainError | None:
        try:
            messaging.send(actor=self.person, room_id=self.conversation_id, **said)
        except DomainError as refusal:
            return refusal
        return None

    @hears("resume")
    def resume(self, frame: Frame) -> list[Frame]:
        """Answer the messages after `last_seq`, for a client that was away and has all up to there."""
        after: int = read_frame(_resume_frame, frame)["last_seq"]
        missed = messaging.missed(person_id=self.person.id, room_id=self.conversation_id, after_seq=after)
        return [message_frame(message) for message in missed]

    @hears("watch")
    def watch(self, _: Frame) -> list[Frame]:
        """From now on also hear who writes and who comes and goes; answers whether the other is here."""
        others = messaging.members_of(self.conversation_id) - {self.person.id}
        self.wire.join(_writing(self.conversation_id))
        for person_id in others:
            self.wire.join(_coming_and_going(person_id))
        online = presence.online(others)
        return [presence_frame(person_id, is_online=person_id in online) for person_id in sorted(others)]

    @hears("typing")
    def typing(self, frame: Frame) -> None:
        """Tell who watches that one writes, or with `is_typing: false` that one has stopped."""
        is_typing: bool = read_frame(_typing_frame, frame)["is_typing"]
        hub.push(_writing(self.conversation_id), typing_frame(self.person, is_typing=is_typing))


class Notifications(Channel):
    """What reaches one's inbox, as it does."""

    path = "/ws/notifications/"
    face = FACE
    is_deaf = True

    @override
    def opens(self, person: Person) -> Iterable[str]:
        """Let anybody listen to their own."""
        return [_inbox(person.id)]


def push_messages(facts: Sequence[MessageSent]) -> None:
    """Tell the sockets of conversations of messages."""
    hub.push_in_order(
        (_conversation(fact.room_id), fact.seq, message_frame(messaging.get_message(fact.message_id)))
        for fact in facts
    )


def push_notifications(facts: Sequence[NotificationCreated]) -> None:
    """Tell people's sockets what is new in their inboxes, unless they want no pushes."""
    pushed = notifications.find_pushed([fact.notification_id for fact in facts])
    hub.push_all((_inbox(each.person_id), notification_frame(each)) for each in pushed)


def push_presence(person_id: int, place: str, is_online: bool) -> None:  # noqa: FBT001 - how presence tells its listeners
    """Tell who watches a conversation with somebody that they came or are gone, wherever that is."""
    if place == ANYWHERE:
        hub.push(_coming_and_going(person_id), presence_frame(person_id, is_online=is_online))


def _conversation(room_id: int) -> str:
    return f"{FACE}:conversation:{room_id}"


def _writing(room_id: int) -> str:
    return f"{FACE}:writing:{room_id}"


def _coming_and_going(person_id: int) -> str:
    return f"{FACE}:presence:{person_id}"


def _inbox(person_id: int) -> str:
    return f"{FACE}:inbox:{person_id}"


CHANNELS: tuple[type[Channel], ...] = (Chat, Notifications)
