"""What messaging reads."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, ScalarSelect, Select, bindparam, exists, func, select, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Brief
from marketplace.domains.files import public as files
from marketplace.domains.files.public import File
from marketplace.domains.messaging.errors import MessageNotFound, RoomNotFound
from marketplace.domains.messaging.models import Membership, MessageRow, ReactionRow, Room
from marketplace.domains.messaging.types import (
    Conversation,
    Message,
    MessageKind,
    RoomKind,
    Statistics,
    Unread,
    in_words,
)
from marketplace.kernel.kept import Once
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import ANY_OF_IDS, Row, Statement

MOST_MISSED = 500
OF_TWO = (RoomKind.DIRECT, RoomKind.DEAL)

_mine = aliased(Membership, name="mine")
_theirs = aliased(Membership, name="theirs")


def _is_read() -> ColumnElement[bool]:
    behind = aliased(Membership)
    return ~exists().where(
        behind.room_id == MessageRow.room_id,
        behind.person_id != MessageRow.sender_id,
        behind.last_read_seq < MessageRow.seq,
    )


def _unread_count() -> ScalarSelect[int]:
    received = aliased(MessageRow)
    return (
        select(func.count())
        .select_from(received)
        .where(
            received.room_id == _mine.room_id,
            received.seq > _mine.last_read_seq,
            received.sender_id != _mine.person_id,
        )
        .correlate(_mine)
        .scalar_subquery()
    )


def _reactions() -> ScalarSelect[Any]:
    counted = (
        select(ReactionRow.emoji, func.count().label("people"))
        .where(ReactionRow.message_id == MessageRow.id)
        .group_by(ReactionRow.emoji)
        .correlate(MessageRow)
        .subquery()
    )
    return select(func.jsonb_object_agg(counted.c.emoji, counted.c.people)).scalar_subquery()


_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "id": MessageRow.id.expression,
    "room_id": MessageRow.room_id.expression,
    "seq": MessageRow.seq.expression,
    "sender_id": MessageRow.sender_id.expression,
    "kind": MessageRow.kind.expression,
    "body": MessageRow.body.expression,
    "file_id": MessageRow.file_id.expression,
    "about": MessageRow.about.expression,
    "reactions": _reactions(),
    "is_read": _is_read(),
    "created_at": MessageRow.created_at.expression,
    "edited_at": MessageRow.edited_at.expression,
}
_LAST = "last_"
_MESSAGE = select(*(column.label(name) for name, column in _COLUMNS.items()))
_brief = accounts.BRIEFS.c
_WITH_SENDER = (
    _MESSAGE.add_columns(_brief.id, _brief.username, _brief.first_name, _brief.last_name, _brief.avatar)
    .join(accounts.BRIEFS, _brief.id == MessageRow.sender_id)
    .order_by(MessageRow.id)
)
_FOUND = Statement(_WITH_SENDER.where(MessageRow.id == ANY_OF_IDS))
# The end of a statement that has written rows and calls them `messages`; answers what `messages_of` reads.
SELECT_MESSAGES = str(_WITH_SENDER.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]  # SQLAlchemy left it untyped
_LAST_SEQ = Statement(
    select(Room.last_seq)
    .join(Membership, Membership.room_id == Room.id)
    .where(
        Room.id == bindparam("room_id"),
        Membership.person_id == bindparam("person_id"),
        Membership.archived_at.is_(None),
    )
)
_MEMBERS = Statement(select(Membership.room_id, Membership.person_id).where(Membership.room_id == ANY_OF_IDS))
_YET_TO_READ = Statement(
    select(
        Membership.person_id,
        Membership.last_read_seq,
        MessageRow.id,
        MessageRow.room_id,
        MessageRow.sender_id,
        MessageRow.body,
        MessageRow.file_id,
    )
    .join(MessageRow, MessageRow.room_id == Membership.room_id)
    .where(
        MessageRow.id == ANY_OF_IDS,
        Membership.person_id != MessageRow.sender_id,
        Membership.last_read_seq < MessageRow.seq,
    )
    .order_by(MessageRow.id, Membership.person_id)
)
_ACTIVE_AT = func.coalesce(Room.last_message_at, Room.created_at)
_CONVERSATION = (
    select(
        Room.id,
        Room.subject,
        Room.is_active,
        Room.created_at,
        _ACTIVE_AT.label("updated_at"),
        _theirs.person_id.label("other_id"),
        _unread_count().label("unread_count"),
        *(column.label(f"{_LAST}{name}") for name, column in _COLUMNS.items()),
    )
    .join(_mine, _mine.room_id == Room.id)
    .join(_theirs, (_theirs.room_id == Room.id) & (_theirs.person_id != _mine.person_id))
    .outerjoin(MessageRow, (MessageRow.room_id == Room.id) & (MessageRow.seq == Room.last_seq))
    .where(Room.kind.in_(OF_TWO), _mine.archived_at.is_(None))
)
_OF_DEAL = _CONVERSATION.where(Room.kind == RoomKind.DEAL)


def require_member(*, person_id: int, room_id: int) -> int:
    """The last `seq` of a room; refuses who is no member or has put it away, as if there were no room."""
    last: int | None = _LAST_SEQ.scalar(room_id=room_id, person_id=person_id)
    if last is None:
        raise RoomNotFound
    return last


def members_of(room_id: int) -> frozenset[int]:
    """Who is in a room."""
    return members_of_each([room_id]).get(room_id, frozenset())


def members_of_each(room_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Who is in each of these rooms, in one query."""
    found: dict[int, set[int]] = {}
    for room_id, person_id in _MEMBERS.all(ids=list(room_ids)):
        found.setdefault(room_id, set()).add(person_id)
    return {room_id: frozenset(people) for room_id, people in found.items()}


