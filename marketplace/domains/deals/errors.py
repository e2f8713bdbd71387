"""How deals refuses."""

from marketplace.kernel.errors import Conflict, Forbidden, NotFound


class ApplicationNotFound(NotFound):
    """Not found."""

    code = "application_not_found"


class OwnTask(Forbidden):
    """You cannot apply to your own task."""

    code = "own_task"


class AlreadyApplied(Conflict):
    """You have already applied to this task."""

    code = "already_applied"


class NotYourDeal(Forbidden):
    """You do not have permission to perform this action."""

    code = "not_your_deal"


class NotCompleted(Conflict):
    """A task can be reviewed once it is completed."""

    code = "not_completed"


class AlreadyReviewed(Conflict):
    """You have already reviewed this task."""

    code = "already_reviewed"
