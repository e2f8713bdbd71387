"""How notifications refuses."""

from marketplace.kernel.errors import Invalid, NotFound


class NotificationNotFound(NotFound):
    """Not found."""

    code = "notification_not_found"


class AlwaysOn(Invalid):
    """Notifications about money cannot be switched off."""

    code = "always_on"
