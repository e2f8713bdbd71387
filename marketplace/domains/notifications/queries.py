"""What notifications reads."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, true

from marketplace.domains.accounts import public as accounts
from marketplace.domains.notifications.errors import NotificationNotFound
from marketplace.domains.notifications.models import NotificationRow, PreferencesRow
from marketplace.domains.notifications.types import Filter, Notification, Preferences, Type
from marketplace.kernel.pages import Page, PageRequest
from marketplace.kernel.reading import reading
from marketplace.kernel.statements import ANY_OF_IDS, Statement

_COLUMNS = (
    NotificationRow.id,
    NotificationRow.person_id,
    NotificationRow.type,
    NotificationRow.title,
    NotificationRow.message,
    NotificationRow.data,
    NotificationRow.read_at.is_not(None).label("is_read"),
    NotificationRow.created_at,
)
_NAMES = [column.key for column in _COLUMNS]
# With whoever did what it tells of, where somebody did.
_ACTOR = accounts.BRIEFS.c
_NOTIFICATION = select(*_COLUMNS, *_ACTOR).outerjoin(accounts.BRIEFS, _ACTOR.id == NotificationRow.actor_id)
_BY_ID = _NOTIFICATION.where(NotificationRow.id == bindparam("notification_id"))
_ONE = Statement(_BY_ID)
_PUSHED = Statement(
    _NOTIFICATION.outerjoin(PreferencesRow, PreferencesRow.person_id == NotificationRow.person_id)
    .where(NotificationRow.id == ANY_OF_IDS, func.coalesce(PreferencesRow.push, true()))
    .order_by(NotificationRow.id)
)
_PREFERENCES = Statement(
    select(PreferencesRow.mail, PreferencesRow.push, PreferencesRow.muted).where(
        PreferencesRow.person_id == bindparam("person_id")
    )
)


def list_notifications(*, person_id: int, wanted: Filter, request: PageRequest) -> Page[Notification]:
    """A page of somebody's inbox, the newest first."""
    conditions = _matching(person_id, wanted)
    query = (
        _NOTIFICATION.where(*conditions)
        .order_by(NotificationRow.created_at.desc(), NotificationRow.id.desc())
        .limit(request.size)
        .offset(request.offset)
    )
    with reading() as connection:
        total = connection.scalar(select(func.count()).select_from(NotificationRow).where(*conditions)) or 0
        rows = connection.execute(query).all()
    return Page(items=[_notification(row) for row in rows], total=total, request=request)


def count_unread(*, person_id: int) -> int:
    """How many notifications somebody has not read."""
    unread = _matching(person_id, Filter(is_read=False))
    with reading() as connection:
        return connection.scalar(select(func.count()).select_from(NotificationRow).where(*unread)) or 0


def find_notification(notification_id: int) -> Notification | None:
    """A notification by id, for who reacts to a fact, or `None` once it is deleted."""
    row = _ONE.first(notification_id=notification_id)
    return None if row is None else _notification(row)


def get_notification(*, person_id: int, notification_id: int) -> Notification:
    """A notification of somebody's own; refuses those of others as if they were not there."""
    notification = find_notification(notification_id)
    if notification is None or notification.person_id != person_id:
        raise NotificationNotFound
    return notification


def find_pushed(notification_ids: Collection[int]) -> list[Notification]:
    """Those of these to push: that are not deleted, and whose person wants them pushed."""
    return [_notification(row) for row in _PUSHED.all(ids=list(notification_ids))]


def get_preferences(*, person_id: int) -> Preferences:
    """What somebody wants to hear: everything, until they say otherwise."""
    row = _PREFERENCES.first(person_id=person_id)
    if row is None:
        return Preferences()
    mail, push, muted = row
    return Preferences(mail=mail, push=push, muted=frozenset(map(Type, muted)))


def _matching(person_id: int, wanted: Filter) -> list[ColumnElement[bool]]:
    conditions = [NotificationRow.person_id == person_id]
    if wanted.is_read is not None:
        read_at = NotificationRow.read_at
        conditions.append(read_at.is_not(None) if wanted.is_read else read_at.is_(None))
    if wanted.types != frozenset(Type):
        conditions.append(NotificationRow.type.in_(wanted.types))
    return conditions


def _notification(row: Sequence[Any]) -> Notification:
    values = dict(zip(_NAMES, row, strict=False))
    actor = row[len(_NAMES) :]
    if actor[0] is not None:
        values["message"] = f"{accounts.brief_of(actor).called}{values['message']}"
    return Notification(**{**values, "type": Type(values["type"])})
