"""What happens in notifications."""

from dataclasses import dataclass

from marketplace.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class NotificationCreated(Fact):
    """Somebody's inbox has something new."""

    notification_id: int
    person_id: int
