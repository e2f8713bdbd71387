"""Rooms under a lock: what is said, closed and put away in one happens one after the other."""

from sqlalchemy import select

from marketplace.domains.messaging.errors import RoomNotFound
from marketplace.domains.messaging.models import Membership, Room
from marketplace.kernel.unit_of_work import UnitOfWork


def lock_room(unit: UnitOfWork, *, person_id: int, room_id: int, put_away: bool = False) -> Room:
    """A room of somebody's, in which nobody overtakes them until this unit ends.

    What they have put away is not there for them, unless the house speaks on their behalf.
    """
    room = unit.session.get(Room, room_id, with_for_update=True, populate_existing=True)
    # Asked for apart: a row that is joined to the one that is waited for is read as it was before.
    mine = select(Membership.archived_at).where(
        Membership.room_id == room_id, Membership.person_id == person_id
    )
    standing = unit.session.execute(mine).one_or_none()
    if room is None or standing is None or (standing.archived_at is not None and not put_away):
        raise RoomNotFound
    return room
