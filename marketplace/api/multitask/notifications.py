"""`/api/notifications/`: one's inbox, and what one wants to hear."""

from marketplace.api.authentication import current_person, signed_in
from marketplace.api.multitask.dialect import blueprint, page_of, page_request
from marketplace.api.multitask.schemas.notifications import (
    AllRead,
    Cleared,
    FilterIn,
    NotificationOut,
    PreferencesIn,
    PreferencesOut,
    UnreadCount,
)
from marketplace.api.paging import InvalidPage, Paged
from marketplace.domains.notifications import public as domain
from marketplace.domains.notifications.errors import AlwaysOn, NotificationNotFound
from marketplace.domains.notifications.public import Changes, Filter
from marketplace.kernel.pages import Page

notifications = blueprint("Notifications", "notifications", "The inbox and its preferences.")


@notifications.get("/")
@signed_in()
@notifications.takes(FilterIn, location="query")
@notifications.answers(200, Paged[NotificationOut])
@notifications.refuses(InvalidPage)
def list_notifications(wanted: Filter) -> Page[NotificationOut]:
    """One's own notifications, the newest first."""
    page = domain.list_notifications(person_id=current_person().id, wanted=wanted, request=page_request())
    return page_of(page, NotificationOut.of)


@notifications.get("/unread-count/")
@signed_in()
@notifications.answers(200, UnreadCount)
def count_unread() -> UnreadCount:
    """How many notifications one has not read."""
    count = domain.count_unread(person_id=current_person().id)
    return UnreadCount(unread_count=count, count=count)


@notifications.post("/<id:notification_id>/read/")
@signed_in()
@notifications.answers(200, NotificationOut)
@notifications.refuses(NotificationNotFound)
def mark_read(notification_id: int) -> NotificationOut:
    """Mark a notification as read; once more changes nothing."""
    return NotificationOut.of(domain.mark_read(actor=current_person(), notification_id=notification_id))


@notifications.post("/mark-all-read/")
@signed_in()
@notifications.answers(200, AllRead)
def mark_all_read() -> AllRead:
    """Mark all notifications as read."""
    return AllRead(marked_read=domain.mark_all_read(actor=current_person()), unread_count=0)


@notifications.delete("/<id:notification_id>/delete/")
@signed_in()
@notifications.answers(204)
@notifications.refuses(NotificationNotFound)
def delete_notification(notification_id: int) -> None:
    """Delete a notification."""
    domain.delete_notification(actor=current_person(), notification_id=notification_id)


@notifications.delete("/clear-all/")
@signed_in()
@notifications.answers(200, Cleared)
def clear_read() -> Cleared:
    """Delete the notifications that one has read, and no others."""
    return Cleared(deleted=domain.clear_read(actor=current_person()))


@notifications.get("/preferences/")
@signed_in()
@notifications.answers(200, PreferencesOut)
def get_preferences() -> PreferencesOut:
    """What one wants to hear."""
    return PreferencesOut.of(domain.get_preferences(person_id=current_person().id))


@notifications.put("/preferences/")
@signed_in()
@notifications.takes(PreferencesIn)
@notifications.answers(200, PreferencesOut)
@notifications.refuses(AlwaysOn)
def change_preferences(changes: Changes) -> PreferencesOut:
    """Change some of what one wants to hear; the rest stays."""
    return PreferencesOut.of(domain.change_preferences(actor=current_person(), changes=changes))
