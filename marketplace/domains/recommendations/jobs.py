"""What recommendations leaves to a worker: learning from what people do."""

from marketplace.domains.deals.events import ApplicationAccepted, ApplicationSubmitted
from marketplace.domains.listings.events import TaskSaved
from marketplace.domains.recommendations.service.describe_freelancers import describe_freelancers


def learn_from_deal(fact: ApplicationSubmitted | ApplicationAccepted) -> None:
    """Describe somebody anew who applied to a task or was chosen for it."""
    describe_freelancers([fact.freelancer_id])


def learn_from_saving(fact: TaskSaved) -> None:
    """Describe somebody anew who keeps an eye on a task."""
    describe_freelancers([fact.person_id])
