"""The tables of recommendations: what tasks and freelancers are about, as terms.

All of it is made from what other domains keep and may be made again at any time; who may be recommended is
asked of those domains, never of these tables.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, PrimaryKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.recommendations.types import Field, Source
from marketplace.kernel.database import Base


def _one_of(column: str, values: type[Field] | type[Source]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class DescribedTask(Base):
    """An open task whose terms are stored, and since when they are."""

    __tablename__ = "described_tasks"

    task_id: Mapped[int] = mapped_column(
        ForeignKey("listings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    described_at: Mapped[datetime]


class TaskTerm(Base):
    """A term of a described task: no foreign key says so, which would take longer than all else to write."""

    __tablename__ = "task_terms"

    field: Mapped[str]
    term: Mapped[str]
    task_id: Mapped[int]
    weight: Mapped[float] = mapped_column(Double)

    __table_args__ = (
        PrimaryKeyConstraint("task_id", "field", "term"),
        # the heaviest of a term are the first that are read
        Index(
            "ix_task_terms_best", "field", "term", "weight", "task_id", postgresql_where=text("weight > 0")
        ),
        CheckConstraint(_one_of("field", Field), name="field"),
    )


class DescribedFreelancer(Base):
    """A freelancer whose terms are stored, and since when they are; the oldest are made anew first."""

    __tablename__ = "described_freelancers"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    described_at: Mapped[datetime] = mapped_column(index=True)


class FreelancerTerm(Base):
    """A term of a freelancer."""

    __tablename__ = "freelancer_terms"

    field: Mapped[str]
    term: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("described_freelancers.person_id", ondelete="CASCADE"))
    source: Mapped[str]
    weight: Mapped[float] = mapped_column(Double)

    __table_args__ = (
        PrimaryKeyConstraint("person_id", "field", "term", "source"),
        Index("ix_freelancer_terms_best", "source", "field", "term", "weight", "person_id"),
        CheckConstraint(_one_of("field", Field), name="field"),
        CheckConstraint(_one_of("source", Source), name="source"),
    )


class TermCount(Base):
    """In how many open tasks a term stands; `''` counts the tasks themselves."""

    __tablename__ = "term_counts"

    field: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    tasks_count: Mapped[int]
