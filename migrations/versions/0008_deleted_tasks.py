"""Tasks that were deleted, and the applications that went with them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TASKS = "'open', 'in_progress', 'completed', 'cancelled'"
APPLICATIONS = "'pending', 'accepted', 'rejected', 'cancelled', 'completed'"


def upgrade() -> None:
    _replace("listings", "status", f"status IN ({TASKS}, 'deleted')")
    _replace(
        "listings",
        "assignee",
        "(assignee_id IS NULL) = (status = 'open') OR status IN ('cancelled', 'deleted')",
    )
    _replace("deals", "status", f"status IN ({APPLICATIONS}, 'removed')")
    op.create_index("ix_rooms_subject", "rooms", ["subject"], postgresql_where=sa.text("subject IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_rooms_subject", table_name="rooms")
    # There is no word for them any more; what they were before is not known.
    op.execute("UPDATE deals SET status = 'rejected' WHERE status = 'removed'")
    op.execute("UPDATE listings SET status = 'cancelled' WHERE status = 'deleted'")
    _replace("deals", "status", f"status IN ({APPLICATIONS})")
    _replace("listings", "assignee", "(assignee_id IS NULL) = (status = 'open') OR status = 'cancelled'")
    _replace("listings", "status", f"status IN ({TASKS})")


def _replace(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)
