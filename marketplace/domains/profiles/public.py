"""What others may ask of profiles."""

from marketplace.domains.profiles.queries import (
    get_introduction,
    get_preferences,
    list_skills,
    preferences_of,
    skills_of,
)
from marketplace.domains.profiles.service.forget import forget_person
from marketplace.domains.profiles.service.introduce import Introduced, introduce
from marketplace.domains.profiles.service.prefer import change_preferences
from marketplace.domains.profiles.service.skills import replace_skills
from marketplace.domains.profiles.types import (
    Changes,
    Introduction,
    Missing,
    Place,
    Preferences,
)

__all__ = [
    "Changes",
    "Introduced",
    "Introduction",
    "Missing",
    "Place",
    "Preferences",
    "change_preferences",
    "forget_person",
    "get_introduction",
    "get_preferences",
    "introduce",
    "list_skills",
    "preferences_of",
    "replace_skills",
    "skills_of",
]
