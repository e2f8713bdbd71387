"""What others may ask of recommendations."""

from marketplace.domains.recommendations.service.recommend_freelancers import (
    RecommendedFreelancer,
    recommend_freelancers,
    recommend_freelancers_for_task,
)
from marketplace.domains.recommendations.service.recommend_tasks import RecommendedTask, recommend_tasks
from marketplace.domains.recommendations.service.refresh import refresh

__all__ = [
    "RecommendedFreelancer",
    "RecommendedTask",
    "recommend_freelancers",
    "recommend_freelancers_for_task",
    "recommend_tasks",
    "refresh",
]
