"""What others may ask of deals."""

from marketplace.domains.deals.queries import (
    applied_by,
    find_contradictions,
    hired_by,
    lately_at_work,
    parties_of,
    sellers_of,
    standings_of,
    works_of,
)
from marketplace.domains.deals.rules import DECISIONS
from marketplace.domains.deals.service.account import (
    change_account,
    delete_account,
    introduce,
)
from marketplace.domains.deals.service.apply import apply
from marketplace.domains.deals.service.decide import accept, cancel, complete, reject
from marketplace.domains.deals.service.delete import delete_offer, delete_task
from marketplace.domains.deals.service.escrow import fund, refund, release
from marketplace.domains.deals.service.offers import (
    OfferView,
    list_offers,
    list_own_offers,
    post_offer,
    update_offer,
)
from marketplace.domains.deals.service.orders import (
    OrderView,
    apply_to_project,
    decide_order,
    get_order,
    list_orders,
    order_gig,
)
from marketplace.domains.deals.service.people import PersonView, get_person, list_people, view_people
from marketplace.domains.deals.service.review import review
from marketplace.domains.deals.service.statistics import (
    OwnStatistics,
    Statistics,
    get_own_statistics,
    get_statistics,
)
from marketplace.domains.deals.service.views import (
    ApplicationView,
    ReviewView,
    TaskView,
    get_task,
    list_applications,
    list_my_applications,
    list_my_tasks,
    list_received_reviews,
    list_saved_tasks,
    list_task_reviews,
    list_tasks,
    post_task,
    update_task,
    view_tasks,
)
from marketplace.domains.deals.types import Deal, Involvement, Kind, Side, Standing, Status, Terms

__all__ = [
    "DECISIONS",
    "ApplicationView",
    "Deal",
    "Involvement",
    "Kind",
    "OfferView",
    "OrderView",
    "OwnStatistics",
    "PersonView",
    "ReviewView",
    "Side",
    "Standing",
    "Statistics",
    "Status",
    "TaskView",
    "Terms",
    "accept",
    "applied_by",
    "apply",
    "apply_to_project",
    "cancel",
    "change_account",
    "complete",
    "decide_order",
    "delete_account",
    "delete_offer",
    "delete_task",
    "find_contradictions",
    "fund",
    "get_order",
    "get_own_statistics",
    "get_person",
    "get_statistics",
    "get_task",
    "hired_by",
    "introduce",
    "lately_at_work",
    "list_applications",
    "list_my_applications",
    "list_my_tasks",
    "list_offers",
    "list_orders",
    "list_own_offers",
    "list_people",
    "list_received_reviews",
    "list_saved_tasks",
    "list_task_reviews",
    "list_tasks",
    "order_gig",
    "parties_of",
    "post_offer",
    "post_task",
    "refund",
    "reject",
    "release",
    "review",
    "sellers_of",
    "standings_of",
    "update_offer",
    "update_task",
    "view_people",
    "view_tasks",
    "works_of",
]
