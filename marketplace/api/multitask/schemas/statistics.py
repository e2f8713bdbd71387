"""Figures as MultiTask shows them."""

from typing import Annotated

import msgspec

from marketplace.domains.deals.public import OwnStatistics, Statistics

Count = Annotated[int, msgspec.Meta(examples=[0])]
Amount = Annotated[str, msgspec.Meta(examples=["0.00"], extra_json_schema={"format": "decimal"})]


class TaskStatistics(msgspec.Struct, kw_only=True, frozen=True):
    """The figures of all tasks."""

    total_tasks: Count
    open_tasks: Count
    in_progress_tasks: Count
    completed_tasks: Count
    cancelled_tasks: Count
    total_applications: Count
    average_budget: Amount

    @classmethod
    def of(cls, statistics: Statistics) -> "TaskStatistics":
        """Everybody's figures."""
        tasks = statistics.tasks
        return cls(
            total_tasks=tasks.total,
            open_tasks=tasks.open,
            in_progress_tasks=tasks.in_progress,
            completed_tasks=tasks.completed,
            cancelled_tasks=tasks.cancelled,
            total_applications=statistics.applications,
            average_budget=str(statistics.average_price),
        )


class OwnTaskStatistics(msgspec.Struct, kw_only=True, frozen=True):
    """One's own figures: first as who posts tasks, then as who does them."""

    tasks_posted: Count
    open_tasks: Count
    in_progress_tasks: Count
    completed_tasks: Count
    cancelled_tasks: Count
    total_spent: Amount
    applications_sent: Count
    applications_accepted: Count
    tasks_assigned: Count
    tasks_delivered: Count
    average_rating: Annotated[float | None, msgspec.Meta(examples=[4.5])]
    reviews_count: Count
    total_earned: Amount

    @classmethod
    def of(cls, statistics: OwnStatistics) -> "OwnTaskStatistics":
        """One person's figures."""
        tasks = statistics.tasks
        return cls(
            tasks_posted=tasks.total,
            open_tasks=tasks.open,
            in_progress_tasks=tasks.in_progress,
            completed_tasks=tasks.completed,
            cancelled_tasks=tasks.cancelled,
            total_spent=str(statistics.spent),
            applications_sent=statistics.applications_sent,
            applications_accepted=statistics.applications_accepted,
            tasks_assigned=statistics.tasks_assigned,
            tasks_delivered=statistics.tasks_delivered,
            average_rating=statistics.average_rating,
            reviews_count=statistics.reviews,
            total_earned=str(statistics.earned),
        )
