"""The tables of profiles."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.profiles.types import AccountType, Place
from marketplace.kernel.database import Base


class ProfileRow(Base):
    """What one person says of themselves; whoever changes what hangs on it locks it first."""

    __tablename__ = "profiles"

    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    cities: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    places: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    min_budget_minor: Mapped[int | None]
    max_budget_minor: Mapped[int | None]
    budget_currency: Mapped[str | None]
    introduced_at: Mapped[datetime | None]
    avatar_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), unique=True)
    # what the house has looked at; whether an address is proven, accounts know
    phone_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    id_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    video_verified: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (
        CheckConstraint(f"places <@ ARRAY[{', '.join(repr(str(place)) for place in Place)}]", name="places"),
        CheckConstraint("0 <= min_budget_minor", name="min_budget"),
        CheckConstraint("0 <= max_budget_minor", name="max_budget"),
        CheckConstraint("min_budget_minor <= max_budget_minor", name="budgets"),
        CheckConstraint(
            "(budget_currency IS NULL) = (min_budget_minor IS NULL AND max_budget_minor IS NULL)",
            name="currency",
        ),
    )


class PersonSkill(Base):
    """Something that a person is good at; `place` is where they named it."""

    __tablename__ = "person_skills"

    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)
    place: Mapped[int] = mapped_column(server_default=text("0"))


class PersonCategory(Base):
    """A kind of work that a person looks for."""

    __tablename__ = "person_categories"

    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), primary_key=True, index=True)


class PersonOffering(Base):
    """A kind of service that a person offers."""

    __tablename__ = "person_offerings"

    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"), primary_key=True)
    offering_id: Mapped[int] = mapped_column(ForeignKey("service_offerings.id"), primary_key=True, index=True)


class PortfolioItem(Base):
    """Something that a person shows of their work."""

    __tablename__ = "portfolio_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"))
    title: Mapped[str]
    description: Mapped[str]
    project_url: Mapped[str]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), unique=True)
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_portfolio_items_owner", "owner_id", "id"),)


class FreelancerRow(Base):
    """What a person says of themselves as somebody who works; `title` follows from their experiences."""

    __tablename__ = "freelancer_profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"), unique=True)
    title: Mapped[str] = mapped_column(server_default="")
    age: Mapped[int | None]
    is_available: Mapped[bool] = mapped_column(server_default=text("true"))
    github_url: Mapped[str | None]
    linkedin_url: Mapped[str | None]
    twitter_url: Mapped[str | None]
    facebook_url: Mapped[str | None]
    instagram_url: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("age BETWEEN 18 AND 100", name="age"),
        Index("ix_freelancer_profiles_created", "created_at", "id"),
    )


class EducationRow(Base):
    """Where a person learned something."""

    __tablename__ = "educations"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"))
    college: Mapped[str]
    degree: Mapped[str]
    start_year: Mapped[int]
    end_year: Mapped[int | None]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), unique=True)

    __table_args__ = (
        CheckConstraint("start_year <= end_year", name="years"),
        Index("ix_educations_person", "person_id", "id"),
    )


class ExperienceRow(Base):
    """What a person has worked as."""

    __tablename__ = "experiences"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"))
    role: Mapped[str]
    company: Mapped[str]
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    description: Mapped[str]
    is_ongoing: Mapped[bool]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), unique=True)

    __table_args__ = (
        CheckConstraint("start_date <= end_date AND NOT (is_ongoing AND end_date IS NOT NULL)", name="dates"),
        Index("ix_experiences_person", "person_id", "id"),
    )


class LanguageRow(Base):
    """A language that a person speaks."""

    __tablename__ = "spoken_languages"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"))
    name: Mapped[str]
    proficiency: Mapped[str]

    __table_args__ = (Index("ix_spoken_languages_person", "person_id", "id"),)


class ClientRow(Base):
    """What a person says of themselves as somebody who has work done."""

    __tablename__ = "client_profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"), unique=True)
    account_type: Mapped[str]
    company_name: Mapped[str]
    company_description: Mapped[str]
    industry: Mapped[str]
    company_size: Mapped[str]
    website: Mapped[str | None]
    project_types: Mapped[str]
    budget_range: Mapped[str]
    project_frequency: Mapped[str]
    preferred_communications: Mapped[str]
    working_hours: Mapped[str]
    business_goals: Mapped[str]
    current_challenges: Mapped[str]
    previous_experiences: Mapped[str]
    expected_timeline: Mapped[str]
    quality_importance: Mapped[str]
    payment_method: Mapped[str]
    payment_timing: Mapped[str]
    monthly_budget_minor: Mapped[int | None]
    project_budget_minor: Mapped[int | None]
    budget_currency: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            f"account_type IN ({', '.join(repr(str(kind)) for kind in AccountType)})", name="account_type"
        ),
        CheckConstraint("account_type <> 'business' OR company_name <> ''", name="company_name"),
        CheckConstraint("0 <= monthly_budget_minor AND 0 <= project_budget_minor", name="budgets"),
        CheckConstraint(
            "(budget_currency IS NULL) = (monthly_budget_minor IS NULL AND project_budget_minor IS NULL)",
            name="currency",
        ),
        Index("ix_client_profiles_created", "created_at", "id"),
    )
