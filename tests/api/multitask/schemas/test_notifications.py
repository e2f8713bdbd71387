from datetime import UTC, datetime
from typing import get_args

from marketplace.api.multitask.schemas.notifications import (
    NotificationType,
    PreferencesOut,
    notification_frame,
)
from marketplace.domains.notifications.public import Notification, Preferences, Type


def test_a_frame_is_as_documented():
    notification = Notification(
        id=1,
        person_id=3,
        type=Type.NEW_MESSAGE,
        title="New message",
        message="sara: hello",
        data={"conversation_id": 99},
        is_read=False,
        created_at=datetime(2026, 2, 10, 16, 32, 0, 123456, tzinfo=UTC),
    )
    assert notification_frame(notification) == {
        "type": "new_notification",
        "notification": {
            "id": 1,
            "title": "New message",
            "message": "sara: hello",
            "notification_type": "new_message",
            "is_read": False,
            "created_at": "2026-02-10T16:32:00Z",
            "data": {"conversation_id": 99},
        },
    }


def test_the_face_knows_its_documents_types_and_no_others():
    unknown = {"new_order", "order_accepted", "order_rejected", "order_cancelled"}
    assert set(get_args(NotificationType)) | unknown == {kind.value for kind in Type}
    assert PreferencesOut.of(Preferences(muted=frozenset({Type.SYSTEM}))).system is False
