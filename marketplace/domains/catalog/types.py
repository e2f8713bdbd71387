"""What the catalogue speaks of."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Category:
    """A kind of work."""

    id: int
    name: str
    slug: str
    description: str


@dataclass(frozen=True, kw_only=True)
class Skill:
    """Something that people are good at, and the category it mostly serves."""

    id: int
    name: str
    category_id: int | None


@dataclass(frozen=True, kw_only=True)
class ServiceOffering:
    """A kind of service that people ask for."""

    id: int
    name: str
    description: str
    category_id: int


@dataclass(frozen=True, kw_only=True)
class City:
    """A city; `region` is the code of its country's first division, the place is in degrees of WGS 84."""

    id: int
    name: str
    country: str
    country_code: str
    region: str
    latitude: float
    longitude: float
    population: int
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Named:
    """A city and what it is called: `forms` are its names as they are compared, its own the first."""

    name: str
    population: int
    forms: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """How much the catalogue holds."""

    categories: int
    skills: int
    service_offerings: int
    cities: int
