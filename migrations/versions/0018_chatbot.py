"""Talks with the chatbot and what was said in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_sessions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("last_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('active', 'ended')", name=op.f("ck_chat_sessions_status")),
        sa.CheckConstraint("language IN ('en', 'fr', 'ar', 'hi')", name=op.f("ck_chat_sessions_language")),
        sa.CheckConstraint(
            "asked IN ('title', 'category', 'place', 'city', 'budget', 'deadline')",
            name=op.f("ck_chat_sessions_asked"),
        ),
        sa.CheckConstraint("last_seq >= 0", name=op.f("ck_chat_sessions_last_seq")),
        sa.CheckConstraint(
            "(status = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_chat_sessions_ended")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["users.id"], name=op.f("fk_chat_sessions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_sessions")),
    )
    op.create_index(
        "ix_chat_sessions_latest", "chat_sessions", ["person_id", "updated_at", "id"], unique=False
    )
    op.create_table(
        "chat_messages",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reading", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("mode", sa.Text(), nullable=True),
        sa.Column("rating", sa.BigInteger(), nullable=True),
        sa.Column("feedback", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("author IN ('user', 'assistant')", name=op.f("ck_chat_messages_author")),
        sa.CheckConstraint("mode IN ('rules', 'llm')", name=op.f("ck_chat_messages_mode")),
        sa.CheckConstraint(
            "(author = 'user') = (reading IS NOT NULL)", name=op.f("ck_chat_messages_reading")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_chat_messages_rating")),
        sa.CheckConstraint("rating IS NULL OR author = 'assistant'", name=op.f("ck_chat_messages_rated")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_chat_messages_seq")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["chat_sessions.id"], name=op.f("fk_chat_messages_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_messages")),
        sa.UniqueConstraint("session_id", "seq", name=op.f("uq_chat_messages_session_id_seq")),
    )


def downgrade() -> None:
    op.drop_table("chat_messages")
    op.drop_table("chat_sessions")
