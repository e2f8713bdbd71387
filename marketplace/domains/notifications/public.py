"""What others may ask of notifications."""

from marketplace.domains.notifications.queries import (
    count_unread,
    find_pushed,
    get_preferences,
    list_notifications,
)
from marketplace.domains.notifications.service import (
    change_preferences,
    clear_read,
    delete_notification,
    mark_all_read,
    mark_read,
)
from marketplace.domains.notifications.types import Changes, Filter, Notification, Preferences, Type

__all__ = [
    "Changes",
    "Filter",
    "Notification",
    "Preferences",
    "Type",
    "change_preferences",
    "clear_read",
    "count_unread",
    "delete_notification",
    "find_pushed",
    "get_preferences",
    "list_notifications",
    "mark_all_read",
    "mark_read",
]
