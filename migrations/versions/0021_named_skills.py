"""Skills that people name themselves, and web development as category 2."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Where the shipped catalogue ends and people begin.
FIRST_NAMED = 100_000
REFERRING = ("listings", "skills", "service_offerings")


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("named_skills", start=FIRST_NAMED)))
    op.add_column("skills", sa.Column("is_listed", sa.Boolean(), server_default="true", nullable=False))
    op.alter_column("skills", "is_listed", server_default=sa.text("false"))
    op.alter_column("skills", "id", server_default=sa.text("nextval('named_skills')"))
    op.drop_constraint("uq_skills_name", "skills")
    op.create_index("uq_skills_name", "skills", [sa.text("lower(name)")], unique=True)
    _exchange_categories()


def downgrade() -> None:
    _exchange_categories()
    op.drop_index("uq_skills_name", "skills")
    op.create_unique_constraint("uq_skills_name", "skills", ["name"])
    op.alter_column("skills", "id", server_default=None)
    op.drop_column("skills", "is_listed")
    op.execute("DROP SEQUENCE named_skills")


def _exchange_categories() -> None:
    """Let categories 2 and 11 have each other's number, wherever one is stored."""
    for table in REFERRING:
        rows = sa.table(table, sa.column("category_id", sa.Integer()))
        op.execute(
            sa.update(rows).where(rows.c.category_id.in_([2, 11])).values(category_id=13 - rows.c.category_id)
        )
    # who wants both needs no exchange
    op.execute(
        "UPDATE person_categories AS mine SET category_id = 13 - category_id WHERE category_id IN (2, 11)"
        " AND NOT EXISTS (SELECT FROM person_categories AS other WHERE other.person_id = mine.person_id"
        " AND other.category_id = 13 - mine.category_id)"
    )
    # the catalogue is loaded after every migration and names them anew
    op.execute("UPDATE categories SET slug = 'exchanged-' || id WHERE id IN (2, 11)")
