"""What others may ask of profiles."""

from marketplace.domains.profiles.queries import (
    cards_of,
    get_introduction,
    get_preferences,
    list_skills,
    preferences_of,
    skills_of,
)
from marketplace.domains.profiles.service.avatar import AvatarChange, receive_avatar, wear_avatar
from marketplace.domains.profiles.service.forget import forget_person
from marketplace.domains.profiles.service.introduce import Introduced, introduce
from marketplace.domains.profiles.service.portfolio import (
    ItemChanges,
    ItemView,
    add_item,
    change_item,
    get_item,
    list_items_of,
    list_own_items,
    remove_item,
)
from marketplace.domains.profiles.service.prefer import change_preferences
from marketplace.domains.profiles.service.skills import replace_skills
from marketplace.domains.profiles.types import (
    AccountType,
    Card,
    Changes,
    Introduction,
    Missing,
    Place,
    Preferences,
)

__all__ = [
    "AccountType",
    "AvatarChange",
    "Card",
    "Changes",
    "Introduced",
    "Introduction",
    "ItemChanges",
    "ItemView",
    "Missing",
    "Place",
    "Preferences",
    "add_item",
    "cards_of",
    "change_item",
    "change_preferences",
    "forget_person",
    "get_introduction",
    "get_item",
    "get_preferences",
    "introduce",
    "list_items_of",
    "list_own_items",
    "list_skills",
    "preferences_of",
    "receive_avatar",
    "remove_item",
    "replace_skills",
    "skills_of",
    "wear_avatar",
]
