"""The commands of messaging: opening, sending, reading."""

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.messaging import queries, rules
from marketplace.domains.messaging.errors import ParticipantUnknown, RoomNotFound, TalkingToOneself
from marketplace.domains.messaging.events import MessageSent
from marketplace.domains.messaging.models import Membership, MessageRow, Room
from marketplace.domains.messaging.types import Conversation, Message, RoomKind
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def open_direct(
    *, actor: Person, participant_id: int, subject: str | None = None
) -> tuple[Conversation, bool]:
    """The conversation of two people about a subject, and whether it is new: there is one of each."""
    if participant_id == actor.id:
        raise TalkingToOneself
    if not accounts.is_there(person_id=participant_id):
        raise ParticipantUnknown
    key = rules.direct_key(actor.id, participant_id, subject)
    with unit_of_work() as unit:
        room_id = unit.session.scalar(
            insert(Room)
            .values(kind=RoomKind.DIRECT, natural_key=key, subject=subject, created_at=clock.now())
            .on_conflict_do_nothing(index_elements=["natural_key"])
            .returning(Room.id)
        )
        is_new = room_id is not None
        if room_id is None:
            room_id = unit.session.scalars(select(Room.id).where(Room.natural_key == key)).one()
        else:
            people = sorted((actor.id, participant_id))
            unit.session.add_all(Membership(room_id=room_id, person_id=person_id) for person_id in people)
        return queries.get_conversation(person_id=actor.id, room_id=room_id), is_new


def send(*, actor: Person, room_id: int, body: str, client_msg_id: str | None = None) -> Message:
    """Say something in a room; a repeated `client_msg_id` of the same sender is answered by the first."""
    with unit_of_work() as unit:
        _lock_room(unit, person_id=actor.id, room_id=room_id)
        sent_id = client_msg_id and queries.find_sent(
            room_id=room_id, sender_id=actor.id, client_msg_id=client_msg_id
        )
        if sent_id:
            return queries.get_message(sent_id)
        now = clock.now()
        seq = unit.session.scalars(
            update(Room)
            .where(Room.id == room_id)
            .values(last_seq=Room.last_seq + 1, last_message_at=now)
            .returning(Room.last_seq)
        ).one()
        message = MessageRow(
            room_id=room_id,
            seq=seq,
            sender_id=actor.id,
            body=body,
            client_msg_id=client_msg_id,
            created_at=now,
        )
        unit.session.add(message)
        unit.session.flush()
        unit.record(MessageSent(room_id=room_id, message_id=message.id, seq=seq, sender_id=actor.id))
        return queries.get_message(message.id)


def mark_read(*, actor: Person, room_id: int) -> int:
    """Mark what the actor has received in a room as read; answers how many messages that were."""
    with unit_of_work() as unit:
        mine = unit.session.get(Membership, (room_id, actor.id), with_for_update=True)
        if mine is None:
            raise RoomNotFound
        last_seq = queries.require_member(person_id=actor.id, room_id=room_id)
        received = unit.session.scalars(
            select(func.count())
            .select_from(MessageRow)
            .where(
                MessageRow.room_id == room_id,
                MessageRow.sender_id != actor.id,
                MessageRow.seq > mine.last_read_seq,
                MessageRow.seq <= last_seq,
            )
        ).one()
        mine.last_read_seq = last_seq
        return received


def forget_subject(subject: str) -> None:
    """Let every room about something that is no more be about nothing; what was said in it stays."""
    with unit_of_work() as unit:
        unit.session.execute(update(Room).where(Room.subject == subject).values(subject=None))


def _lock_room(unit: UnitOfWork, *, person_id: int, room_id: int) -> None:
    """Let one sender at a time into a room, so that what follows sees all that was said before."""
    query = (
        select(Room.id)
        .join(Membership, Membership.room_id == Room.id)
        .where(Room.id == room_id, Membership.person_id == person_id)
        .with_for_update(of=Room)
    )
    if unit.session.scalar(query) is None:
        raise RoomNotFound
