"""What may change about a message: the words of its sender, and how people react to it."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.accounts.public import Person
from marketplace.domains.messaging import queries, rules
from marketplace.domains.messaging.errors import MessageNotFound, NotYoursToEdit
from marketplace.domains.messaging.events import MessageEdited, ReactionChanged
from marketplace.domains.messaging.models import MessageRow, ReactionRow
from marketplace.domains.messaging.types import Message, MessageKind
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import UnitOfWork, unit_of_work


def edit(*, actor: Person, room_id: int, message_id: int, body: str) -> Message:
    """Write one's own words anew; everybody sees that they were."""
    with unit_of_work() as unit:
        queries.require_member(person_id=actor.id, room_id=room_id)
        message = unit.session.scalar(
            select(MessageRow)
            .where(MessageRow.id == message_id, MessageRow.room_id == room_id)
            .with_for_update(key_share=True)
        )
        if message is None:
            raise MessageNotFound
        if message.sender_id != actor.id or message.kind != MessageKind.TEXT:
            raise NotYoursToEdit
        message.body, message.edited_at = body, clock.now()
        unit.record(MessageEdited(room_id=room_id, message_id=message_id))
        return queries.get_message(message_id)


def react(*, actor: Person, room_id: int, message_id: int, emoji: str | None) -> Message:
    """React to a message with one emoji instead of any other, or with `None` no longer."""
    if emoji is not None:
        rules.check_emoji(emoji)
    with unit_of_work() as unit:
        queries.require_member(person_id=actor.id, room_id=room_id)
        if queries.get_message(message_id).room_id != room_id:
            raise MessageNotFound
        if _change_reaction(unit, message_id, actor.id, emoji):
            unit.record(ReactionChanged(room_id=room_id, message_id=message_id, person_id=actor.id))
        return queries.get_message(message_id)


def _change_reaction(unit: UnitOfWork, message_id: int, person_id: int, emoji: str | None) -> bool:
    """Whether that changed anything; the database lets one after the other do it."""
    mine = (ReactionRow.message_id == message_id) & (ReactionRow.person_id == person_id)
    if emoji is None:
        gone = delete(ReactionRow).where(mine).returning(ReactionRow.message_id)
        return unit.session.scalar(gone) is not None
    added = insert(ReactionRow).values(message_id=message_id, person_id=person_id, emoji=emoji)
    replaced = added.on_conflict_do_update(
        index_elements=["message_id", "person_id"], set_={"emoji": emoji}, where=ReactionRow.emoji != emoji
    )
    return unit.session.scalar(replaced.returning(ReactionRow.message_id)) is not None
