"""Gigs and projects beside tasks, and orders beside applications."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PLAIN_INDEXES = {
    "ix_listings_created": ["created_at", "id"],
    "ix_listings_price": ["price_minor", "id"],
    "ix_listings_category": ["category_id", "status", "id"],
}
INDEXES = {
    "ix_listings_created": ["kind", "created_at", "id"],
    "ix_listings_price": ["kind", "price_minor", "id"],
    "ix_listings_price_max": ["kind", "price_max_minor", "id"],
    "ix_listings_category": ["category_id", "kind", "status", "id"],
}
WITH_PRICE = ["price_minor", "currency"]
CHOSEN = "kind = 'application' AND status IN ('accepted', 'completed', 'cancelled')"
WINNER = f"{CHOSEN} OR kind = 'proposal_order' AND status IN ('accepted', 'completed')"
LIVE = "kind = 'proposal_order' AND status IN ('pending', 'accepted', 'completed')"
ORDINARY = (
    "'new_application', 'application_accepted', 'application_rejected', 'task_completed', 'task_cancelled',"
    " 'new_message', 'review_received', 'system'"
)
MONEY = "'payment_held', 'payment_released', 'payment_refunded', 'withdrawal_completed', 'withdrawal_failed'"
ORDERS = "'new_order', 'order_accepted', 'order_rejected', 'order_cancelled'"


def upgrade() -> None:
    _upgrade_listings()
    _upgrade_deals()
    _replace("notifications", "type", f"type IN ({ORDINARY}, {MONEY}, {ORDERS})")
    _replace("notification_preferences", "muted", f"muted <@ ARRAY[{ORDINARY}, {ORDERS}]")


def downgrade() -> None:
    # what only gigs and projects have has no place in the older tables
    op.execute("DELETE FROM notifications WHERE type LIKE '%order%'")
    op.execute(
        "UPDATE notification_preferences"
        " SET muted = ARRAY(SELECT kind FROM unnest(muted) AS kind WHERE kind NOT LIKE '%order%')"
    )
    _replace("notifications", "type", f"type IN ({ORDINARY}, {MONEY})")
    _replace("notification_preferences", "muted", f"muted <@ ARRAY[{ORDINARY}]")
    op.execute("DELETE FROM reviews WHERE deal_id IN (SELECT id FROM deals WHERE kind <> 'application')")
    op.execute("DELETE FROM deals WHERE kind <> 'application'")
    op.drop_table("listing_skills")
    op.execute("DELETE FROM listings WHERE kind <> 'task'")
    _downgrade_deals()
    _downgrade_listings()


def _upgrade_listings() -> None:
    _replace("listings", "kind", "kind IN ('task', 'gig', 'proposal')")
    op.add_column("listings", sa.Column("price_max_minor", sa.BigInteger(), nullable=True))
    op.execute("UPDATE listings SET price_max_minor = price_minor")
    op.alter_column("listings", "price_max_minor", nullable=False)
    for name in ("days", "revisions", "picture_id"):
        op.add_column("listings", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column("listings", sa.Column("scope", sa.Text(), server_default="", nullable=False))
    for name, default in (("is_urgent", "false"), ("is_featured", "false"), ("is_active", "true")):
        column = sa.Column(name, sa.Boolean(), server_default=sa.text(default), nullable=False)
        op.add_column("listings", column)
    op.create_check_constraint(op.f("ck_listings_price_max"), "listings", "price_max_minor >= price_minor")
    op.create_check_constraint(op.f("ck_listings_days"), "listings", "days > 0")
    op.create_check_constraint(op.f("ck_listings_revisions"), "listings", "revisions >= 0")
    op.create_foreign_key(op.f("fk_listings_picture_id"), "listings", "files", ["picture_id"], ["id"])
    op.create_unique_constraint(op.f("uq_listings_picture_id"), "listings", ["picture_id"])
    for name in PLAIN_INDEXES:
        op.drop_index(name, table_name="listings")
    for name, columns in INDEXES.items():
        op.create_index(name, "listings", columns)
    _index_statuses("kind", "status", "created_at", "id")
    op.create_table(
        "listing_skills",
        sa.Column("listing_id", sa.BigInteger(), nullable=False),
        sa.Column("skill_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_listing_skills_listing_id")),
        sa.ForeignKeyConstraint(["skill_id"], ["skills.id"], name=op.f("fk_listing_skills_skill_id")),
        sa.PrimaryKeyConstraint("listing_id", "skill_id", name=op.f("pk_listing_skills")),
    )
    op.create_index(op.f("ix_listing_skills_skill_id"), "listing_skills", ["skill_id"])


def _downgrade_listings() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="listings")
    for name, columns in PLAIN_INDEXES.items():
        op.create_index(name, "listings", columns)
    _index_statuses("status", "created_at", "id")
    op.drop_constraint(op.f("uq_listings_picture_id"), "listings")
    for name in ("revisions", "days", "price_max"):
        op.drop_constraint(op.f(f"ck_listings_{name}"), "listings")
    for name in ("price_max_minor", "days", "revisions", "picture_id", "scope"):
        op.drop_column("listings", name)
    for name in ("is_urgent", "is_featured", "is_active"):
        op.drop_column("listings", name)
    _replace("listings", "kind", "kind IN ('task')")


def _upgrade_deals() -> None:
    _replace("deals", "kind", "kind IN ('application', 'gig_order', 'proposal_order')")
    op.add_column("deals", sa.Column("title", sa.Text(), nullable=True))
    op.add_column("deals", sa.Column("price_max_minor", sa.BigInteger(), nullable=True))
    op.add_column("deals", sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE deals SET title = listings.title, price_max_minor = deals.price_minor,"
        " updated_at = coalesce(deals.decided_at, deals.created_at)"
        " FROM listings WHERE listings.id = deals.listing_id"
    )
    for name in ("title", "price_max_minor", "updated_at"):
        op.alter_column("deals", name, nullable=False)
    op.add_column("deals", sa.Column("days", sa.BigInteger(), nullable=True))
    op.alter_column("deals", "duration", server_default="")
    op.create_check_constraint(op.f("ck_deals_price_max"), "deals", "price_max_minor >= price_minor")
    op.create_index(
        "uq_deals_one_live_order",
        "deals",
        ["listing_id", "seller_id"],
        unique=True,
        postgresql_where=sa.text(LIVE),
    )
    _index_winners(WINNER)


def _downgrade_deals() -> None:
    _index_winners(CHOSEN)
    op.drop_index("uq_deals_one_live_order", table_name="deals")
    op.drop_constraint(op.f("ck_deals_price_max"), "deals")
    op.alter_column("deals", "duration", server_default=None)
    for name in ("title", "price_max_minor", "updated_at", "days"):
        op.drop_column("deals", name)
    _replace("deals", "kind", "kind IN ('application')")


def _index_statuses(*columns: str) -> None:
    op.drop_index("ix_listings_status_created", table_name="listings")
    op.create_index("ix_listings_status_created", "listings", list(columns), postgresql_include=WITH_PRICE)


def _index_winners(condition: str) -> None:
    op.drop_index("uq_deals_one_winner", table_name="deals")
    op.create_index(
        "uq_deals_one_winner", "deals", ["listing_id"], unique=True, postgresql_where=sa.text(condition)
    )


def _replace(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