def list_messages(*, person_id: int, room_id: int, request: PageRequest) -> Page[Message]:
    """A page of a room, the newest first page first, from old to new inside."""
    total = require_member(person_id=person_id, room_id=room_id)
    newest = total - request.offset
    within = MessageRow.seq.between(newest - request.size + 1, newest)
    return Page(items=_messages(_in_order(room_id).where(within)), total=total, request=request)


def missed(*, person_id: int, room_id: int, after_seq: int) -> Sequence[Message]:
    """What a room said after a `seq`, from old to new: at most 500, so ask again from the last."""
    require_member(person_id=person_id, room_id=room_id)
    return _messages(_in_order(room_id).where(MessageRow.seq > after_seq).limit(MOST_MISSED))


@Once
def get_message(message_id: int) -> Message:
    """A message by id, for who reacts to a fact: nobody is asked whether they may read it."""
    found = find_messages([message_id])
    if not found:
        raise MessageNotFound
    return found[0]


def find_messages(message_ids: Collection[int]) -> list[Message]:
    """The same for several, by id; those that are not there are left out."""
    with reading(plans_once=True):
        return messages_of(_FOUND.all(ids=list(message_ids)))


def messages_of(rows: Sequence[Row]) -> list[Message]:
    """The messages of rows with their senders."""
    found = [
        (dict(zip(_COLUMNS, row, strict=False)), accounts.brief_of(row[len(_COLUMNS) :])) for row in rows
    ]
    shown = files.find_files({values["file_id"] for values, _ in found if values["file_id"]})
    return [_message(values, {sender.id: sender}, shown) for values, sender in found]


def list_about(references: Collection[str]) -> Sequence[Message]:
    """What rooms were told about these things, such as `contract:9`, from old to new."""
    return _messages(_MESSAGE.where(MessageRow.about.in_(references)).order_by(MessageRow.id))


def find_sent(*, room_id: int, sender_id: int, client_msg_id: str) -> int | None:
    """The id of what a sender has sent under a name of their own."""
    query = select(MessageRow.id).where(
        MessageRow.room_id == room_id,
        MessageRow.sender_id == sender_id,
        MessageRow.client_msg_id == client_msg_id,
    )
    with reading() as connection:
        return connection.scalar(query)


def list_conversations(*, person_id: int, request: PageRequest) -> Page[Conversation]:
    """A page of somebody's conversations, the latest activity first."""
    of_mine = (
        select(func.count())
        .select_from(Membership)
        .join(Room, Room.id == Membership.room_id)
        .where(
            Membership.person_id == person_id,
            Membership.archived_at.is_(None),
            Room.kind.in_(OF_TWO),
        )
    )
    query = (
        _CONVERSATION.where(_mine.person_id == person_id)
        .order_by(_ACTIVE_AT.desc(), Room.id.desc())
        .limit(request.size)
        .offset(request.offset)
    )
    with reading() as connection:
        total = connection.scalar(of_mine) or 0
    return Page(items=_conversations(query, person_id), total=total, request=request)


def get_conversation(*, person_id: int, room_id: int) -> Conversation:
    """A conversation as one of the two sees it; refuses everybody else."""
    found = _conversations(_CONVERSATION.where(_mine.person_id == person_id, Room.id == room_id), person_id)
    if not found:
        raise RoomNotFound
    return found[0]


def list_deal_conversations(*, person_id: int) -> Sequence[Conversation]:
    """All of somebody's conversations about deals, the latest activity first."""
    query = _OF_DEAL.where(_mine.person_id == person_id).order_by(_ACTIVE_AT.desc(), Room.id.desc())
    return _conversations(query, person_id)


def get_deal_conversation(*, person_id: int, room_id: int) -> Conversation:
    """A conversation about a deal as one of the two sees it; refuses everybody else, and other rooms."""
    found = _conversations(_OF_DEAL.where(_mine.person_id == person_id, Room.id == room_id), person_id)
    if not found:
        raise RoomNotFound
    return found[0]


def deal_rooms(subjects: Collection[str]) -> Mapping[str, int]:
    """The ids of the rooms of these deals, where there is one."""
    query = select(Room.subject, Room.id).where(Room.kind == RoomKind.DEAL, Room.subject.in_(subjects))
    with reading() as connection:
        return {str(row.subject): row.id for row in connection.execute(query)}


