"""SkillConnect's channels."""

from collections.abc import Iterable, Sequence

from typing_extensions import override

from marketplace.api.frames import read_frame
from marketplace.api.skillconnect.dialect import FACE
from marketplace.api.skillconnect.schemas.messaging import (
    MessageOut,
    TypingFrameIn,
    edited_frame,
    presence_frame,
    reaction_frame,
    typing_frame,
    updated_frame,
)
from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import public as deals
from marketplace.domains.messaging import public as messaging
from marketplace.domains.messaging.events import MessageEdited, MessageSent, MessageUpdated, ReactionChanged
from marketplace.realtime import Channel, Code, Frame, hears, hub, presence

_CHAT = f"{FACE}:chat:"
_typing_frame = TypingFrameIn()


class SkillConnectChannel(Channel):
    """What the document's channels have in common."""

    face = FACE
    is_forgiving = True
    outlives_token = True
    most_bytes = 16 * 1024
    not_theirs = Code.FORBIDDEN


class Chat(SkillConnectChannel):
    """One conversation, for its two people; messages are sent by POST, and heard here."""

    path = "/ws/messaging/chat/<id:conversation_id>/"

    @override
    def opens(self, person: Person, *, conversation_id: int) -> Iterable[str]:
        """Let its people in, who from then on are seen to be there."""
        self.told = messaging.require_member(person_id=person.id, room_id=conversation_id)
        self.person, self.conversation_id = person, conversation_id
        self.place = _chat(conversation_id)
        return [self.place]

    @override
    def greets(self) -> Iterable[Frame]:
        """Say who is there already."""
        others = messaging.members_of(self.conversation_id) - {self.person.id}
        here = presence.online(others, self.place)
        return [presence_frame(self.conversation_id, person_id, is_online=True) for person_id in here]

    @hears("typing")
    def typing(self, frame: Frame) -> None:
        """Tell the other connections that one writes, or no longer does."""
        is_typing: bool = read_frame(_typing_frame, frame)["typing"]
        told = typing_frame(self.conversation_id, self.person.id, is_typing=is_typing)
        hub.push(self.place, told, but=self.wire.id)


def push_messages(facts: Sequence[MessageSent]) -> None:
    """Tell the sockets of conversations of messages; whom they reach there has read them."""
    told = deals.list_said([fact.message_id for fact in facts])
    hub.push_in_order((_chat(said.message.room_id), said.message.seq, MessageOut.told(said)) for said in told)
    members = messaging.members_of_each({fact.room_id for fact in facts})
    here = presence.online_in({_chat(room_id): people for room_id, people in members.items()})
    for fact in facts:
        reached = here[_chat(fact.room_id)] - {fact.sender_id}
        if reached:
            messaging.mark_heard(room_id=fact.room_id, seq=fact.seq, person_ids=reached)


def push_edit(fact: MessageEdited) -> None:
    """Tell the sockets of a conversation of new words."""
    hub.push(_chat(fact.room_id), edited_frame(messaging.get_message(fact.message_id)))


def push_update(fact: MessageUpdated) -> None:
    """Show the sockets of a conversation a message anew."""
    hub.push(_chat(fact.room_id), updated_frame(deals.get_said(fact.message_id)))


def push_reaction(fact: ReactionChanged) -> None:
    """Tell the sockets of a conversation how people react to a message by now."""
    hub.push(_chat(fact.room_id), reaction_frame(messaging.get_message(fact.message_id)))


def push_presence(person_id: int, place: str, is_online: bool) -> None:  # noqa: FBT001 - how presence tells its listeners
    """Tell the sockets of a conversation who comes to it and goes."""
    if place.startswith(_CHAT):
        conversation_id = int(place.removeprefix(_CHAT))
        hub.push(place, presence_frame(conversation_id, person_id, is_online=is_online))


def _chat(room_id: int) -> str:
    return f"{_CHAT}{room_id}"


CHANNELS: tuple[type[Channel], ...] = (Chat,)
