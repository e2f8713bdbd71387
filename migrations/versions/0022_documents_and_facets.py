"""Files that are no pictures."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_documents()


def downgrade() -> None:
    remove_documents()


def add_documents() -> None:
    for column in ("width", "height", "thumbnail_key"):
        op.alter_column("files", column, nullable=True)
    op.create_check_constraint(
        op.f("ck_files_picture"), "files", "num_nulls(width, height, thumbnail_key) IN (0, 3)"
    )
    op.drop_constraint(op.f("ck_files_purpose"), "files")
    op.create_check_constraint(
        op.f("ck_files_purpose"),
        "files",
        "purpose IN ('avatar', 'portfolio', 'listing', 'certificate', 'attachment')",
    )


def remove_documents() -> None:
    # what cannot be said there is no file there; the sweep takes its blobs
    op.execute("DELETE FROM files WHERE thumbnail_key IS NULL OR purpose IN ('listing', 'certificate')")
    op.drop_constraint(op.f("ck_files_purpose"), "files")
    op.create_check_constraint(
        op.f("ck_files_purpose"), "files", "purpose IN ('avatar', 'portfolio', 'attachment')"
    )
    op.drop_constraint(op.f("ck_files_picture"), "files")
    for column in ("width", "height", "thumbnail_key"):
        op.alter_column("files", column, nullable=False)
