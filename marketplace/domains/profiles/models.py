"""The tables of profiles."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.profiles.types import Place
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
    """Something that a person is good at."""

    __tablename__ = "person_skills"

    person_id: Mapped[int] = mapped_column(ForeignKey("profiles.person_id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)


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
