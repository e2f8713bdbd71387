"""What MultiTask recommends: tasks and freelancers, each with how well it fits and why."""

from typing import Annotated

import msgspec

from marketplace.api.multitask.dialect import Id
from marketplace.api.multitask.schemas.directory import PublicUser
from marketplace.api.multitask.schemas.people import Name
from marketplace.api.multitask.schemas.tasks import TaskOut
from marketplace.domains.recommendations.public import RecommendedFreelancer, RecommendedTask

Score = Annotated[float, msgspec.Meta(ge=0, le=1, examples=[0.91])]


class RecommendedTaskOut(msgspec.Struct, kw_only=True, frozen=True):
    """An open task that fits."""

    task_id: Id
    match_score: Score
    reason: Annotated[str, msgspec.Meta(examples=["Python + API integration history"])]
    task: TaskOut

    @classmethod
    def of(cls, recommended: RecommendedTask) -> "RecommendedTaskOut":
        """A recommended task."""
        return cls(
            task_id=recommended.task.listing.id,
            match_score=recommended.score,
            reason=recommended.reason,
            task=TaskOut.of(recommended.task),
        )


class RecommendedFreelancerOut(msgspec.Struct, kw_only=True, frozen=True):
    """A freelancer who fits."""

    user_id: Id
    username: Name
    match_score: Score
    reason: Annotated[str, msgspec.Meta(examples=["Python + rated 4.9 by 12"])]
    freelancer: PublicUser

    @classmethod
    def of(cls, recommended: RecommendedFreelancer) -> "RecommendedFreelancerOut":
        """A recommended freelancer."""
        account = recommended.freelancer.account
        return cls(
            user_id=account.id,
            username=account.username,
            match_score=recommended.score,
            reason=recommended.reason,
            freelancer=PublicUser.of(recommended.freelancer),
        )


class FreelancerForTaskOut(msgspec.Struct, kw_only=True, frozen=True):
    """A freelancer who fits a task, and whether they have applied to it."""

    user_id: Id
    username: Name
    match_score: Score
    reason: Annotated[str, msgspec.Meta(examples=["Python + rated 4.9 by 12"])]
    has_applied: bool
    freelancer: PublicUser

    @classmethod
    def of(cls, recommended: RecommendedFreelancer) -> "FreelancerForTaskOut":
        """A freelancer recommended for a task."""
        account = recommended.freelancer.account
        return cls(
            user_id=account.id,
            username=account.username,
            match_score=recommended.score,
            reason=recommended.reason,
            has_applied=recommended.has_applied,
            freelancer=PublicUser.of(recommended.freelancer),
        )
