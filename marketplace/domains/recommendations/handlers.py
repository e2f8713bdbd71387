"""What recommendations does right after a fact."""

from marketplace.domains.accounts.events import AccountChanged, AccountDeleted
from marketplace.domains.deals.events import DealAccepted, TaskCancelled
from marketplace.domains.listings.events import ListingDeleted, ListingPosted, ListingUpdated
from marketplace.domains.profiles.events import PreferencesChanged, SkillsReplaced
from marketplace.domains.recommendations.service.describe_freelancers import describe_freelancers
from marketplace.domains.recommendations.service.describe_tasks import describe_tasks


def describe_listing(fact: ListingPosted | ListingUpdated | ListingDeleted | DealAccepted) -> None:
    """Describe a task that is new or says something else; forget one to which nobody may apply any more."""
    describe_tasks([fact.listing_id])


def forget_task(fact: TaskCancelled) -> None:
    """Forget a task to which nobody may apply any more."""
    describe_tasks([fact.task_id])


def describe_person(fact: AccountChanged | AccountDeleted | SkillsReplaced | PreferencesChanged) -> None:
    """Describe somebody anew who says something else of themselves, or is no freelancer any more."""
    describe_freelancers([fact.person_id])
