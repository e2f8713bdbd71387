"""People who have deleted their account, and notifications that do not keep the names of others."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CONSTRAINT = "ck_users_status"


def upgrade() -> None:
    _allow("inactive", "active", "suspended", "deleted")
    op.add_column("notifications", sa.Column("actor_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_notifications_actor_id"), "notifications", "users", ["actor_id"], ["id"])
    op.create_index(op.f("ix_notifications_actor_id"), "notifications", ["actor_id"], unique=False)


def downgrade() -> None:
    op.execute(
        """UPDATE notifications n
        SET message = coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username) || n.message
        FROM users u WHERE u.id = n.actor_id"""
    )
    op.drop_index(op.f("ix_notifications_actor_id"), table_name="notifications")
    op.drop_constraint(op.f("fk_notifications_actor_id"), "notifications", type_="foreignkey")
    op.drop_column("notifications", "actor_id")
    # Nothing of what is forgotten comes back: they stay barred.
    op.execute("UPDATE users SET status = 'suspended' WHERE status = 'deleted'")
    _allow("inactive", "active", "suspended")


def _allow(*statuses: str) -> None:
    op.drop_constraint(op.f(CONSTRAINT), "users")
    allowed = ", ".join(f"'{status}'" for status in statuses)
    op.create_check_constraint(op.f(CONSTRAINT), "users", f"status IN ({allowed})")
