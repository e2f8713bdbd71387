"""Cards that people keep at the provider."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "payment_customers",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_payment_customers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_customers")),
        sa.UniqueConstraint("person_id", name=op.f("uq_payment_customers_person_id")),
        sa.UniqueConstraint("provider_reference", name=op.f("uq_payment_customers_provider_reference")),
    )
    op.create_table(
        "payment_methods",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_reference", sa.Text(), nullable=False),
        sa.Column("provider_reference", sa.Text(), nullable=True),
        sa.Column("brand", sa.Text(), server_default="", nullable=False),
        sa.Column("last4", sa.Text(), server_default="", nullable=False),
        sa.Column("exp_month", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("exp_year", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "provider_reference IS NOT NULL OR NOT is_default", name=op.f("ck_payment_methods_default")
        ),
        sa.CheckConstraint("last4 ~ '^[0-9]{0,4}$'", name=op.f("ck_payment_methods_last4")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_payment_methods_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_methods")),
        sa.UniqueConstraint("person_id", "asked_reference", name="uq_payment_methods_asked"),
        sa.UniqueConstraint("provider_reference", name=op.f("uq_payment_methods_provider_reference")),
    )
    op.create_index("ix_payment_methods_person", "payment_methods", ["person_id", "id"], unique=False)
    op.create_index(
        "uq_payment_methods_default",
        "payment_methods",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )


def downgrade() -> None:
    op.drop_table("payment_methods")
    op.drop_table("payment_customers")
