"""Contracts of orders."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contracts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("maker_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_contracts_amount")),
        sa.CheckConstraint(
            "status IN ('pending', 'accepted', 'rejected', 'cancelled')", name=op.f("ck_contracts_status")
        ),
        sa.CheckConstraint(
            "stage IN ('draft', 'in_progress', 'submitted', 'completed', 'cancelled')",
            name=op.f("ck_contracts_stage"),
        ),
        sa.CheckConstraint(
            "(stage = 'draft') = (status = 'pending')"
            " AND (stage = 'cancelled') = (status IN ('rejected', 'cancelled'))",
            name=op.f("ck_contracts_stage_of_status"),
        ),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_contracts_deal_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["users.id"], name=op.f("fk_contracts_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
    )
    op.create_index(op.f("ix_contracts_deal_id"), "contracts", ["deal_id"])
    op.create_index(op.f("ix_contracts_maker_id"), "contracts", ["maker_id"])


def downgrade() -> None:
    op.drop_table("contracts")
