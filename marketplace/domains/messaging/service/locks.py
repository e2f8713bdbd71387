"""Rooms under a lock: what is said, closed and put away in one happens one after the other."""

from sqlalchemy import select

from marketplace.domains.messaging.errors import RoomNotFound
from marketplace.domains.messaging.models import Membership, Room
from marketplace.kernel.unit_of_work import UnitOfWork


def lock_room(unit: UnitOfWork, *, person_id: int, room_id: int, put_away: bool = False) -> Room:
    """A room of somebody's, whom nobody overtakes in it until this unit ends.

    What they have put away is not there for them, unless the house speaks on their behalf.
    """
    query = (
        select(Room)
        .join(Membership, Membership.room_id == Room.id)
        .where(Room.id == room_id, Membership.person_id == person_id)
        .with_for_update(of=Room)
        .execution_options(populate_existing=True)
    )
    if not put_away:
        query = query.where(Membership.archived_at.is_(None))
    room = unit.session.scalar(query)
    if room is None:
        raise RoomNotFound
    return room
