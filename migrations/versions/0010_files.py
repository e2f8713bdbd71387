"""Files."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("width", sa.BigInteger(), nullable=False),
        sa.Column("height", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("thumbnail_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('avatar', 'portfolio', 'attachment')", name=op.f("ck_files_purpose")),
        sa.CheckConstraint("visibility IN ('public', 'private')", name=op.f("ck_files_visibility")),
        sa.CheckConstraint("size > 0 AND width > 0 AND height > 0", name=op.f("ck_files_measures")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_files_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_files_public_id")),
        sa.UniqueConstraint("key", name=op.f("uq_files_key")),
        sa.UniqueConstraint("thumbnail_key", name=op.f("uq_files_thumbnail_key")),
    )
    op.create_index(op.f("ix_files_owner_id"), "files", ["owner_id"])


def downgrade() -> None:
    op.drop_table("files")
