"""`/api/recommendations/`: tasks and freelancers that fit, and what people say of themselves for that."""

from typing import Any

from marketplace.api.authentication import current_person, optionally_signed_in, signed_in
from marketplace.api.multitask.dialect import blueprint, page_of, page_request
from marketplace.api.multitask.schemas.recommendations import (
    IntroductionIn,
    OnboardedOut,
    OnboardingStatus,
    RecommendationPreferencesIn,
    RecommendationPreferencesOut,
    ServiceOfferingOut,
    SkillOut,
    SkillsIn,
    SkillsOut,
)
from marketplace.api.multitask.schemas.recommended import (
    FreelancerForTaskOut,
    RecommendedFreelancerOut,
    RecommendedTaskOut,
)
from marketplace.api.multitask.schemas.tasks import CategoryOut
from marketplace.api.paging import Paged
from marketplace.domains.accounts.errors import NoRoleLeft
from marketplace.domains.accounts.public import Role
from marketplace.domains.catalog import public as catalog
from marketplace.domains.catalog.errors import UnknownCategory, UnknownServiceOffering, UnknownSkill
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.errors import StillClient, StillFreelancer
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.errors import ListingNotFound, NotYourTask
from marketplace.domains.profiles import public as profiles
from marketplace.domains.profiles.errors import BudgetsCrossed
from marketplace.domains.profiles.public import Changes
from marketplace.domains.recommendations import public as recommender
from marketplace.kernel.pages import Page

recommendations = blueprint(
    "Recommendations", "recommendations", "Tasks and freelancers that fit; skills and preferences."
)


@recommendations.get("/tasks/")
@signed_in(Role.FREELANCER)
@recommendations.answers(200, Paged[RecommendedTaskOut])
def recommend_tasks() -> Page[RecommendedTaskOut]:
    """The open tasks that fit best, with how well and why."""
    page = recommender.recommend_tasks(actor=current_person(), page=page_request())
    return page_of(page, RecommendedTaskOut.of)


@recommendations.get("/freelancers/")
@signed_in(Role.CLIENT)
@recommendations.answers(200, Paged[RecommendedFreelancerOut])
def recommend_freelancers() -> Page[RecommendedFreelancerOut]:
    """The freelancers who fit best what one last posted, with how well and why."""
    page = recommender.recommend_freelancers(actor=current_person(), page=page_request())
    return page_of(page, RecommendedFreelancerOut.of)


@recommendations.get("/freelancers/<id:task_id>/")
@signed_in()
@recommendations.answers(200, Paged[FreelancerForTaskOut])
@recommendations.refuses(ListingNotFound, NotYourTask)
def recommend_freelancers_for_task(task_id: int) -> Page[FreelancerForTaskOut]:
    """The freelancers who fit one's own task best, with how well, why, and whether they have applied."""
    page = recommender.recommend_freelancers_for_task(
        actor=current_person(), task_id=task_id, page=page_request()
    )
    return page_of(page, FreelancerForTaskOut.of)


@recommendations.get("/preferences/")
@signed_in()
@recommendations.answers(200, RecommendationPreferencesOut)
def get_preferences() -> RecommendationPreferencesOut:
    """What one looks for."""
    return RecommendationPreferencesOut.of(profiles.get_preferences(person_id=current_person().id))


@recommendations.put("/preferences/")
@signed_in()
@recommendations.takes(RecommendationPreferencesIn)
@recommendations.answers(200, RecommendationPreferencesOut)
@recommendations.refuses(UnknownCategory, UnknownServiceOffering, BudgetsCrossed)
def change_preferences(changes: Changes) -> RecommendationPreferencesOut:
    """Change some of what one looks for; the rest stays."""
    preferences = profiles.change_preferences(actor=current_person(), changes=changes)
    return RecommendationPreferencesOut.of(preferences)


@recommendations.post("/onboarding/")
@signed_in()
@recommendations.takes(IntroductionIn)
@recommendations.answers(200, OnboardedOut)
@recommendations.refuses(
    UnknownSkill,
    UnknownCategory,
    UnknownServiceOffering,
    BudgetsCrossed,
    NoRoleLeft,
    StillClient,
    StillFreelancer,
)
def introduce(body: dict[str, Any]) -> OnboardedOut:
    """Introduce oneself: roles, skills and preferences in one go; it may be repeated."""
    return OnboardedOut.of(deals.introduce(actor=current_person(), **body))


@recommendations.get("/onboarding/status/")
@signed_in()
@recommendations.answers(200, OnboardingStatus)
def get_onboarding_status() -> OnboardingStatus:
    """Whether one has introduced oneself, and what is still missing."""
    return OnboardingStatus.of(profiles.get_introduction(person_id=current_person().id))


@recommendations.get("/service-offerings/")
@optionally_signed_in
@recommendations.answers(200, Paged[ServiceOfferingOut])
def list_service_offerings() -> Page[ServiceOfferingOut]:
    """The kinds of service, each with its category."""
    page = listings.list_service_offerings(page_request())
    return page_of(page, lambda offered: ServiceOfferingOut.of(*offered))


@recommendations.get("/categories/")
@optionally_signed_in
@recommendations.answers(200, Paged[CategoryOut])
def list_categories() -> Page[CategoryOut]:
    """The kinds of work, the same as those of tasks."""
    return page_of(listings.list_categories(page_request()), lambda counted: CategoryOut.of(*counted))


@recommendations.get("/skills/")
@optionally_signed_in
@recommendations.answers(200, Paged[SkillOut])
def list_skills() -> Page[SkillOut]:
    """The skills that there are to choose from."""
    return page_of(catalog.list_skills(page_request()), SkillOut.of)


@recommendations.get("/skills/my/")
@signed_in()
@recommendations.answers(200, Paged[SkillOut])
def list_own_skills() -> Page[SkillOut]:
    """What one is good at."""
    return page_of(profiles.list_skills(person_id=current_person().id, page=page_request()), SkillOut.of)


@recommendations.post("/skills/update/")
@signed_in()
@recommendations.takes(SkillsIn)
@recommendations.answers(200, SkillsOut)
@recommendations.refuses(UnknownSkill)
def replace_skills(skill_ids: list[int]) -> SkillsOut:
    """Say all that one is good at: what was said before and is left out is gone."""
    return SkillsOut.of(profiles.replace_skills(actor=current_person(), skill_ids=skill_ids))
