"""What others may ask of listings."""

from marketplace.domains.listings.errors import NobodysTask, NotYourTask, TaskNotFound, UnknownTask
from marketplace.domains.listings.queries import (
    count_assigned,
    count_listings,
    count_of_owner,
    find_listing,
    find_listings,
    has_unfinished,
    list_categories,
    list_listings,
    list_saved,
    list_service_offerings,
    saved_among,
    unfinished_of,
)
from marketplace.domains.listings.rules import (
    FREELANCER,
    OWNER,
    TASK,
    is_completed,
    is_overdue,
    is_unfinished,
    words_of,
)
from marketplace.domains.listings.service.delete import delete_task
from marketplace.domains.listings.service.forget import forget_person
from marketplace.domains.listings.service.post import (
    count_deal,
    get_task,
    keep_task,
    lock_task,
    lock_tasks,
    move_task,
    post_task,
)
from marketplace.domains.listings.service.save import is_saved, save, unsave
from marketplace.domains.listings.service.talk import talk_about
from marketplace.domains.listings.service.update import update_task
from marketplace.domains.listings.types import (
    Changes,
    Counts,
    Draft,
    Filters,
    Listing,
    Order,
    Place,
    Status,
)

__all__ = [
    "FREELANCER",
    "OWNER",
    "TASK",
    "Changes",
    "Counts",
    "Draft",
    "Filters",
    "Listing",
    "NobodysTask",
    "NotYourTask",
    "Order",
    "Place",
    "Status",
    "TaskNotFound",
    "UnknownTask",
    "count_assigned",
    "count_deal",
    "count_listings",
    "count_of_owner",
    "delete_task",
    "find_listing",
    "find_listings",
    "forget_person",
    "get_task",
    "has_unfinished",
    "is_completed",
    "is_overdue",
    "is_saved",
    "is_unfinished",
    "keep_task",
    "list_categories",
    "list_listings",
    "list_saved",
    "list_service_offerings",
    "lock_task",
    "lock_tasks",
    "move_task",
    "post_task",
    "save",
    "saved_among",
    "talk_about",
    "unfinished_of",
    "unsave",
    "update_task",
    "words_of",
]
