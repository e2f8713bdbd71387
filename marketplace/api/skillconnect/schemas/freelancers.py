"""Freelancers as SkillConnect shows them, and how they are found."""

from datetime import date
from typing import Annotated, Any

import msgspec
from marshmallow import post_load

from marketplace.api.fields import Text
from marketplace.api.skillconnect.dialect import Id, Input, Timestamp, timestamp
from marketplace.api.skillconnect.schemas.members import Country, FirstName, LastName
from marketplace.api.skillconnect.schemas.people import City, Name, PicturePath, Title
from marketplace.api.skillconnect.schemas.skills import SkillOut
from marketplace.domains.accounts import public as accounts
from marketplace.domains.deals.public import Detailed, Listed
from marketplace.domains.files import public as files
from marketplace.domains.files.public import File
from marketplace.domains.profiles.public import (
    Education,
    Experience,
    Freelancer,
    FreelancerFilters,
    FreelancerProfile,
    Item,
    Language,
    Order,
)

About = Annotated[str, msgspec.Meta(examples=["Full-stack developer with 5 years experience"])]
Age = Annotated[int, msgspec.Meta(examples=[28])]
Rating = Annotated[float, msgspec.Meta(examples=[0], description="The average of the reviews, 0 without any")]
ReviewCount = Annotated[int, msgspec.Meta(examples=[0])]
Url = Annotated[str, msgspec.Meta(examples=["https://github.com/johndoe"])]
Year = Annotated[int, msgspec.Meta(examples=[2015])]
Day = Annotated[date, msgspec.Meta(examples=["2020-01-15"], extra_json_schema={"format": "date"})]
TRUTHS = {"true": True, "false": False}
ORDERS = {"created_at": Order.OLDEST, "-created_at": Order.NEWEST}


class EducationOut(msgspec.Struct, kw_only=True, frozen=True):
    """Where somebody learned."""

    id: Id
    college: Annotated[str, msgspec.Meta(examples=["MIT"])]
    degree: Annotated[str, msgspec.Meta(examples=["B.Tech Computer Science"])]
    start_year: Year
    end_year: Year | None
    certificate: PicturePath | None

    @classmethod
    def of(cls, entry: Education, certificate: File | None) -> "EducationOut":
        """An entry with its certificate."""
        return cls(
            id=entry.id,
            college=entry.college,
            degree=entry.degree,
            start_year=entry.start_year,
            end_year=entry.end_year,
            certificate=_path(certificate),
        )


