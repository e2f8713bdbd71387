"""Notifications as MultiTask shows them, over HTTP and on its socket."""

from typing import Annotated, Any, Literal, get_args

import msgspec
from marshmallow import fields, post_load

from marketplace.api.fields import Choice, Flag
from marketplace.api.multitask.dialect import Id, Input, Query, Timestamp, timestamp
from marketplace.domains.notifications.public import Changes, Filter, Notification, Preferences, Type

NotificationType = Literal[
    "new_application",
    "application_accepted",
    "application_rejected",
    "task_completed",
    "task_cancelled",
    "new_message",
    "review_received",
    "payment_held",
    "payment_released",
    "payment_refunded",
    "withdrawal_completed",
    "withdrawal_failed",
    "system",
]
# The types that MultiTask's documents know; what else somebody is told of is called by the last of them.
DOCUMENTED: tuple[NotificationType, ...] = get_args(NotificationType)
OTHER = DOCUMENTED[-1]
Count = Annotated[int, msgspec.Meta(examples=[0])]


class NotificationOut(msgspec.Struct, kw_only=True, frozen=True):
    """Something that a person was told; `data` holds the ids of what it is about."""

    id: Id
    title: Annotated[str, msgspec.Meta(examples=["New message"])]
    message: Annotated[str, msgspec.Meta(examples=["Sara Haddad: Draft uploaded."])]
    notification_type: NotificationType
    is_read: bool
    created_at: Timestamp
    data: Annotated[dict[str, int], msgspec.Meta(examples=[{"conversation_id": 42}])]

    @classmethod
    def of(cls, notification: Notification) -> "NotificationOut":
        """A notification."""
        return cls(
            id=notification.id,
            title=notification.title,
            message=notification.message,
            notification_type=_called(notification.type),
            is_read=notification.is_read,
            created_at=timestamp(notification.created_at),
            data=notification.data,
        )


class UnreadCount(msgspec.Struct, kw_only=True, frozen=True):
    """How many notifications are unread, under two names."""

    unread_count: Count
    count: Count


class AllRead(msgspec.Struct, kw_only=True, frozen=True):
    """How many notifications were marked as read, and how many are left."""

    marked_read: Count
    unread_count: Count


class Cleared(msgspec.Struct, kw_only=True, frozen=True):
    """How many notifications were deleted."""

    deleted: Count


class PreferencesOut(msgspec.Struct, kw_only=True, frozen=True):
    """What a person wants to hear, and by which ways beside the inbox."""

    email_notifications: bool
    push_notifications: bool
    new_application: bool
    application_accepted: bool
    application_rejected: bool
    task_completed: bool
    task_cancelled: bool
    new_message: bool
    review_received: bool
    payment_held: bool
    payment_released: bool
    payment_refunded: bool
    withdrawal_completed: bool
    withdrawal_failed: bool
    system: bool

    @classmethod
    def of(cls, preferences: Preferences) -> "PreferencesOut":
        """Somebody's preferences."""
        wanted = {name: Type(name) not in preferences.muted for name in DOCUMENTED}
        return cls(email_notifications=preferences.mail, push_notifications=preferences.push, **wanted)


def notification_frame(notification: Notification) -> dict[str, Any]:
    """The frame that tells a person's sockets of a notification."""
    return {"type": "new_notification", "notification": msgspec.to_builtins(NotificationOut.of(notification))}


class FilterIn(Query):
    """Which notifications are asked for; the type goes by either of two names."""

    is_read = fields.Boolean(metadata={"description": "Only read (`true`) or unread (`false`) ones"})
    type = Choice(DOCUMENTED)
    notification_type = Choice(DOCUMENTED)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Filter:
        """The filter that the domain knows."""
        name = data.get("type") or data.get("notification_type")
        types = frozenset(kind for kind in Type if name in {None, _called(kind)})
        return Filter(is_read=data.get("is_read"), types=types)


class _Ways(Input):
    email_notifications = Flag()
    push_notifications = Flag()

    @post_load
    def make(self, data: dict[str, bool], **_: object) -> Changes:
        """The changes that the domain knows."""
        mail, push = data.pop("email_notifications", None), data.pop("push_notifications", None)
        return Changes(mail=mail, push=push, types={Type(kind): wanted for kind, wanted in data.items()})


PreferencesIn = _Ways.from_dict({name: Flag() for name in DOCUMENTED}, name="PreferencesIn")


def _called(kind: Type) -> NotificationType:
    return next((name for name in DOCUMENTED if name == kind), OTHER)