def has_deal_room(subject: str) -> bool:
    """Whether the two sides of a deal have a room already."""
    query = select(exists().where(Room.kind == RoomKind.DEAL, Room.subject == subject))
    with reading() as connection:
        return bool(connection.scalar(query))


def yet_to_read(message_ids: Collection[int]) -> list[Unread]:
    """Who has yet to read each of these messages, by message; never its sender."""
    with reading(plans_once=True):
        rows = _YET_TO_READ.all(ids=list(message_ids))
        named = files.find_files({row[-1] for row in rows if not row[-2]})
    return [
        Unread(
            person_id=person_id,
            last_read_seq=last_read_seq,
            message_id=message_id,
            room_id=room_id,
            sender_id=sender_id,
            in_words=in_words(body, named.get(file_id)),
        )
        for person_id, last_read_seq, message_id, room_id, sender_id, body, file_id in rows
    ]


def statistics(*, person_id: int) -> Statistics:
    """The figures of somebody's conversations."""
    mine = (
        select(_mine.room_id, _unread_count().label("unread"))
        .join(Room, Room.id == _mine.room_id)
        .where(_mine.person_id == person_id, _mine.archived_at.is_(None), Room.kind.in_(OF_TWO))
        .cte("conversations")
    )
    is_sent = MessageRow.sender_id == person_id
    said = (
        select(
            func.count().filter(is_sent).label("sent"),
            func.count().filter(~is_sent).label("received"),
        )
        .select_from(mine)
        .join(MessageRow, MessageRow.room_id == mine.c.room_id)
        .subquery("said")
    )
    figures = select(
        func.count().label("total"),
        func.count().filter(mine.c.unread > 0).label("unread_rooms"),
        func.coalesce(func.sum(mine.c.unread), 0).label("unread"),
    ).subquery("figures")
    with reading() as connection:
        row = connection.execute(select(figures, said).join(said, true())).one()
    return Statistics(
        total_conversations=row.total,
        unread_conversations=row.unread_rooms,
        unread_messages=int(row.unread),
        messages_sent=row.sent,
        messages_received=row.received,
    )


def _in_order(room_id: int) -> Select[*tuple[Any, ...]]:
    return _MESSAGE.where(MessageRow.room_id == room_id).order_by(MessageRow.seq)


def _messages(query: Select[*tuple[Any, ...]]) -> list[Message]:
    with reading() as connection:
        rows = connection.execute(query).mappings().all()
    senders = accounts.briefs({row["sender_id"] for row in rows})
    shown = files.find_files({row["file_id"] for row in rows if row["file_id"]})
    return [_message(row, senders, shown) for row in rows]


def _message(row: Mapping[Any, Any], senders: Mapping[int, Brief], shown: Mapping[int, File]) -> Message:
    values = dict(row)
    sender, file_id = senders[values.pop("sender_id")], values.pop("file_id")
    values |= {"kind": MessageKind(values["kind"]), "reactions": values["reactions"] or {}}
    return Message(**values, sender=sender, file=shown[file_id] if file_id else None)


def _conversations(query: Select[*tuple[Any, ...]], person_id: int) -> list[Conversation]:
    with reading() as connection:
        rows = connection.execute(query).mappings().all()
    people = accounts.briefs({person_id, *(row["other_id"] for row in rows)} if rows else ())
    shown = files.find_files({row[f"{_LAST}file_id"] for row in rows if row[f"{_LAST}file_id"]})
    return [_conversation(row, people, shown, person_id) for row in rows]


def _conversation(
    row: RowMapping, people: Mapping[int, Brief], shown: Mapping[int, File], person_id: int
) -> Conversation:
    low, high = sorted((person_id, row["other_id"]))
    last = {name: row[f"{_LAST}{name}"] for name in _COLUMNS}
    return Conversation(
        id=row["id"],
        subject=row["subject"],
        is_active=row["is_active"],
        participants=(people[low], people[high]),
        other=people[row["other_id"]],
        last_message=_message(last, people, shown) if last["id"] else None,
        unread_count=row["unread_count"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def find_gaps() -> list[str]:
    """Rooms whose messages are not numbered from one to the last without a gap, in sentences."""
    counted = select(
        MessageRow.room_id, func.count().label("messages"), func.max(MessageRow.seq).label("last")
    ).group_by(MessageRow.room_id)
    numbers = counted.subquery()
    said, last = func.coalesce(numbers.c.messages, 0), func.coalesce(numbers.c.last, 0)
    query = (
        select(Room.id, Room.last_seq, said)
        .outerjoin(numbers, numbers.c.room_id == Room.id)
        .where((Room.last_seq != said) | (Room.last_seq != last))
    )
    with reading() as connection:
        return [
            f"room {row[0]} says {row[1]} messages, there are {row[2]}" for row in connection.execute(query)
        ]
