"""Closing the room of a deal, putting it away for one side, and forgetting what rooms were about."""

from sqlalchemy import update

from marketplace.domains.accounts.public import Person
from marketplace.domains.messaging.errors import RoomNotFound
from marketplace.domains.messaging.models import Membership, Room
from marketplace.domains.messaging.service.locks import LockedRoom, lock_room
from marketplace.domains.messaging.types import RoomKind
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def set_active(*, actor: Person, room_id: int, is_active: bool) -> None:
    """Close the room of a deal, or open it again: either side may, and it is so for both."""
    with unit_of_work() as unit:
        room = _lock_deal_room(unit, person_id=actor.id, room_id=room_id)
        unit.session.execute(update(Room).where(Room.id == room.id).values(is_active=is_active))


def archive(*, actor: Person, room_id: int) -> None:
    """Put the room of a deal away, until somebody says something in it or the actor opens it again."""
    with unit_of_work() as unit:
        _lock_deal_room(unit, person_id=actor.id, room_id=room_id)
        mine = (Membership.room_id == room_id) & (Membership.person_id == actor.id)
        unit.session.execute(update(Membership).where(mine).values(archived_at=clock.now()))


def forget_subject(subject: str) -> None:
    """Let every room about something that is no more be about nothing; what was said in it stays."""
    with unit_of_work() as unit:
        unit.session.execute(update(Room).where(Room.subject == subject).values(subject=None))


def _lock_deal_room(unit: UnitOfWork, *, person_id: int, room_id: int) -> LockedRoom:
    room = lock_room(unit, person_id=person_id, room_id=room_id)
    if room.kind != RoomKind.DEAL:
        raise RoomNotFound
    return room
