"""The tables of recommendations: what tasks and freelancers are about, as terms.

All of it is made from what other domains keep and may be made again at any time; who may be recommended is
asked of those domains, never of these tables.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, Double, ForeignKey, PrimaryKeyConstraint
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
    """A term of an open task."""

    __tablename__ = "task_terms"

    field: Mapped[str]
    term: Mapped[str]
    task_id: Mapped[int] = mapped_column(
        ForeignKey("described_tasks.task_id", ondelete="CASCADE"), index=True
    )
    weight: Mapped[float] = mapped_column(Double)

    __table_args__ = (
        # what is asked for by a term is answered by its key alone
        PrimaryKeyConstraint("field", "term", "task_id", postgresql_include=["weight"]),
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
    person_id: Mapped[int] = mapped_column(
        ForeignKey("described_freelancers.person_id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str]
    weight: Mapped[float] = mapped_column(Double)

    __table_args__ = (
        PrimaryKeyConstraint("field", "term", "person_id", "source", postgresql_include=["weight"]),
        CheckConstraint(_one_of("field", Field), name="field"),
        CheckConstraint(_one_of("source", Source), name="source"),
    )


class TermCount(Base):
    """In how many open tasks a term stands; `''` counts the tasks themselves."""

    __tablename__ = "term_counts"

    field: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    tasks_count: Mapped[int]
