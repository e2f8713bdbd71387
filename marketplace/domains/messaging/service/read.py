"""Reading: how far somebody has read only ever goes forward."""

from collections.abc import Collection

from sqlalchemy import func, select, update

from marketplace.domains.accounts.public import Person
from marketplace.domains.messaging import queries
from marketplace.domains.messaging.errors import RoomNotFound
from marketplace.domains.messaging.models import Membership, MessageRow
from marketplace.domains.messaging.types import Message
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.unit_of_work import unit_of_work


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


def read_messages(*, actor: Person, room_id: int, request: PageRequest) -> Page[Message]:
    """A page of a room as `list_messages` has it; who has seen the first has read the room so far."""
    page = queries.list_messages(person_id=actor.id, room_id=room_id, request=request)
    if page.items and request.number == 1:
        mark_heard(room_id=room_id, seq=page.items[-1].seq, person_ids=[actor.id])
    return page


def mark_heard(*, room_id: int, seq: int, person_ids: Collection[int]) -> None:
    """Let people have read a room up to a message that reached them."""
    behind = (
        (Membership.room_id == room_id)
        & Membership.person_id.in_(person_ids)
        & (Membership.last_read_seq < seq)
    )
    with unit_of_work() as unit:
        unit.session.execute(update(Membership).where(behind).values(last_read_seq=seq))
