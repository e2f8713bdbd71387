"""By what people are found."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column(
            "search_text",
            sa.Text(),
            sa.Computed(
                "search_form(' ' || username || ' ' || first_name || ' ' || last_name || ' ')",
                persisted=True,
            ),
            nullable=False,
        ),
    )
    op.create_index(
        "ix_users_search",
        "users",
        ["search_text"],
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_index("ix_users_search", table_name="users")
    op.drop_column("users", "search_text")
