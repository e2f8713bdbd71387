"""Codes of digits with a few tries, and newcomers who are led through a set-up."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "one_time_codes", sa.Column("tries", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    )
    op.add_column(
        "users", sa.Column("first_login", sa.Boolean, nullable=False, server_default=sa.text("true"))
    )


def downgrade() -> None:
    op.drop_column("users", "first_login")
    op.drop_column("one_time_codes", "tries")
