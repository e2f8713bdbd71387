"""What freelancers send about themselves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from marketplace.api.fields import Day, Flag, Identifier, NumberedFiles, Text, WebAddress
from marketplace.api.skillconnect.dialect import Input
from marketplace.api.skillconnect.schemas.members import MemberChangesIn, Words, account_of, picture_of
from marketplace.api.skillconnect.schemas.skills import SkillNames
from marketplace.domains.profiles.public import (
    MAX_ITEMS,
    EducationDraft,
    ExperienceDraft,
    FileChange,
    FreelancerChanges,
    FreelancerValues,
    ItemDraft,
    LanguageDraft,
)

MAX_ENTRIES = 50
LINKS = ("github_url", "linkedin_url", "twitter_url", "facebook_url", "instagram_url")
VALUES = ("age", "is_available")
_AND_SO_ON = "The file of the first entry; that of the second comes under the next number, and so on."


class EducationIn(Input):
    """Where somebody learned."""

    id = Identifier(allow_none=True)
    college = Text(most=200, required=True, metadata={"example": "MIT"})
    degree = Text(most=200, required=True, metadata={"example": "B.Tech Computer Science"})
    start_year = fields.Integer(strict=True, required=True, validate=validate.Range(1900, 2100))
    end_year = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1900, 2100))

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        """Refuse an end before the beginning."""
        if data.get("end_year") is not None and data["end_year"] < data["start_year"]:
            raise ValidationError({"end_year": ["The end year must not be before the start year."]})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> EducationDraft:
        """The entry that the domain knows."""
        return EducationDraft(**data)


class ExperienceIn(Input):
    """What somebody has worked as; what is ongoing has no end."""

    id = Identifier(allow_none=True)
    role = Text(most=200, required=True, metadata={"example": "Senior Developer"})
    company = Text(most=200, required=True, metadata={"example": "Tech Corp"})
    start_date = Day(required=True, metadata={"example": "2020-01-15"})
    end_date = Day(allow_none=True, metadata={"example": "2023-06-30"})
    description = Words(most=5000, metadata={"example": "Led backend development"})
    is_ongoing = Flag(data_key="ongoing")

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        """Refuse an end before the beginning."""
        end = None if data.get("is_ongoing") else data.get("end_date")
        if end is not None and end < data["start_date"]:
            raise ValidationError({"end_date": ["The end date must not be before the start date."]})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> ExperienceDraft:
        """The entry that the domain knows."""
        return ExperienceDraft(**data)


class LanguageIn(Input):
    """A language that somebody speaks."""

    name = Text(most=100, required=True, metadata={"example": "English"})
    proficiency = Words(most=50, metadata={"example": "Native"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> LanguageDraft:
        """The entry that the domain knows."""
        return LanguageDraft(**data)


class PortfolioIn(Input):
    """Something that somebody shows of their work."""

    title = Text(most=200, required=True, metadata={"example": "E-commerce Platform"})
    description = Words(most=5000, metadata={"example": "Built scalable marketplace"})
    project_link = WebAddress(blank=True, allow_none=True, metadata={"example": "https://github.com/johndoe"})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> ItemDraft:
        """The item that the domain knows."""
        link = data.pop("project_link", None)
        return ItemDraft(**data, project_url=link or "")


class SocialLinksIn(Input):
    """Where else somebody is found; what is left out stays, null takes it away."""

    github_url = WebAddress(blank=True, allow_none=True, metadata={"example": "https://github.com/johndoe"})
    linkedin_url = WebAddress(blank=True, allow_none=True)
    twitter_url = WebAddress(blank=True, allow_none=True)
    facebook_url = WebAddress(blank=True, allow_none=True)
    instagram_url = WebAddress(blank=True, allow_none=True)


class VerificationIn(Input):
    """What somebody says has been looked at; nobody is believed, and what has is shown."""

    email_verified = Flag()
    phone_verified = Flag()
    id_verified = Flag()
    video_verified = Flag()


class FreelancerChangesIn(MemberChangesIn):
    """What a freelancer changes: a list that is sent replaces that which is there, what is left out stays."""

    about = Words(most=2000, metadata={"example": "Full-stack developer with 5 years experience"})
    age = fields.Integer(
        strict=True, allow_none=True, validate=validate.Range(18, 100), metadata={"example": 28}
    )
    is_available = Flag(metadata={"example": True})
    skills_input = SkillNames(metadata={"example": [{"name": "Python"}, {"name": "Django"}]})
    educations_input = fields.List(fields.Nested(EducationIn), validate=validate.Length(max=MAX_ENTRIES))
    experiences_input = fields.List(fields.Nested(ExperienceIn), validate=validate.Length(max=MAX_ENTRIES))
    languages_input = fields.List(fields.Nested(LanguageIn), validate=validate.Length(max=MAX_ENTRIES))
    portfolios_input = fields.List(fields.Nested(PortfolioIn), validate=validate.Length(max=MAX_ITEMS))
    social_links_input = fields.Nested(SocialLinksIn)
    verification_input = fields.Nested(VerificationIn)
    education_certificate_0 = NumberedFiles(allow_none=True, metadata={"description": _AND_SO_ON})
    experience_certificate_0 = NumberedFiles(allow_none=True, metadata={"description": _AND_SO_ON})

    # what is meant by what is left out
    left_out: Mapping[str, Any] = {}

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a certificate of an entry that is not there."""
        beyond = {
            f"{kind}_certificate_{number}": [f"There is no entry {number} in {kind}s_input."]
            for kind in ("education", "experience")
            for number in data.get(f"{kind}_certificate_0", {})
            if number >= len(data.get(f"{kind}s_input", ()))
        }
        if beyond:
            raise ValidationError(beyond)

    @post_load
    def make(self, sent: dict[str, Any], **_: object) -> FreelancerChanges:
        """The changes that the domain knows."""
        data = {**self.left_out, **sent}
        links = {**self.left_out.get("social_links_input", {}), **data.get("social_links_input", {})}
        values = {name: data[name] for name in VALUES if name in data}
        values |= {name: link or None for name, link in links.items()}
        return FreelancerChanges(
            account=account_of(data),
            picture=picture_of(data),
            values=cast("FreelancerValues", values),
            skills=data.get("skills_input"),
            educations=_certified(data, "education"),
            experiences=_certified(data, "experience"),
            languages=data.get("languages_input"),
            portfolio=data.get("portfolios_input"),
        )


class FreelancerIn(FreelancerChangesIn):
    """A freelancer's profile."""

    first_name = Text(most=150, required=True, metadata={"example": "John"})
    last_name = Text(most=150, required=True, metadata={"example": "Doe"})
    skills_input = SkillNames(required=True, metadata={"example": [{"name": "Python"}, {"name": "Django"}]})


class FreelancerReplacementIn(FreelancerIn):
    """The whole of a freelancer's profile but its picture: what is left out is taken away."""

    left_out: Mapping[str, Any] = {
        **dict.fromkeys(("about", "country", "location"), ""),
        **dict.fromkeys(
            (f"{kind}_input" for kind in ("educations", "experiences", "languages", "portfolios")), ()
        ),
        "age": None,
        "is_available": True,
        "social_links_input": dict.fromkeys(LINKS),
    }


def _certified(data: Mapping[str, Any], kind: str) -> Any:
    """The entries of a list, each with the certificate that comes under its number."""
    entries, certificates = data.get(f"{kind}s_input"), data.get(f"{kind}_certificate_0", {})
    if entries is None:
        return None
    return [
        replace(entry, certificate=FileChange(upload=certificates[place])) if place in certificates else entry
        for place, entry in enumerate(entries)
    ]
