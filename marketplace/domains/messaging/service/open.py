"""Opening rooms: each is made once, whoever asks for it first."""

from collections.abc import Collection, Mapping

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.messaging import queries, rules
from marketplace.domains.messaging.errors import ParticipantUnknown, TalkingToOneself
from marketplace.domains.messaging.models import Membership, Room
from marketplace.domains.messaging.types import Conversation, RoomKind
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
        room = {"kind": RoomKind.DIRECT, "natural_key": key, "subject": subject}
        room_id, is_new = _find_or_make(unit, room, {actor.id, participant_id})
        return queries.get_conversation(person_id=actor.id, room_id=room_id), is_new


def open_deal_room(*, subject: str, member_ids: Collection[int], opened_by: int | None = None) -> int:
    """The id of the room of a deal's two sides, which is made unless it is there; joins an open unit of work.

    Somebody who opens it themselves finds it among their own again if they had put it away.
    """
    with unit_of_work() as unit:
        room = {"kind": RoomKind.DEAL, "natural_key": rules.deal_key(subject), "subject": subject}
        room_id, _ = _find_or_make(unit, room, member_ids)
        if opened_by is not None:
            theirs = (Membership.room_id == room_id) & (Membership.person_id == opened_by)
            unit.session.execute(update(Membership).where(theirs).values(archived_at=None))
        return room_id


def _find_or_make(
    unit: UnitOfWork, room: Mapping[str, str | None], member_ids: Collection[int]
) -> tuple[int, bool]:
    """The room of a natural key and whether it is new; who makes one at the same moment is waited for."""
    made = insert(Room).values(**room, created_at=clock.now())
    made = made.on_conflict_do_nothing(index_elements=["natural_key"])
    room_id = unit.session.scalar(made.returning(Room.id))
    if room_id is None:
        return unit.session.scalars(
            select(Room.id).where(Room.natural_key == room["natural_key"])
        ).one(), False
    unit.session.add_all(Membership(room_id=room_id, person_id=person_id) for person_id in sorted(member_ids))
    return room_id, True
