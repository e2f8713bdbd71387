"""The tables of the sandbox's twins, which production leaves empty."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "sandbox_objects",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("body", JSONB, nullable=False),
        sa.Column("hidden", JSONB, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("jsonb_typeof(body) = 'object'", name=op.f("ck_sandbox_objects_body")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_objects")),
    )
    op.create_index("ix_sandbox_objects_kind", "sandbox_objects", ["provider", "kind", "created_at"])
    op.create_table(
        "sandbox_answers",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("body", JSONB, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("provider", "account", "key", name=op.f("pk_sandbox_answers")),
    )
    op.create_table(
        "sandbox_faults",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "operation", name=op.f("pk_sandbox_faults")),
    )
    op.create_table(
        "sandbox_mails",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_sandbox_mails_message_id")),
    )
    op.create_index(
        "ix_sandbox_mails_recipient", "sandbox_mails", [sa.literal_column("lower(recipient)"), "id"]
    )


def downgrade() -> None:
    for table in ("sandbox_mails", "sandbox_faults", "sandbox_answers", "sandbox_objects"):
        op.drop_table(table)
