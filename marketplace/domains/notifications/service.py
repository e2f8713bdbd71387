"""The commands of notifications: telling, reading, clearing, preferring."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, text, update
from sqlalchemy.dialects.postgresql import insert

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.notifications import queries, rules
from marketplace.domains.notifications.errors import NotificationNotFound
from marketplace.domains.notifications.events import NotificationCreated
from marketplace.domains.notifications.models import NotificationRow, PreferencesRow
from marketplace.domains.notifications.types import Changes, Notification, Preferences, Type
from marketplace.kernel.clock import clock
from marketplace.kernel.statements import Statement, as_rows
from marketplace.kernel.unit_of_work import unit_of_work

# Whoever has been told, and whoever wants to hear nothing of the kind, is passed by.
_TELL = Statement(
    text("""
        INSERT INTO notifications (person_id, actor_id, type, title, message, data, dedupe_key, created_at)
        SELECT person_id, actor_id, :type, title, message, data, key, :now
        FROM json_to_recordset(CAST(:told AS json)) AS told
            (place int, person_id bigint, key text, actor_id bigint, title text, message text, data jsonb)
        WHERE NOT EXISTS (
            SELECT FROM notification_preferences p
            WHERE p.person_id = told.person_id AND :type = ANY (p.muted)
        )
        ORDER BY person_id, key, place
        ON CONFLICT (person_id, dedupe_key) DO NOTHING RETURNING id, person_id
    """)
)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What a person is told once a `key`: `words` fill the type's template, `data` has ids it is about."""

    person_id: int
    actor_id: int | None
    key: str
    words: Mapping[str, str]
    data: Mapping[str, int]


def notify(
    kind: Type,
    *,
    person_id: int,
    actor_id: int | None,
    key: str,
    words: Mapping[str, str],
    data: Mapping[str, int],
) -> None:
    """Tell one person of something, as `notify_all` does."""
    notify_all(kind, [Telling(person_id=person_id, actor_id=actor_id, key=key, words=words, data=data)])


def notify_all(kind: Type, tellings: Collection[Telling]) -> None:
    """Tell people of something, unless they did it, do not want to hear of it or have left."""
    template = rules.TEMPLATES[kind]
    with unit_of_work() as unit:
        people = {telling.person_id for telling in tellings if telling.person_id != telling.actor_id}
        there = set(accounts.keep_present(people)) if people else set()
        told = [
            (telling, *template.fill(telling.words))
            for telling in tellings
            if telling.person_id in there and telling.person_id != telling.actor_id
        ]
        if not told:
            return
        created = unit.run(
            _TELL,
            type=str(kind),
            told=as_rows(
                [
                    {
                        "place": place,
                        "person_id": telling.person_id,
                        "key": f"{kind}:{telling.key}",
                        "actor_id": telling.actor_id if template.begins_with_name else None,
                        "title": title,
                        "message": message,
                        "data": telling.data,
                    }
                    for place, (telling, title, message) in enumerate(told)
                ]
            ),
            now=clock.now(),
        )
        unit.record(
            *(
                NotificationCreated(notification_id=notification_id, person_id=person_id)
                for notification_id, person_id in created.fetchall()
            )
        )


def forget(person_ids: Collection[int], *, about: Mapping[str, int]) -> None:
    """Take the ids out of what these people were told about something that is no more; the words stay."""
    with unit_of_work() as unit:
        unit.session.execute(
            update(NotificationRow)
            .where(NotificationRow.person_id.in_(person_ids), NotificationRow.data.contains(dict(about)))
            .values(data={})
        )


def forget_inbox(*, person_id: int) -> None:
    """Delete all that somebody who has left was told, and what they wanted to hear."""
    with unit_of_work() as unit:
        accounts.see_off(person_id)
        unit.session.execute(delete(NotificationRow).where(NotificationRow.person_id == person_id))
        unit.session.execute(delete(PreferencesRow).where(PreferencesRow.person_id == person_id))


def mark_read(*, actor: Person, notification_id: int) -> Notification:
    """Mark one of the actor's notifications as read; once more changes nothing."""
    with unit_of_work() as unit:
        unit.session.execute(
            update(NotificationRow)
            .where(
                NotificationRow.id == notification_id,
                NotificationRow.person_id == actor.id,
                NotificationRow.read_at.is_(None),
            )
            .values(read_at=clock.now())
        )
        return queries.get_notification(person_id=actor.id, notification_id=notification_id)


def mark_all_read(*, actor: Person) -> int:
    """Mark all of the actor's notifications as read; answers how many were unread."""
    with unit_of_work() as unit:
        marked = unit.session.scalars(
            update(NotificationRow)
            .where(NotificationRow.person_id == actor.id, NotificationRow.read_at.is_(None))
            .values(read_at=clock.now())
            .returning(NotificationRow.id)
        )
        return len(marked.all())


def delete_notification(*, actor: Person, notification_id: int) -> None:
    """Delete one of the actor's notifications."""
    with unit_of_work() as unit:
        deleted = unit.session.scalar(
            delete(NotificationRow)
            .where(NotificationRow.id == notification_id, NotificationRow.person_id == actor.id)
            .returning(NotificationRow.id)
        )
        if deleted is None:
            raise NotificationNotFound


def clear_read(*, actor: Person) -> int:
    """Delete what the actor has read, and nothing else; answers how many."""
    with unit_of_work() as unit:
        deleted = unit.session.scalars(
            delete(NotificationRow)
            .where(NotificationRow.person_id == actor.id, NotificationRow.read_at.is_not(None))
            .returning(NotificationRow.id)
        )
        return len(deleted.all())


def change_preferences(*, actor: Person, changes: Changes) -> Preferences:
    """Change what the actor wants to hear; refuses to switch off what is about money."""
    with unit_of_work() as unit:
        unit.session.execute(insert(PreferencesRow).values(person_id=actor.id).on_conflict_do_nothing())
        row = unit.session.get_one(PreferencesRow, actor.id, with_for_update=True)
        changed = rules.change(queries.get_preferences(person_id=actor.id), changes)
        row.mail, row.push, row.muted = changed.mail, changed.push, sorted(changed.muted)
        return changed
