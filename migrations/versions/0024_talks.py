"""Rooms that close and are put away, messages with files and about things, reactions."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ATTACHED = "kind IN ('file', 'image', 'voice')"
NEWS = "kind IN ('payment', 'contract')"


def upgrade() -> None:
    op.add_column(
        "rooms", sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False)
    )
    op.add_column("memberships", sa.Column("archived_at", sa.DateTime(timezone=True)))
    op.add_column("messages", sa.Column("file_id", sa.BigInteger()))
    op.add_column("messages", sa.Column("about", sa.Text()))
    op.create_unique_constraint(op.f("uq_messages_file_id"), "messages", ["file_id"])
    op.create_foreign_key(op.f("fk_messages_file_id"), "messages", "files", ["file_id"], ["id"])
    op.create_index("ix_messages_about", "messages", ["about"], postgresql_where=sa.text("about IS NOT NULL"))
    op.drop_constraint(op.f("ck_messages_kind"), "messages")
    op.create_check_constraint(
        op.f("ck_messages_kind"),
        "messages",
        "kind IN ('text', 'file', 'image', 'voice', 'payment', 'contract')",
    )
    op.create_check_constraint(op.f("ck_messages_file"), "messages", f"(file_id IS NOT NULL) = ({ATTACHED})")
    op.create_check_constraint(op.f("ck_messages_about"), "messages", f"(about IS NOT NULL) = ({NEWS})")
    op.create_table(
        "reactions",
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_reactions_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_reactions_person_id")),
        sa.PrimaryKeyConstraint("message_id", "person_id", name=op.f("pk_reactions")),
    )
    op.create_index(op.f("ix_reactions_person_id"), "reactions", ["person_id"])


def downgrade() -> None:
    op.drop_table("reactions")
    for name in ("about", "file", "kind"):
        op.drop_constraint(op.f(f"ck_messages_{name}"), "messages")
    # the numbers of a room have no gaps: what it said in other ways stays as words
    op.execute(
        "UPDATE messages SET kind = 'text', body = coalesce(nullif(body, ''),"
        " (SELECT name FROM files WHERE id = file_id), kind)"
    )
    op.create_check_constraint(op.f("ck_messages_kind"), "messages", "kind IN ('text')")
    op.drop_column("messages", "about")
    op.drop_column("messages", "file_id")
    op.drop_column("memberships", "archived_at")
    op.drop_column("rooms", "is_active")
