"""How listings refuses."""

from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class ListingNotFound(NotFound):
    """Not found."""

    code = "listing_not_found"


class NotYourTask(Forbidden):
    """You do not have permission to perform this action."""

    code = "not_your_task"


class NotDeletable(Conflict):
    """A task that is under way cannot be deleted: cancel it instead."""

    code = "not_deletable"


class UnknownTask(Invalid):
    """There is no such task."""

    code = "unknown_task"
    field = "task_id"


class NobodysTask(Invalid):
    """One of the two must be the owner of this task."""

    code = "nobodys_task"
    field = "task_id"


class NotARange(Invalid):
    """The upper end may not be below the lower one."""

    code = "not_a_range"
    field = "price_max"
