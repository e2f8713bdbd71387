"""What others may ask of the catalogue."""

from marketplace.domains.catalog.errors import UnknownCategory, UnknownServiceOffering, UnknownSkill
from marketplace.domains.catalog.queries import (
    CATEGORIES,
    SKILLS,
    categories,
    categories_with,
    find_cities,
    find_city,
    find_service_offerings,
    find_skills,
    list_large_cities,
    list_service_offerings,
    list_skills,
    search_cities,
    skills,
)
from marketplace.domains.catalog.service.choose import (
    get_categories,
    get_category,
    get_service_offerings,
    get_skills,
)
from marketplace.domains.catalog.service.load import load
from marketplace.domains.catalog.service.name import name_skills
from marketplace.domains.catalog.service.suggest import suggest_cities
from marketplace.domains.catalog.types import Category, City, Contents, ServiceOffering, Skill

__all__ = [
    "CATEGORIES",
    "SKILLS",
    "Category",
    "City",
    "Contents",
    "ServiceOffering",
    "Skill",
    "UnknownCategory",
    "UnknownServiceOffering",
    "UnknownSkill",
    "categories",
    "categories_with",
    "find_cities",
    "find_city",
    "find_service_offerings",
    "find_skills",
    "get_categories",
    "get_category",
    "get_service_offerings",
    "get_skills",
    "list_large_cities",
    "list_service_offerings",
    "list_skills",
    "load",
    "name_skills",
    "search_cities",
    "skills",
    "suggest_cities",
]
