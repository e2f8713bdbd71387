"""The figures of tasks: of all, and of one person."""

from dataclasses import dataclass

from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import queries, rules
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.public import Counts
from marketplace.domains.payments import public as payments
from marketplace.kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """The figures of all tasks."""

    tasks: Counts
    applications: int
    average_price: Money


@dataclass(frozen=True, kw_only=True)
class OwnStatistics:
    """The figures of one person, as who posts tasks and as who does them."""

    tasks: Counts
    spent: Money
    applications_sent: int
    applications_accepted: int
    tasks_assigned: int
    tasks_delivered: int
    average_rating: float | None
    reviews: int
    earned: Money


def get_statistics(*, currency: str) -> Statistics:
    """How many tasks stand where, how many applications there are, and the average price in a currency."""
    tasks, average_price = listings.count_listings(currency)
    return Statistics(
        tasks=tasks, applications=sum(queries.count_deals().values()), average_price=average_price
    )


def get_own_statistics(*, actor: Person, currency: str) -> OwnStatistics:
    """What the actor posted, applied for, did, earned and spent."""
    sent = queries.count_deals(seller_id=actor.id)
    assigned = listings.count_assigned(actor.id)
    reviews, average_rating = queries.ratings_of(actor.id)
    wallet = payments.get_wallet(person_id=actor.id, currency=currency)
    return OwnStatistics(
        tasks=listings.count_of_owner(actor.id),
        spent=wallet.lifetime_spent,
        applications_sent=sum(sent.values()),
        applications_accepted=sum(sent.get(status, 0) for status in rules.STANDING),
        tasks_assigned=sum(assigned.values()),
        tasks_delivered=assigned.get(listings.Status.COMPLETED, 0),
        average_rating=average_rating,
        reviews=reviews,
        earned=wallet.lifetime_earnings,
    )
