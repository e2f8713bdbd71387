"""Rooms under a lock: what is said, closed and put away in one happens one after the other."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from marketplace.domains.messaging.errors import RoomNotFound
from marketplace.domains.messaging.models import Membership, Room
from marketplace.kernel.statements import Statement
from marketplace.kernel.unit_of_work import UnitOfWork

_ROOM = Statement(
    select(Room.id, Room.kind, Room.is_active).where(Room.id == bindparam("room_id")).with_for_update()
)
_STANDING = Statement(
    select(Membership.archived_at).where(
        Membership.room_id == bindparam("room_id"), Membership.person_id == bindparam("person_id")
    )
)


class LockedRoom(NamedTuple):
    """What is known of a room under its lock."""

    id: int
    kind: str
    is_active: bool


def lock_room(unit: UnitOfWork, *, person_id: int, room_id: int, put_away: bool = False) -> LockedRoom:
    """A room of somebody's, in which nobody overtakes them until this unit ends.

    What they have put away is not there for them, unless the house speaks on their behalf.
    """
    room = unit.run(_ROOM, room_id=room_id).fetchone()
    # Asked for apart: a row that is joined to the one that is waited for is read as it was before.
    standing = unit.run(_STANDING, room_id=room_id, person_id=person_id).fetchone()
    if room is None or standing is None or (standing[0] is not None and not put_away):
        raise RoomNotFound
    return LockedRoom(*room)
