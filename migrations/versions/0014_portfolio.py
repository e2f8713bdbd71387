"""Portfolios, and the pictures beside people's names."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("profiles", sa.Column("avatar_file_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_profiles_avatar_file_id"), "profiles", "files", ["avatar_file_id"], ["id"])
    op.create_unique_constraint(op.f("uq_profiles_avatar_file_id"), "profiles", ["avatar_file_id"])
    op.create_table(
        "portfolio_items",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("project_url", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_portfolio_items_file_id")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["profiles.person_id"], name=op.f("fk_portfolio_items_owner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portfolio_items")),
        sa.UniqueConstraint("file_id", name=op.f("uq_portfolio_items_file_id")),
    )
    op.create_index("ix_portfolio_items_owner", "portfolio_items", ["owner_id", "id"])


def downgrade() -> None:
    op.drop_table("portfolio_items")
    op.drop_constraint(op.f("uq_profiles_avatar_file_id"), "profiles", type_="unique")
    op.drop_constraint(op.f("fk_profiles_avatar_file_id"), "profiles", type_="foreignkey")
    op.drop_column("profiles", "avatar_file_id")
