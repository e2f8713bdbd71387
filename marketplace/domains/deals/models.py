"""The tables of deals."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.deals.types import ContractStatus, Kind, Stage, Status
from marketplace.kernel.database import Base


def _one_of(column: str, values: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


_IS_COMPLETED = text("status = 'completed'")


class DealRow(Base):
    """A deal of any kind."""

    __tablename__ = "deals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    buyer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    seller_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    proposal: Mapped[str]
    price_minor: Mapped[int]
    price_max_minor: Mapped[int]
    currency: Mapped[str]
    days: Mapped[int | None]
    duration: Mapped[str] = mapped_column(server_default=text("''"))
    status: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), name="kind"),
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint("price_minor > 0", name="price"),
        CheckConstraint("price_max_minor >= price_minor", name="price_max"),
        CheckConstraint("buyer_id <> seller_id", name="two_sides"),
        Index(
            "uq_deals_one_application",
            "listing_id",
            "seller_id",
            unique=True,
            postgresql_where=text("kind = 'application'"),
        ),
        # Once theirs was cancelled or turned down, a freelancer may apply to a project anew.
        Index(
            "uq_deals_one_live_order",
            "listing_id",
            "seller_id",
            unique=True,
            postgresql_where=text(
                "kind = 'proposal_order' AND status IN ('pending', 'accepted', 'completed')"
            ),
        ),
        # A chosen application stays the one of its task, whatever comes of it; a project may choose anew.
        Index(
            "uq_deals_one_winner",
            "listing_id",
            unique=True,
            postgresql_where=text(
                "kind = 'application' AND status IN ('accepted', 'completed', 'cancelled')"
                " OR kind = 'proposal_order' AND status IN ('accepted', 'completed')"
            ),
        ),
        Index("ix_deals_listing", "listing_id", "id"),
        Index("ix_deals_buyer", "buyer_id", "id"),
        Index("ix_deals_seller", "seller_id", "id"),
        # Who did how much work for whom, and who did some last.
        Index("ix_deals_completed", "id", postgresql_where=_IS_COMPLETED),
        Index("ix_deals_completed_buyer", "buyer_id", "id", postgresql_where=_IS_COMPLETED),
        Index("ix_deals_completed_seller", "seller_id", "id", postgresql_where=_IS_COMPLETED),
    )


class ContractRow(Base):
    """What one side of a deal offers the other to agree on."""

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"), index=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    amount_minor: Mapped[int]
    currency: Mapped[str]
    deadline: Mapped[date | None]
    terms: Mapped[str]
    status: Mapped[str]
    stage: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(_one_of("status", ContractStatus), name="status"),
        CheckConstraint(_one_of("stage", Stage), name="stage"),
        CheckConstraint("amount_minor > 0", name="amount"),
        # Work begins with a yes, and a no ends it.
        CheckConstraint(
            "(stage = 'draft') = (status = 'pending')"
            " AND (stage = 'cancelled') = (status IN ('rejected', 'cancelled'))",
            name="stage_of_status",
        ),
    )


class ReviewRow(Base):
    """What one side of a deal says of the other."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"))
    reviewer_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reviewee_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    rating: Mapped[int]
    comment: Mapped[str]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("uq_reviews_deal_reviewer", "deal_id", "reviewer_id", unique=True),
        Index("ix_reviews_listing", "listing_id", "id"),
        Index("ix_reviews_reviewee", "reviewee_id", "id", postgresql_include=["rating"]),
        Index("ix_reviews_reviewer", "reviewer_id", "id"),
    )