class ExperienceOut(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody has worked as."""

    id: Id
    role: Title
    company: Annotated[str, msgspec.Meta(examples=["Tech Corp"])]
    start_date: Day
    end_date: Day | None
    description: Annotated[str, msgspec.Meta(examples=["Led backend development"])]
    ongoing: bool
    certificate: PicturePath | None

    @classmethod
    def of(cls, entry: Experience, certificate: File | None) -> "ExperienceOut":
        """An entry with its certificate."""
        return cls(
            id=entry.id,
            role=entry.role,
            company=entry.company,
            start_date=entry.start_date,
            end_date=entry.end_date,
            description=entry.description,
            ongoing=entry.is_ongoing,
            certificate=_path(certificate),
        )


class LanguageOut(msgspec.Struct, kw_only=True, frozen=True):
    """A language that somebody speaks."""

    id: Id
    name: Annotated[str, msgspec.Meta(examples=["English"])]
    proficiency: Annotated[str, msgspec.Meta(examples=["Native"])]

    @classmethod
    def of(cls, entry: Language) -> "LanguageOut":
        """An entry."""
        return cls(id=entry.id, name=entry.name, proficiency=entry.proficiency)


class PortfolioOut(msgspec.Struct, kw_only=True, frozen=True):
    """Something that somebody shows of their work."""

    id: Id
    title: Annotated[str, msgspec.Meta(examples=["E-commerce Platform"])]
    description: Annotated[str, msgspec.Meta(examples=["Built scalable marketplace"])]
    project_link: Url | None

    @classmethod
    def of(cls, item: Item) -> "PortfolioOut":
        """An item."""
        return cls(
            id=item.id,
            title=item.title,
            description=item.description,
            project_link=item.project_url or None,
        )


class SocialLinksOut(msgspec.Struct, kw_only=True, frozen=True):
    """Where else somebody is found."""

    github_url: Url | None
    linkedin_url: Url | None
    twitter_url: Url | None
    facebook_url: Url | None
    instagram_url: Url | None


class VerificationOut(msgspec.Struct, kw_only=True, frozen=True):
    """What the house has looked at."""

    email_verified: bool
    phone_verified: bool
    id_verified: bool
    video_verified: bool


class FreelancerOut(msgspec.Struct, kw_only=True, frozen=True):
    """A freelancer's profile as its owner sees it."""

    id: Id
    user: Id
    first_name: FirstName
    last_name: LastName
    profile_picture: PicturePath | None
    about: About
    age: Age | None
    country: Country
    location: City
    is_available: bool
    created_at: Timestamp
    updated_at: Timestamp
    skills_output: list[SkillOut]
    educations_output: list[EducationOut]
    experiences_output: list[ExperienceOut]
    languages_output: list[LanguageOut]
    portfolios_output: list[PortfolioOut]
    social_links_output: SocialLinksOut
    verification_output: VerificationOut

    @classmethod
    def of(cls, profile: FreelancerProfile) -> "FreelancerOut":
        """One's own profile."""
        return cls(**_shown(profile))


class FreelancerDetailOut(FreelancerOut, kw_only=True, frozen=True):
    """A freelancer's profile as everybody sees it."""

    name: Name
    title: Title
    rating: Rating
    review_count: ReviewCount

    @classmethod
    def of_anybody(cls, detailed: Detailed) -> "FreelancerDetailOut":
        """Somebody's profile, with what others say of them."""
        freelancer = detailed.profile.freelancer
        return cls(
            **_shown(detailed.profile),
            name=freelancer.name,
            title=freelancer.title,
            rating=detailed.rating,
            review_count=detailed.reviews,
        )


class FreelancerItemOut(msgspec.Struct, kw_only=True, frozen=True):
    """A freelancer in a list."""

    id: Id
    user: Id
    name: Name
    title: Title
    location: City
    rating: Rating
    review_count: ReviewCount
    is_available: bool
    skills: list[SkillOut]
    profile_picture: PicturePath | None
    about: About
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, listed: Listed) -> "FreelancerItemOut":
        """A freelancer in short."""
        freelancer = listed.freelancer
        return cls(
            id=freelancer.id,
            user=freelancer.person_id,
            name=freelancer.name,
            title=freelancer.title,
            location=freelancer.location,
            rating=listed.rating,
            review_count=listed.reviews,
            is_available=freelancer.is_available,
            skills=[SkillOut.of(skill) for skill in listed.skills],
            profile_picture=freelancer.picture,
            about=freelancer.about,
            created_at=timestamp(freelancer.created_at),
            updated_at=timestamp(freelancer.updated_at),
        )


def _shown(profile: FreelancerProfile) -> dict[str, Any]:
    freelancer, certificates = profile.freelancer, profile.certificates
    return {
        "id": freelancer.id,
        "user": freelancer.person_id,
        "first_name": freelancer.first_name,
        "last_name": freelancer.last_name,
        "profile_picture": freelancer.picture,
        "about": freelancer.about,
        "age": freelancer.age,
        "country": freelancer.country,
        "location": freelancer.location,
        "is_available": freelancer.is_available,
        "created_at": timestamp(freelancer.created_at),
        "updated_at": timestamp(freelancer.updated_at),
        "skills_output": [SkillOut.of(skill) for skill in profile.skills],
        "educations_output": [
            EducationOut.of(entry, certificates.get(entry.certificate_id or 0))
            for entry in profile.educations
        ],
        "experiences_output": [
            ExperienceOut.of(entry, certificates.get(entry.certificate_id or 0))
            for entry in profile.experiences
        ],
        "languages_output": [LanguageOut.of(entry) for entry in profile.languages],
        "portfolios_output": [PortfolioOut.of(item) for item in profile.portfolio],
        "social_links_output": _named(SocialLinksOut, freelancer),
        "verification_output": _named(VerificationOut, freelancer),
    }


def _named(kind: type[msgspec.Struct], freelancer: Freelancer) -> Any:
    return kind(**{name: getattr(freelancer, name) for name in kind.__struct_fields__})


def _path(file: File | None) -> str | None:
    return files.path_of(file) if file else None


class FreelancersQuery(Input):
    """Which freelancers are wanted; what makes no sense is not asked."""

    search = Text(most=200, blank=True, metadata={"description": "words that all occur"})
    location = Text(most=100, blank=True, metadata={"description": "a city"})
    skills__name = Text(most=100, blank=True, metadata={"description": "a skill"})
    is_available = Text(most=10, blank=True, metadata={"enum": list(TRUTHS)})
    ordering = Text(most=50, blank=True, metadata={"enum": list(ORDERS)})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> FreelancerFilters:
        """The filters that the domain knows."""
        return FreelancerFilters(
            words=accounts.words_of(data.get("search", "")),
            location=data.get("location") or None,
            skill=data.get("skills__name") or None,
            is_available=TRUTHS.get(data.get("is_available", "").lower()),
            order=ORDERS.get(data.get("ordering", ""), Order.NEWEST),
        )
