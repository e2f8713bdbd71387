"""What recommendations leaves to a worker: learning from what people do."""

from marketplace.domains.deals.events import DealAccepted, DealOpened
from marketplace.domains.listings.events import ListingSaved
from marketplace.domains.recommendations.service.describe_freelancers import describe_freelancers


def learn_from_deal(fact: DealOpened | DealAccepted) -> None:
    """Describe somebody anew who applied to a task or was chosen for it."""
    describe_freelancers([fact.seller_id])


def learn_from_saving(fact: ListingSaved) -> None:
    """Describe somebody anew who keeps an eye on a listing."""
    describe_freelancers([fact.person_id])
