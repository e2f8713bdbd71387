"""Saying plain words, in one transaction with whoever says something at the same time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from marketplace.domains.messaging import queries
from marketplace.domains.messaging.errors import RoomClosed, RoomNotFound
from marketplace.domains.messaging.events import MessageSent
from marketplace.domains.messaging.types import Message, MessageKind
from marketplace.kernel.clock import clock
from marketplace.kernel.combining import CombinedCommand
from marketplace.kernel.kept import one_moment
from marketplace.kernel.statements import Statement, as_rows
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work

_ROOMS = Statement(
    text("""
        SELECT id, is_active FROM rooms WHERE id = ANY (CAST(:rooms AS bigint[])) ORDER BY id FOR UPDATE
    """)
)
_MEMBERS = Statement(
    text("""
        SELECT m.room_id, m.person_id
        FROM json_to_recordset(CAST(:asked AS json)) AS asked (room_id bigint, person_id bigint)
        JOIN memberships m USING (room_id, person_id) WHERE m.archived_at IS NULL
    """)
)
_SAY = Statement(
    text(f"""
        WITH said AS (
            SELECT *, row_number() OVER (PARTITION BY room_id ORDER BY place) AS nth
            FROM json_to_recordset(CAST(:said AS json))
                AS said (place int, room_id bigint, sender_id bigint, body text)
        ), counted AS (
            UPDATE rooms SET last_seq = last_seq + more.messages, last_message_at = :now
            FROM (SELECT room_id, count(*) AS messages FROM said GROUP BY room_id) AS more
            WHERE rooms.id = more.room_id RETURNING rooms.id, last_seq - more.messages AS before
        ), taken_out AS (
            UPDATE memberships SET archived_at = NULL
            WHERE room_id = ANY (CAST(:rooms AS bigint[])) AND archived_at IS NOT NULL
        ), messages AS (
            INSERT INTO messages (room_id, seq, sender_id, kind, body, created_at)
            SELECT said.room_id, counted.before + said.nth, said.sender_id, :kind, said.body, :now
            FROM said JOIN counted ON counted.id = said.room_id ORDER BY said.place
            RETURNING *
        )
        {queries.SELECT_MESSAGES}
    """)  # noqa: S608 - a constant of messaging
)


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What somebody says in a room."""

    sender_id: int
    room_id: int
    body: str


def _say_together(sayings: Sequence[Saying]) -> Sequence[Message | Exception]:
    """Say all that may be said; who may not say theirs is refused, and holds up nobody."""
    with one_moment(), unit_of_work(plans_once=True) as unit:
        refusals = _refusals(unit, sayings)
        accepted = [saying for saying in sayings if saying not in refusals]
        messages = iter(_say(unit, accepted) if accepted else ())
        return [refusals.get(saying) or next(messages) for saying in sayings]


def _refusals(unit: UnitOfWork, sayings: Sequence[Saying]) -> Mapping[Saying, Exception]:
    """Who may not say theirs, and why; the rooms are locked in the order of their ids."""
    rooms = [saying.room_id for saying in sayings]
    is_active: dict[int, bool] = dict(unit.run(_ROOMS, rooms=list(set(rooms))).fetchall())
    # Asked for after the lock: a row that is joined to the one that is waited for is read as it was before.
    asked = as_rows([{"room_id": saying.room_id, "person_id": saying.sender_id} for saying in sayings])
    members = set(unit.run(_MEMBERS, asked=asked).fetchall())
    refused: dict[Saying, Exception] = {}
    for saying in sayings:
        if (saying.room_id, saying.sender_id) not in members:
            refused[saying] = RoomNotFound()
        elif not is_active[saying.room_id]:
            refused[saying] = RoomClosed()
    return refused


def _say(unit: UnitOfWork, sayings: Sequence[Saying]) -> list[Message]:
    rows = unit.run(
        _SAY,
        rooms=[saying.room_id for saying in sayings],
        said=as_rows(
            [
                {
                    "place": place,
                    "room_id": saying.room_id,
                    "sender_id": saying.sender_id,
                    "body": saying.body,
                }
                for place, saying in enumerate(sayings)
            ]
        ),
        kind=str(MessageKind.TEXT),
        now=clock.now(),
    ).fetchall()
    messages = queries.messages_of(rows)
    unit.record(
        *(
            MessageSent(
                room_id=message.room_id,
                message_id=message.id,
                seq=message.seq,
                sender_id=message.sender.id,
            )
            for message in messages
        )
    )
    for message in messages:
        queries.get_message.learn(message, message.id)
    return messages


say_together = CombinedCommand(_say_together)
