"""Since when a withdrawal stands as it does, and what the provider is no longer asked about."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PRIVILEGES = """
GRANT UPDATE (status_since, unanswered_at) ON withdrawals TO marketplace_app;
GRANT UPDATE (unanswered_at) ON holds TO marketplace_app;
"""


def upgrade() -> None:
    op.add_column(
        "withdrawals",
        sa.Column("status_since", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    # From now on the application says it; of what was there before nobody knows.
    op.alter_column("withdrawals", "status_since", server_default=None)
    for table in ("withdrawals", "holds"):
        op.add_column(table, sa.Column("unanswered_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_holds_unopened",
        "holds",
        ["id"],
        postgresql_where=sa.text("status = 'pending' AND provider_reference IS NULL"),
    )
    op.execute(PRIVILEGES)


def downgrade() -> None:
    op.drop_index(
        "ix_holds_unopened",
        table_name="holds",
        postgresql_where=sa.text("status = 'pending' AND provider_reference IS NULL"),
    )
    for table in ("holds", "withdrawals"):
        op.drop_column(table, "unanswered_at")
    op.drop_column("withdrawals", "status_since")
