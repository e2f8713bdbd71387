"""What the two sides say of each other."""

from marketplace.domains.accounts.public import Person
from marketplace.domains.deals import policy, queries
from marketplace.domains.deals.errors import AlreadyReviewed, NotCompleted, NotYourDeal
from marketplace.domains.deals.events import ReviewGiven
from marketplace.domains.deals.models import ReviewRow
from marketplace.domains.deals.service.views import ReviewView, view_reviews
from marketplace.domains.deals.types import Review, Side
from marketplace.domains.listings import public as listings
from marketplace.kernel.clock import clock
from marketplace.kernel.unit_of_work import unit_of_work


def review(*, actor: Person, task_id: int, rating: int, comment: str) -> ReviewView:
    """Review the other side of a completed task, once."""
    with unit_of_work() as unit:
        task = listings.lock_listing(task_id, listings.Kind.TASK)
        side = policy.side_of(actor.id, task)
        if side is None:
            raise NotYourDeal
        deal = queries.find_chosen(task.id)
        if deal is None or not listings.is_completed(task):
            raise NotCompleted
        row = ReviewRow(
            deal_id=deal.id,
            listing_id=task.id,
            reviewer_id=actor.id,
            reviewee_id=deal.seller_id if side is Side.OWNER else deal.buyer_id,
            rating=rating,
            comment=comment,
            created_at=clock.now(),
        )
        unit.session.add(row)
        unit.flush({"uq_reviews_deal_reviewer": AlreadyReviewed})
        unit.record(
            ReviewGiven(
                review_id=row.id,
                task_id=task.id,
                title=task.title,
                reviewer_id=actor.id,
                reviewee_id=row.reviewee_id,
                rating=rating,
            )
        )
        said = Review(
            id=row.id,
            listing_id=row.listing_id,
            reviewer_id=row.reviewer_id,
            reviewee_id=row.reviewee_id,
            rating=row.rating,
            comment=row.comment,
            created_at=row.created_at,
        )
        return view_reviews([said])[0]
