"""Codes with which a password is reset."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CONSTRAINT = "ck_one_time_codes_purpose"


def upgrade() -> None:
    _allow("verify_email", "reset_password")


def downgrade() -> None:
    op.execute("DELETE FROM one_time_codes WHERE purpose = 'reset_password'")
    _allow("verify_email")


def _allow(*purposes: str) -> None:
    op.drop_constraint(op.f(CONSTRAINT), "one_time_codes")
    allowed = ", ".join(f"'{purpose}'" for purpose in purposes)
    op.create_check_constraint(op.f(CONSTRAINT), "one_time_codes", f"purpose IN ({allowed})")
