"""How deals refuses."""

from marketplace.kernel.errors import WHOLE, Conflict, Forbidden, Invalid, NotFound


class ApplicationNotFound(NotFound):
    """Not found."""

    code = "application_not_found"


class OwnTask(Forbidden):
    """You cannot apply to your own task."""

    code = "own_task"


class AlreadyApplied(Conflict):
    """You have already applied to this task."""

    code = "already_applied"


class StillClient(Conflict):
    """You have tasks that are open or in progress: complete or cancel them first."""

    code = "still_client"


class StillFreelancer(Conflict):
    """You have applications that are undecided, or work in progress."""

    code = "still_freelancer"


class StillAtWork(Conflict):
    """Work of yours, or for you, is in progress: have it completed or cancelled first."""

    code = "still_at_work"


class NotYourDeal(Forbidden):
    """You do not have permission to perform this action."""

    code = "not_your_deal"


class PaidFor(Conflict):
    """A payment was made or prepared for this task: it is not deleted, it stays cancelled."""

    code = "paid_for"


class UnknownApplication(Invalid):
    """There is no such application."""

    code = "unknown_application"
    field = "application_id"


class NothingAccepted(Invalid):
    """No application to this task is accepted: accept one first, then pay."""

    code = "nothing_accepted"
    field = "task_id"


class NotTogether(Invalid):
    """This application is not to this task."""

    code = "not_together"
    field = "application_id"


class NotAccepted(Conflict):
    """Only an accepted application is paid for: accept it first, then pay."""

    code = "not_accepted"


class NotDue(Conflict):
    """The money of this task cannot be released any more."""

    code = "not_due"


class TooLateToRefund(Conflict):
    """The task is completed: release the money, or ask the freelancer to refund it."""

    code = "too_late_to_refund"


class NotCompleted(Conflict):
    """A task can be reviewed once it is completed."""

    code = "not_completed"


class AlreadyReviewed(Conflict):
    """You have already reviewed this task."""

    code = "already_reviewed"


class OwnOffer(Forbidden):
    """You cannot answer what you offer yourself."""

    code = "own_offer"


class OrderNotFound(NotFound):
    """Not found."""

    code = "order_not_found"


class GigNotOrderable(Invalid):
    """Service not found or not available."""

    code = "gig_not_orderable"
    field = "service_id"


class ProjectNotOpen(Invalid):
    """Proposal not found or not open."""

    code = "project_not_open"
    field = "proposal_id"


class UnknownDecision(Invalid):
    """Status must be one of ['accepted', 'rejected', 'cancelled']."""

    code = "unknown_decision"


class LiveOrder(Conflict):
    """You have already applied to this proposal."""

    code = "live_order"
    field = WHOLE


class UnknownOrder(Invalid):
    """Order not found."""

    code = "unknown_order"
    field = "order_id"


class OrderOver(Invalid):
    """This order was turned down or called off."""

    code = "order_over"
    field = "order_id"


class ContractNotFound(NotFound):
    """Not found."""

    code = "contract_not_found"


class TermsFrozen(Conflict):
    """The terms of a contract can be changed only while it is pending."""

    code = "terms_frozen"


class NotPendingAnyMore(Conflict):
    """Only a pending contract can be answered."""

    code = "not_pending_any_more"


class AlreadyDone(Conflict):
    """The work of this contract is done: it cannot be cancelled any more."""

    code = "already_done"


class AlreadyPaid(Conflict):
    """Money was paid for this contract: it cannot be cancelled any more."""

    code = "already_paid"


class ContractUnfit(Invalid):
    """Not a contract of this conversation's order that still stands."""

    code = "contract_unfit"
    field = "contract"
