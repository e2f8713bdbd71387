"""Saying something in a room: by its people, and by the house on their behalf."""

from collections.abc import Collection, Sequence

from sqlalchemy import text

from marketplace.domains.accounts.public import Person
from marketplace.domains.files import public as files
from marketplace.domains.files.public import Purpose, Stored, Upload
from marketplace.domains.messaging import queries, rules
from marketplace.domains.messaging.errors import RoomClosed
from marketplace.domains.messaging.events import MessageSent, MessageUpdated
from marketplace.domains.messaging.service.locks import LockedRoom, lock_room
from marketplace.domains.messaging.service.together import Saying, say_together
from marketplace.domains.messaging.types import Message, MessageKind
from marketplace.kernel.clock import clock
from marketplace.kernel.statements import Statement
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

_SAY = Statement(
    text("""
        WITH counted AS (
            UPDATE rooms SET last_seq = last_seq + 1, last_message_at = :now WHERE id = :room_id
            RETURNING last_seq
        ), taken_out AS (
            UPDATE memberships SET archived_at = NULL WHERE room_id = :room_id AND archived_at IS NOT NULL
        )
        INSERT INTO messages (room_id, seq, sender_id, kind, body, file_id, about, client_msg_id, created_at)
        SELECT :room_id, last_seq, :sender_id, :kind, :body, :file_id, :about, :client_msg_id, :now
        FROM counted RETURNING id, seq
    """)
)


def send(
    *,
    actor: Person,
    room_id: int,
    body: str,
    kind: MessageKind = MessageKind.TEXT,
    upload: Upload | None = None,
    client_msg_id: str | None = None,
) -> Message:
    """Say something in a room, or show a file with `body` as its caption.

    A repeated `client_msg_id` of the same sender is answered by the first. Not to be called in a unit of work
    with a file, which is stored before.
    """
    if kind is MessageKind.TEXT and upload is None and client_msg_id is None:
        return say_together(Saying(sender_id=actor.id, room_id=room_id, body=body))
    stored = None if upload is None else _receive(upload, kind, actor=actor, room_id=room_id)
    with unit_of_work() as unit:
        room = lock_room(unit, person_id=actor.id, room_id=room_id)
        sent_id = client_msg_id and queries.find_sent(
            room_id=room_id, sender_id=actor.id, client_msg_id=client_msg_id
        )
        if sent_id:
            return queries.get_message(sent_id)
        if not room.is_active:
            raise RoomClosed
        return _say(
            unit,
            room,
            sender_id=actor.id,
            kind=kind,
            body=body,
            file_id=files.keep(stored, owner_id=actor.id).id if stored else None,
            client_msg_id=client_msg_id,
        )


def send_all(*, actor: Person, room_id: int, bodies: Sequence[str]) -> list[Message | Exception]:
    """Say several things in a room, one after the other; answers each, with the message or a refusal.

    They are stored then; what follows, such as to show them, is under way.
    """
    return say_together.soon([Saying(sender_id=actor.id, room_id=room_id, body=body) for body in bodies])


def post(*, sender_id: int, room_id: int, kind: MessageKind, body: str, about: str) -> Message:
    """Let the house tell a room, on behalf of one of its people, of a payment or a contract.

    `about` refers to it, such as `contract:9`. Joins an open unit of work. What the sender had put away
    returns to them, too; a room that is closed to its people still hears it.
    """
    with unit_of_work() as unit:
        room = lock_room(unit, person_id=sender_id, room_id=room_id, put_away=True)
        return _say(unit, room, sender_id=sender_id, kind=kind, body=body, about=about)


def tell_updated(references: Collection[str]) -> None:
    """Say in their rooms that what messages are about has changed; joins an open unit of work."""
    with unit_of_work() as unit:
        for message in queries.list_about(references):
            unit.record(MessageUpdated(room_id=message.room_id, message_id=message.id))


def _receive(upload: Upload, kind: MessageKind, *, actor: Person, room_id: int) -> Stored:
    """Store what was sent, from somebody who may send it."""
    queries.require_member(person_id=actor.id, room_id=room_id)
    stored = files.receive(upload, purpose=Purpose.ATTACHMENT)
    rules.check_attachment(kind, stored.media_type, field=upload.field)
    return stored


def _say(
    unit: UnitOfWork,
    room: LockedRoom,
    *,
    sender_id: int,
    kind: MessageKind,
    body: str,
    file_id: int | None = None,
    about: str | None = None,
    client_msg_id: str | None = None,
) -> Message:
    """Give a message the next number of its room, which nobody has put away after that."""
    message_id, seq = unit.run(
        _SAY,
        room_id=room.id,
        sender_id=sender_id,
        kind=str(kind),
        body=body,
        file_id=file_id,
        about=about,
        client_msg_id=client_msg_id,
        now=clock.now(),
    ).fetchall()[0]
    unit.record(MessageSent(room_id=room.id, message_id=message_id, seq=seq, sender_id=sender_id))
    return queries.get_message(message_id)
