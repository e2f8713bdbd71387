"""The tables of catalog, listings and deals."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("slug", name=op.f("uq_categories_slug")),
    )
    op.create_table(
        "listings",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("deals_count", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed("title || ' ' || description", persisted=True),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(assignee_id IS NULL) = (status = 'open') OR status = 'cancelled'",
            name=op.f("ck_listings_assignee"),
        ),
        sa.CheckConstraint("kind IN ('task')", name=op.f("ck_listings_kind")),
        sa.CheckConstraint("place IN ('physical', 'digital')", name=op.f("ck_listings_place")),
        sa.CheckConstraint(
            "status IN ('open', 'in_progress', 'completed', 'cancelled')", name=op.f("ck_listings_status")
        ),
        sa.CheckConstraint("assignee_id <> owner_id", name=op.f("ck_listings_two_sides")),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_listings_price")),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name=op.f("fk_listings_assignee_id")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_listings_category_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_listings_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
    )
    op.create_index("ix_listings_assignee", "listings", ["assignee_id", "id"], unique=False)
    op.create_index("ix_listings_category", "listings", ["category_id", "status", "id"], unique=False)
    op.create_index(
        "ix_listings_city",
        "listings",
        ["city"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"city": "gin_trgm_ops"},
    )
    op.create_index("ix_listings_created", "listings", ["created_at", "id"], unique=False)
    op.create_index("ix_listings_owner", "listings", ["owner_id", "id"], unique=False)
    op.create_index("ix_listings_price", "listings", ["price_minor", "id"], unique=False)
    op.create_index(
        "ix_listings_search",
        "listings",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_index("ix_listings_status_created", "listings", ["status", "created_at", "id"], unique=False)
    op.create_table(
        "deals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("seller_id", sa.BigInteger(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("duration", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('application')", name=op.f("ck_deals_kind")),
        sa.CheckConstraint(
            "status IN ('pending', 'accepted', 'rejected', 'cancelled', 'completed')",
            name=op.f("ck_deals_status"),
        ),
        sa.CheckConstraint("buyer_id <> seller_id", name=op.f("ck_deals_two_sides")),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_deals_price")),
        sa.ForeignKeyConstraint(["buyer_id"], ["users.id"], name=op.f("fk_deals_buyer_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_deals_listing_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["users.id"], name=op.f("fk_deals_seller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
    )
    op.create_index("ix_deals_buyer", "deals", ["buyer_id", "id"], unique=False)
    op.create_index("ix_deals_listing", "deals", ["listing_id", "id"], unique=False)
    op.create_index("ix_deals_seller", "deals", ["seller_id", "id"], unique=False)
    op.create_index(
        "uq_deals_one_application",
        "deals",
        ["listing_id", "seller_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'application'"),
    )
    op.create_index(
        "uq_deals_one_winner",
        "deals",
        ["listing_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'application' AND status IN ('accepted', 'completed', 'cancelled')"),
    )
    op.create_table(
        "saved_listings",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_saved_listings_listing_id")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_saved_listings_person_id")),
        sa.PrimaryKeyConstraint("person_id", "listing_id", name=op.f("pk_saved_listings")),
    )
    op.create_index(op.f("ix_saved_listings_listing_id"), "saved_listings", ["listing_id"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewer_id", sa.BigInteger(), nullable=False),
        sa.Column("reviewee_id", sa.BigInteger(), nullable=False),
        sa.Column("rating", sa.BigInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_rating")),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_reviews_deal_id")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_reviews_listing_id")),
        sa.ForeignKeyConstraint(["reviewee_id"], ["users.id"], name=op.f("fk_reviews_reviewee_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["users.id"], name=op.f("fk_reviews_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index("ix_reviews_listing", "reviews", ["listing_id", "id"], unique=False)
    op.create_index("ix_reviews_reviewee", "reviews", ["reviewee_id", "id"], unique=False)
    op.create_index("ix_reviews_reviewer", "reviews", ["reviewer_id", "id"], unique=False)
    op.create_index("uq_reviews_deal_reviewer", "reviews", ["deal_id", "reviewer_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_reviews_deal_reviewer", table_name="reviews")
    op.drop_index("ix_reviews_reviewer", table_name="reviews")
    op.drop_index("ix_reviews_reviewee", table_name="reviews")
    op.drop_index("ix_reviews_listing", table_name="reviews")
    op.drop_table("reviews")
    op.drop_index(op.f("ix_saved_listings_listing_id"), table_name="saved_listings")
    op.drop_table("saved_listings")
    op.drop_index(
        "uq_deals_one_winner",
        table_name="deals",
        postgresql_where=sa.text("kind = 'application' AND status IN ('accepted', 'completed', 'cancelled')"),
    )
    op.drop_index(
        "uq_deals_one_application", table_name="deals", postgresql_where=sa.text("kind = 'application'")
    )
    op.drop_index("ix_deals_seller", table_name="deals")
    op.drop_index("ix_deals_listing", table_name="deals")
    op.drop_index("ix_deals_buyer", table_name="deals")
    op.drop_table("deals")
    op.drop_index("ix_listings_status_created", table_name="listings")
    op.drop_index(
        "ix_listings_search",
        table_name="listings",
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.drop_index("ix_listings_price", table_name="listings")
    op.drop_index("ix_listings_owner", table_name="listings")
    op.drop_index("ix_listings_created", table_name="listings")
    op.drop_index(
        "ix_listings_city",
        table_name="listings",
        postgresql_using="gin",
        postgresql_ops={"city": "gin_trgm_ops"},
    )
    op.drop_index("ix_listings_category", table_name="listings")
    op.drop_index("ix_listings_assignee", table_name="listings")
    op.drop_table("listings")
    op.drop_table("categories")
