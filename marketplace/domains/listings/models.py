"""The tables of listings."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.domains.listings.types import Kind, Place, Status
from marketplace.kernel.database import Base


def _one_of(column: str, values: type[Kind] | type[Status] | type[Place]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class ListingRow(Base):
    """A listing of any kind."""

    __tablename__ = "listings"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str]
    description: Mapped[str]
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    price_minor: Mapped[int]
    price_max_minor: Mapped[int]
    currency: Mapped[str]
    place: Mapped[str]
    city: Mapped[str]
    address: Mapped[str]
    deadline: Mapped[date | None]
    days: Mapped[int | None]
    revisions: Mapped[int | None]
    scope: Mapped[str] = mapped_column(server_default=text("''"))
    is_urgent: Mapped[bool] = mapped_column(server_default=text("false"))
    is_featured: Mapped[bool] = mapped_column(server_default=text("false"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), unique=True)
    status: Mapped[str]
    deals_count: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    # Both are made by functions of the migration: the text in small letters without accents, and its words.
    search_text: Mapped[str] = mapped_column(
        Computed("search_form(title || ' ' || description)", persisted=True), deferred=True
    )
    search_words: Mapped[str] = mapped_column(
        TSVECTOR, Computed("search_words(title || ' ' || description)", persisted=True), deferred=True
    )

    __table_args__ = (
        CheckConstraint(_one_of("kind", Kind), name="kind"),
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint(_one_of("place", Place), name="place"),
        CheckConstraint("price_minor > 0", name="price"),
        CheckConstraint("price_max_minor >= price_minor", name="price_max"),
        CheckConstraint("days > 0", name="days"),
        CheckConstraint("revisions >= 0", name="revisions"),
        CheckConstraint(
            "(assignee_id IS NULL) = (status = 'open') OR status IN ('cancelled', 'deleted')", name="assignee"
        ),
        CheckConstraint("assignee_id <> owner_id", name="two_sides"),
        Index("ix_listings_owner", "owner_id", "id"),
        Index("ix_listings_assignee", "assignee_id", "id"),
        # With what the figures of all tasks need.
        Index(
            "ix_listings_status_created",
            "kind",
            "status",
            "created_at",
            "id",
            postgresql_include=["price_minor", "currency"],
        ),
        Index("ix_listings_created", "kind", "created_at", "id"),
        Index("ix_listings_price", "kind", "price_minor", "id"),
        Index("ix_listings_price_max", "kind", "price_max_minor", "id"),
        Index("ix_listings_category", "category_id", "kind", "status", "id"),
        Index(
            "ix_listings_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
        Index("ix_listings_words", "search_words", postgresql_using="gin"),
        Index("ix_listings_city", "city", postgresql_using="gin", postgresql_ops={"city": "gin_trgm_ops"}),
    )


class ListingSkill(Base):
    """A skill that a listing asks for or offers; `position` is the order in which its owner named them."""

    __tablename__ = "listing_skills"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skills.id"), primary_key=True, index=True)
    position: Mapped[int]


class KnownWord(Base):
    """A word that somebody used in a listing, for those who misspell it."""

    __tablename__ = "listing_words"

    word: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (
        Index(
            "ix_listing_words_alike",
            "word",
            postgresql_using="gin",
            postgresql_ops={"word": "gin_trgm_ops"},
        ),
    )


class OpenWord(Base):
    """That an open listing says a word, in the order of lists; triggers on `listings` keep it."""

    __tablename__ = "open_words"

    kind: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(primary_key=True)
    listing_id: Mapped[int] = mapped_column(primary_key=True)


class SavedListing(Base):
    """A listing that somebody keeps an eye on."""

    __tablename__ = "saved_listings"

    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listings.id"), primary_key=True, index=True)
    created_at: Mapped[datetime]
